"""An encoder with some of its layers: faster and smaller, to be trained further.

Belongs here: which layers stay. Does not belong here: the further training (`pretraining.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from torch import nn

from rakg_assets.extraction.encoders.encoder import EncoderError
from rakg_assets.extraction.encoders.folder import check_target, write_encoder
from rakg_assets.extraction.encoders.start import load_bert


def evenly_spaced(count: int, keep: int) -> tuple[int, ...]:
    """Numbers of `keep` of `count` layers, the first and the last among them."""
    steps = max(1, keep - 1)
    return tuple(round(number * (count - 1) / steps) for number in range(keep))


def prune_encoder(
    source: Path, target: Path, layers: int | Sequence[int], half: bool = False
) -> tuple[int, ...]:
    """Write the encoder of a folder with some layers only; gives their numbers.

    `layers` is how many stay, evenly spaced, or which, from 0. Raises `EncoderError`.
    """
    check_target(target)
    encoder = load_bert(str(source))
    stack = getattr(getattr(encoder.backbone, "encoder", None), "layer", None)
    if not isinstance(stack, nn.ModuleList):
        raise EncoderError(f"{source}: its layers are not those of a BERT; name a BERT-like folder")
    count = len(stack)
    if isinstance(layers, int) and not 1 <= layers <= count:
        raise EncoderError(f"{source}: has {count} layers, cannot keep {layers}; keep 1 to {count}")
    kept = evenly_spaced(count, layers) if isinstance(layers, int) else tuple(layers)
    if not kept or list(kept) != sorted(set(kept)) or not 0 <= kept[0] <= kept[-1] < count:
        named = ", ".join(map(str, kept))
        raise EncoderError(
            f"{source}: cannot keep the layers {named}; name rising numbers from 0 to {count - 1}"
        )
    encoder.backbone.encoder.layer = nn.ModuleList(stack[number] for number in kept)
    encoder.backbone.config.num_hidden_layers = len(kept)
    write_encoder(target, encoder, half)
    return kept
