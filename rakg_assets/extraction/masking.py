"""Texts as rows of characters, and the masks of masked language modelling.

Belongs here: packing, words by jieba, which characters are hidden and by what (BERT: 80 % by the
mask, 10 % by any token, 10 % by themselves; a word is hidden whole). Does not belong here: the
network or its training (`pretraining.py`).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from rakg_assets.extraction.encoder import BertEncoder
from rakg_assets.extraction.glyphs import word_tags

MASK_TOKENS = ("[MASK]", "<mask>")


@dataclass(frozen=True)
class Row:
    """Characters as token numbers; `words` are the spans that may be hidden, each as a whole."""

    ids: tuple[int, ...]
    words: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class MaskedBatch:
    """Rows as tensors (rows, length): what is read, where a character stands, what stood there.

    `hidden` is true where the model must tell `targets`.
    """

    ids: Tensor
    mask: Tensor
    hidden: Tensor
    targets: Tensor

    def to(self, device: torch.device) -> MaskedBatch:
        """The same on a device."""
        return MaskedBatch(**{name: value.to(device) for name, value in vars(self).items()})


@dataclass(frozen=True)
class Masker:
    """Hides a `share` of the characters of rows; `mask` and `tokens` are numbers of tokens."""

    share: float
    mask: int
    tokens: Sequence[int]

    def __call__(self, rows: Sequence[Row], draw: random.Random) -> MaskedBatch:
        """Rows, padded to the longest, with words hidden at random."""
        read = [list(row.ids) for row in rows]
        hidden = [[False] * len(row.ids) for row in rows]
        for ids, flags, row in zip(read, hidden, rows, strict=True):
            for start, end in self._chosen(row, draw):
                flags[start:end] = [True] * (end - start)
                ids[start:end] = self._replacement(row.ids[start:end], draw)
        lengths = torch.tensor([len(row.ids) for row in rows])
        ids = _padded(read)
        within = torch.arange(ids.shape[1]) < lengths[:, None]
        return MaskedBatch(ids, within, _padded(hidden), _padded([row.ids for row in rows]))

    def _chosen(self, row: Row, draw: random.Random) -> list[tuple[int, int]]:
        """Words in random order until the share is reached, one at least."""
        words = draw.sample(row.words, len(row.words))
        chosen, count = [], 0
        for word in words:
            if chosen and count >= self.share * len(row.ids):
                break
            chosen.append(word)
            count += word[1] - word[0]
        return chosen

    def _replacement(self, ids: Sequence[int], draw: random.Random) -> list[int]:
        fate = draw.random()
        if fate < 0.8:
            return [self.mask] * len(ids)
        return [draw.choice(self.tokens) for _ in ids] if fate < 0.9 else list(ids)


def pack(texts: Iterable[str], encoder: BertEncoder, length: int, unknown: int) -> list[Row]:
    """Rows of at most `length` characters, texts one after the other, long ones cut.

    Characters that read as `unknown` are in no word: there is nothing to learn of them.
    """
    rows: list[Row] = []
    ids: list[int] = []
    words: list[tuple[int, int]] = []
    for text in texts:
        for piece in (text[i : i + length] for i in range(0, len(text), length)):
            if ids and len(ids) + len(piece) > length:
                rows.append(Row(tuple(ids), tuple(words)))
                ids, words = [], []
            numbers, start = encoder.ids(piece), len(ids)
            words += [
                (start + first, start + last)
                for first, last in _words(piece)
                if unknown not in numbers[first:last]
            ]
            ids += numbers
    if ids:
        rows.append(Row(tuple(ids), tuple(words)))
    return [row for row in rows if row.words]


def _words(text: str) -> list[tuple[int, int]]:
    """The spans of words, blanks left out."""
    starts = [i for i, (boundary, _) in enumerate(word_tags(text)) if boundary in "BS"]
    return [(a, b) for a, b in pairwise([*starts, len(text)]) if not text[a:b].isspace()]


def _padded(rows: Sequence[Sequence[int]]) -> Tensor:
    tensors = [torch.tensor(row) for row in rows]
    return torch.nn.utils.rnn.pad_sequence(tensors, batch_first=True)
