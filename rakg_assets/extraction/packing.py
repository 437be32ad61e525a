"""All pairs of a sentence in one pass of an encoder: its text once, and markers for every pair.

Packed levitated markers after Ye et al. 2022 (PL-Marker, arXiv 2109.06067): four markers a pair
that stand where its entities begin and end. Belongs here: which pairs share a pass, as arrays;
no torch. Does not belong here: attention and layers (`packed_network.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rakg_assets.extraction.marking import PlainWriter
from rakg_assets.extraction.pairs import Pair
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets.extraction.relation_reading import PairReader, Pass
from rakg_assets.extraction.vocabulary import padded

MARKERS = 4
"""Of a pair: at the first and the last character of its heads, then of its tail."""

_SPECIAL = 2  # pieces around a text


@dataclass(frozen=True)
class PackedReader(PairReader):
    """Turns documents into the inputs of a network that reads a text once for all its pairs.

    A pass has at most `tokens` pieces, text and markers; a batch of `size` as many, its padding
    counted.
    """

    tokens: int = 512

    @staticmethod
    def more(config: Mapping[str, Any]) -> dict[str, Any]:
        """How much a pass takes."""
        return {"tokens": config["pass_tokens"]}

    @staticmethod
    def writing(config: Mapping[str, Any], limit: int | None, cues: RelationCues) -> PlainWriter:
        """Without marks, and as the texts are."""
        window = min(config["window"], config["pass_tokens"] - _SPECIAL - MARKERS)
        return PlainWriter(window if limit is None else min(window, limit))

    @staticmethod
    def learnt_at_once(config: Mapping[str, Any]) -> int:
        """The pieces of a batch in training."""
        return config["batch_tokens"]

    @staticmethod
    def read_at_once() -> int:
        """The pieces of a batch in prediction."""
        return 512

    def passes(self, pairs: Sequence[Pair]) -> list[Pass]:
        """Pairs with one text together, in several passes of like size if they are too many."""
        by_text: dict[str, list[int]] = {}
        for number, pair in enumerate(pairs):
            by_text.setdefault(pair.marked.text, []).append(number)
        return [
            tuple(part) for text, numbers in by_text.items() for part in self._parts(text, numbers)
        ]

    def _parts(self, text: str, numbers: list[int]) -> list[list[int]]:
        most = (self.tokens - _SPECIAL - len(text)) // MARKERS
        count = math.ceil(len(numbers) / most)
        return [numbers[part::count] for part in range(count)]

    def width(self, pairs: Sequence[Pair]) -> int:
        """The pieces of the pass of some pairs."""
        return _SPECIAL + len(pairs[0].marked.text) + MARKERS * len(pairs)

    def room(self, size: int, width: int) -> int:
        """How many passes of a width a batch holds."""
        return max(1, size // width)

    def arrays(self, pairs: Sequence[Pair]) -> dict[str, np.ndarray]:
        """Passes padded to the longest text and the most pairs.

        `ids` (passes, length), `lengths` of texts and `counts` of pairs (passes), `ends` (passes,
        most pairs, MARKERS) places in the text, both ends inside, `slots` (pairs) where each pair
        stands among the padded passes' pairs one after the other, and what `told` gives.
        """
        passes = self.passes(pairs)
        most = max(map(len, passes))
        ends = np.zeros((len(passes), most, MARKERS), dtype=np.int64)
        slots = np.zeros(len(pairs), dtype=np.int64)
        for row, numbers in enumerate(passes):
            for column, number in enumerate(numbers):
                ends[row, column] = _ends(pairs[number])
                slots[number] = row * most + column
        texts = [pairs[numbers[0]].marked.text for numbers in passes]
        return {
            "ids": padded([self.characters.ids(text) for text in texts]),
            "lengths": np.array([len(text) for text in texts], dtype=np.int64),
            "counts": np.array([len(numbers) for numbers in passes], dtype=np.int64),
            "ends": ends,
            "slots": slots,
            **self.told(pairs),
        }


def _ends(pair: Pair) -> tuple[int, int, int, int]:
    (first, behind), (start, end) = pair.marked.head, pair.marked.tail
    return first, behind - 1, start, end - 1
