"""What every relation model does around its network: pairs as arrays, scores as relations.

Belongs here: what torch and ONNX Runtime share. Does not belong here: the networks
(`relation_network.py`, `onnx/relation.py`), which pairs there are (`pairs.py`), passes of many
pairs (`packing.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Self

import numpy as np

from rakg_assets.corpus.documents import Document, RelationMention
from rakg_assets.extraction.calibration import shares
from rakg_assets.extraction.marking import Writer
from rakg_assets.extraction.pairs import OTHER, Pair, candidate_pairs
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets.extraction.vocabulary import Characters, Vocabulary, padded

LEFT, HEAD, BETWEEN, TAIL, RIGHT = range(1, 6)
"""What a character is to the pair; 0 is padding."""

MOST_LABELS = 3
"""Of a pair: other and, for treatments, two relations."""

Scores = Callable[[Sequence[Pair]], np.ndarray]
"""From pairs to (pairs, labels), higher is likelier, the labels that the types forbid lowest."""

Pass = tuple[int, ...]
"""The pairs, by number, that a network reads with one text."""


@dataclass(frozen=True)
class PairReader:
    """All that turns documents into the inputs of a network that reads a text for every pair.

    `facts` is empty for a network that is told none. A batch of `size` has that many pairs.
    """

    characters: Characters
    cues: RelationCues
    facts: Sequence[Vocabulary]
    writer: Writer

    @classmethod
    def of(
        cls,
        config: Mapping[str, Any],
        characters: Characters,
        limit: int | None,
        cues: RelationCues,
        facts: Sequence[Vocabulary],
    ) -> Self:
        """As a config says; `limit` is the encoder's longest text, if any."""
        writer = cls.writing(config, limit, cues)
        return cls(characters, cues, facts, writer, **cls.more(config))

    @staticmethod
    def more(config: Mapping[str, Any]) -> dict[str, Any]:
        """What a config says of the fields that a kind of reader adds."""
        return {}

    @staticmethod
    def writing(config: Mapping[str, Any], limit: int | None, cues: RelationCues) -> Writer:
        """How pairs are written; `limit` is the encoder's longest text, if any.

        Folded for a network that starts from nothing, unless its config says otherwise, else as
        the texts are.
        """
        if config["encoder"] is None and config.get("folded", True):
            return Writer(config["window"], cues)
        return Writer(config["window"] if limit is None else min(config["window"], limit))

    @staticmethod
    def learnt_at_once(config: Mapping[str, Any]) -> int:
        """The size of a batch in training."""
        return config["batch_pairs"]

    @staticmethod
    def read_at_once() -> int:
        """The size of a batch in prediction: more do not go faster, not through a BERT either."""
        return 64

    def passes(self, pairs: Sequence[Pair]) -> list[Pass]:
        """Each pair by itself."""
        return [(number,) for number in range(len(pairs))]

    def width(self, pairs: Sequence[Pair]) -> int:
        """How long the pass of some pairs is."""
        return len(pairs[0].marked.text)

    def room(self, size: int, width: int) -> int:
        """How many passes of a width a batch holds."""
        return size

    def arrays(self, pairs: Sequence[Pair]) -> dict[str, np.ndarray]:
        """Pairs padded to the longest.

        `ids` and `roles` (pairs, length), and what `told` gives.
        """
        return {
            "ids": padded([self.characters.ids(pair.marked.text) for pair in pairs]),
            "roles": padded([_roles(pair) for pair in pairs]),
            **self.told(pairs),
        }

    def told(self, pairs: Sequence[Pair]) -> dict[str, np.ndarray]:
        """`facts` (pairs, columns), `allowed` (pairs, labels) true for what the types allow."""
        rows = [
            [v.id(fact) for v, fact in zip(self.facts, pair.facts, strict=bool(self.facts))]
            for pair in pairs
        ]
        return {
            "facts": np.array(rows, dtype=np.int64).reshape(len(pairs), len(self.facts)),
            "allowed": np.arange(MOST_LABELS) < np.array([[len(pair.labels)] for pair in pairs]),
        }

    def batches(
        self, pairs: Sequence[Pair], size: int, draw: Random | None = None
    ) -> list[list[Pair]]:
        """Pairs in passes of like width, as many as a batch of `size` has room for.

        In rising order; with `draw` in any, and in other company with every draw.
        """
        read = [[pairs[number] for number in numbers] for numbers in self.passes(pairs)]
        widths = [self.width(some) for some in read]
        loose = [width * draw.uniform(1, 1.3) if draw else width for width in widths]
        batches: list[list[Pair]] = []
        count = widest = 0
        for i in sorted(range(len(read)), key=loose.__getitem__):
            widest = max(widest, widths[i])
            if not batches or count >= self.room(size, widest):
                batches.append([])
                count, widest = 0, widths[i]
            batches[-1] += read[i]
            count += 1
        if draw:
            draw.shuffle(batches)
        return batches

    def relations(
        self, documents: Sequence[Document], scores: Scores, batch: int
    ) -> list[tuple[RelationMention, ...]]:
        """The relations of each document in order, from `scores` of batches of a size."""
        found: list[list[RelationMention]] = [[] for _ in documents]
        for some in self.batches(list(candidate_pairs(documents, self.writer)), batch):
            for pair, likely in zip(some, shares(scores(some)), strict=True):
                label, score = pair.labels[likely.argmax()], round(float(likely.max()), 4)
                if label != OTHER:
                    found[pair.document] += [
                        RelationMention(label, head, pair.tail, score) for head in pair.heads
                    ]
        return [tuple(sorted(m, key=lambda r: (r.head, r.tail, r.label))) for m in found]


def with_relations(
    documents: Sequence[Document], predictions: Sequence[Sequence[RelationMention]]
) -> list[Document]:
    """The documents with predicted relations in place of theirs."""
    return [
        replace(document, relations=tuple(relations))
        for document, relations in zip(documents, predictions, strict=True)
    ]


def right_labels(pairs: Iterable[Pair]) -> np.ndarray:
    """The number of each pair's right label: (pairs)."""
    return np.array([pair.labels.index(pair.label) for pair in pairs], dtype=np.int64)


def _roles(pair: Pair) -> list[int]:
    """What each character of a pair's text is to it; marks lie outside what they enclose."""
    marked = pair.marked
    first, second = sorted((marked.head, marked.tail))
    roles = [LEFT] * first[0] + [BETWEEN] * (second[1] - first[0])
    roles += [RIGHT] * (len(marked.text) - second[1])
    roles[slice(*marked.head)] = [HEAD] * (marked.head[1] - marked.head[0])
    roles[slice(*marked.tail)] = [TAIL] * (marked.tail[1] - marked.tail[0])
    return roles
