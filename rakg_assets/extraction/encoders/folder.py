"""An encoder written as a folder that `load_encoder` reads, swapped in whole.

Belongs here: config.json, model.safetensors and vocab.txt. Does not belong here: how an encoder is
trained (`pretraining.py`) or made smaller (`pruning.py`), or how a folder is read (`encoder.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rakg_assets.extraction.artifacts import (
    CHECKPOINT,
    METRICS,
    plain_tensors,
    write_json,
    write_weights,
)
from rakg_assets.extraction.encoders.character_lm import CharacterLmEncoder
from rakg_assets.extraction.encoders.encoder import BertEncoder, EncoderError
from rakg_assets.ontology.files import others_in, write_folder, write_text

WEIGHTS, CARD = "model.safetensors", "README.md"
_OURS = {WEIGHTS, CARD, METRICS, "config.json", "vocab.txt", Path(CHECKPOINT).parts[0]}


def check_target(folder: Path) -> None:
    """Raise `EncoderError` if `folder` holds what is no encoder's: writing would remove it."""
    if others := others_in(folder, _OURS):
        raise EncoderError(f"{folder}: holds {others[0]}, which is no encoder's; name a new folder")


def write_encoder(
    folder: Path,
    encoder: BertEncoder | CharacterLmEncoder,
    half: bool = False,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Put the encoder, and `texts` by file name, in the place of `folder`.

    What the old folder held, a checkpoint included, is gone afterwards. With `half` weights are
    written as float16: half the size, and read as float32 all the same.
    """

    def fill(fresh: Path) -> None:
        weights = plain_tensors(encoder.backbone.state_dict())
        if half:
            weights = {n: t.half() if t.is_floating_point() else t for n, t in weights.items()}
        write_weights(fresh / WEIGHTS, weights, {"format": "pt"})
        # A token that holds a line feed would shift all that follow.
        lines = [f"[line {i}]" if "\n" in t else t for i, t in enumerate(encoder.tokens)]
        write_text(fresh / "vocab.txt", "\n".join(lines) + "\n")
        write_json(fresh / "config.json", encoder.to_json()["config"])
        for name, text in (texts or {}).items():
            write_text(fresh / name, text)

    write_folder(folder, fill)
