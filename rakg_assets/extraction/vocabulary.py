"""Symbols as integers: the vocabulary of one feature, and how a character is normalised.

Belongs here: numbering and normalisation of symbols, rows of numbers as an array. Does not belong
here: which symbols a character has (`features.py`) or their embeddings (`encoders/encoder.py`,
`ner_network.py`).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np

PADDING, UNKNOWN = 0, 1
_SAME_SIGN = {"。": ".", "“": '"', "”": '"', "‘": "'", "’": "'", "＊": "*"}


@lru_cache(maxsize=65_536)
def normal_form(character: str) -> str:
    """One character folded to one: half-width, lower case, ASCII punctuation, digits as 0.

    Notes mix full- and half-width signs at will; folding keeps a small training set from
    learning two of each. Characters whose NFKC form is longer than one stay as they are.
    """
    folded = unicodedata.normalize("NFKC", character).lower()
    folded = folded if len(folded) == 1 else character
    if folded.isdecimal():
        return "0"
    return _SAME_SIGN.get(folded, folded)


class Characters(Protocol):
    """What numbers characters: an encoder or its vocabulary."""

    def ids(self, text: str) -> list[int]:
        """One number a character."""


class Vocabulary:
    """Symbols numbered from 2; 0 is padding, 1 any symbol that is not known."""

    def __init__(self, symbols: Iterable[str]) -> None:
        self.symbols = tuple(symbols)
        self._ids = {symbol: number for number, symbol in enumerate(self.symbols, 2)}

    @classmethod
    def fit(cls, symbols: Iterable[str], minimum: int = 1) -> Vocabulary:
        """The symbols seen at least `minimum` times, in code point order."""
        counts = Counter(symbols)
        return cls(sorted(s for s, count in counts.items() if count >= minimum))

    def __len__(self) -> int:
        """The number of rows that an embedding of it needs."""
        return len(self.symbols) + 2

    def id(self, symbol: str) -> int:
        """The number of a symbol."""
        return self._ids.get(symbol, UNKNOWN)

    def ids(self, symbols: Iterable[str]) -> list[int]:
        """The numbers of symbols, one for one; a text counts as its normalised characters."""
        if isinstance(symbols, str):
            symbols = map(normal_form, symbols)
        return [self._ids.get(symbol, UNKNOWN) for symbol in symbols]


def padded(rows: Sequence[Sequence[int]]) -> np.ndarray:
    """(rows, longest), zeros at the ends."""
    array = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for number, row in enumerate(rows):
        array[number, : len(row)] = row
    return array
