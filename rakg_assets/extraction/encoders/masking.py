"""Texts as rows of characters, and the masks of masked language modelling.

Belongs here: packing, what is hidden as a whole (words by jieba, terms of the dictionaries, spans
of any characters: MC-BERT's whole-word, whole-entity and whole-span masking, arXiv 2008.10813) and
by what (BERT: 80 % by the mask, 10 % by any token, 10 % by themselves). Does not belong here: the
network or its training (`pretraining.py`).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from rakg_assets.extraction.encoders.encoder import BertEncoder
from rakg_assets.extraction.glyphs import word_tags
from rakg_assets.extraction.lexicon import Lexicon

MASK_TOKENS = ("[MASK]", "<mask>")
# Lengths of spans, as SpanBERT draws them (geometric, arXiv 1907.10529).
_SPAN_END, _SPAN_LONGEST = 0.2, 10


@dataclass(frozen=True)
class Row:
    """Characters as token numbers; `words` are the spans that may be hidden, each as a whole."""

    ids: tuple[int, ...]
    words: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.ids)


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
    """Hides a `share` of the characters of rows; `mask` and `tokens` are numbers of tokens.

    In a share `spans` of the rows spans of any characters are hidden, in the others words.
    """

    share: float
    mask: int
    tokens: Sequence[int]
    spans: float = 0.0

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
        """Words or spans in random order until the share is reached, one at least."""
        units = _spans(row.words, draw) if draw.random() < self.spans else row.words
        chosen, count = [], 0
        for unit in draw.sample(units, len(units)):
            if chosen and count >= self.share * len(row.ids):
                break
            chosen.append(unit)
            count += unit[1] - unit[0]
        return chosen

    def _replacement(self, ids: Sequence[int], draw: random.Random) -> list[int]:
        fate = draw.random()
        if fate < 0.8:
            return [self.mask] * len(ids)
        return [draw.choice(self.tokens) for _ in ids] if fate < 0.9 else list(ids)


def pack(
    texts: Iterable[str],
    encoder: BertEncoder,
    length: int,
    unknown: int,
    lexicon: Lexicon | None = None,
) -> list[Row]:
    """Rows of at most `length` characters, texts one after the other, long ones cut.

    A term of the `lexicon` counts as one word. Characters that read as `unknown` are in no word:
    there is nothing to learn of them.
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
                for first, last in _words(piece, lexicon)
                if unknown not in numbers[first:last]
            ]
            ids += numbers
    if ids:
        rows.append(Row(tuple(ids), tuple(words)))
    return [row for row in rows if row.words]


def _words(text: str, lexicon: Lexicon | None) -> list[tuple[int, int]]:
    """The spans of words and terms, blanks left out."""
    starts = [i for i, (boundary, _) in enumerate(word_tags(text)) if boundary in "BS"]
    words = [(a, b) for a, b in pairwise([*starts, len(text)]) if not text[a:b].isspace()]
    return _whole_terms(words, lexicon.matches(text)) if lexicon else words


def _whole_terms(
    words: Sequence[tuple[int, int]], matches: Iterable[tuple[int, int, str]]
) -> list[tuple[int, int]]:
    """Words where no term stands, and the terms; the first and longest of those that overlap."""
    terms: list[tuple[int, int]] = []
    for start, end, _ in sorted(matches, key=lambda m: (m[0], -m[1])):
        if not terms or start >= terms[-1][1]:
            terms.append((start, end))
    taken = {place for start, end in terms for place in range(start, end)}
    return sorted([*terms, *(w for w in words if taken.isdisjoint(range(*w)))])


def _spans(words: Sequence[tuple[int, int]], draw: random.Random) -> list[tuple[int, int]]:
    """The stretches of words that touch, cut anew at random places."""
    spans: list[tuple[int, int]] = []
    for start, end in words:
        for place in range(start, end):
            first, last = spans[-1] if spans else (place, -1)
            grows = last == place and place - first < _SPAN_LONGEST
            if grows and draw.random() >= _SPAN_END:
                spans[-1] = (first, place + 1)
            else:
                spans.append((place, place + 1))
    return spans


def _padded(rows: Sequence[Sequence[int]]) -> Tensor:
    tensors = [torch.tensor(row) for row in rows]
    return torch.nn.utils.rnn.pad_sequence(tensors, batch_first=True)
