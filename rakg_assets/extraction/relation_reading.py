"""What every relation model does around its network: pairs as arrays, scores as relations.

Belongs here: what torch and ONNX Runtime share. Does not belong here: the networks
(`relation_network.py`, `onnx/relation.py`), which pairs there are (`pairs.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from rakg_assets.corpus.documents import Document, RelationMention
from rakg_assets.extraction.marking import Writer
from rakg_assets.extraction.pairs import OTHER, Pair, candidate_pairs
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets.extraction.vocabulary import Vocabulary

LEFT, HEAD, BETWEEN, TAIL, RIGHT = range(1, 6)
"""What a character is to the pair; 0 is padding."""

MOST_LABELS = 3
"""Of a pair: other and, for treatments, two relations."""

Scores = Callable[[Sequence[Pair]], np.ndarray]
"""From pairs to (pairs, labels), higher is likelier, the labels that the types forbid lowest."""


class Characters(Protocol):
    """What numbers characters: an encoder or its vocabulary."""

    def ids(self, text: str) -> list[int]:
        """One number a character."""


@dataclass(frozen=True)
class PairReader:
    """All that turns documents into the inputs of a network."""

    characters: Characters
    cues: RelationCues
    facts: Sequence[Vocabulary]
    writer: Writer

    def arrays(self, pairs: Sequence[Pair]) -> dict[str, np.ndarray]:
        """Pairs padded to the longest.

        `ids` and `roles` (pairs, length), `facts` (pairs, columns), `allowed` (pairs, labels)
        true for the labels that the types allow.
        """
        facts = [[v.id(f) for v, f in zip(self.facts, p.facts, strict=True)] for p in pairs]
        return {
            "ids": _padded([self.characters.ids(pair.marked.text) for pair in pairs]),
            "roles": _padded([_roles(pair) for pair in pairs]),
            "facts": np.array(facts, dtype=np.int64),
            "allowed": np.arange(MOST_LABELS) < np.array([[len(pair.labels)] for pair in pairs]),
        }

    def relations(
        self, documents: Sequence[Document], scores: Scores, batch: int
    ) -> list[tuple[RelationMention, ...]]:
        """The relations of each document in order, from `scores` of at most `batch` pairs."""
        found: list[list[RelationMention]] = [[] for _ in documents]
        pairs = sorted(candidate_pairs(documents, self.writer), key=lambda p: len(p.marked.text))
        for start in range(0, len(pairs), batch):
            some = pairs[start : start + batch]
            for pair, shares in zip(some, _shares(scores(some)), strict=True):
                label, score = pair.labels[shares.argmax()], round(float(shares.max()), 4)
                if label != OTHER:
                    found[pair.document] += [
                        RelationMention(label, head, pair.tail, score) for head in pair.heads
                    ]
        return [tuple(sorted(m, key=lambda r: (r.head, r.tail, r.label))) for m in found]


def pair_writer(config: Mapping[str, Any], limit: int | None, cues: RelationCues) -> Writer:
    """How a model of this config writes pairs; `limit` is its encoder's longest text, if any.

    Folded for a network that starts from nothing, else as the texts are.
    """
    if config["encoder"] is None:
        return Writer(config["window"], cues)
    return Writer(config["window"] if limit is None else min(config["window"], limit))


def with_relations(
    documents: Sequence[Document], predictions: Sequence[Sequence[RelationMention]]
) -> list[Document]:
    """The documents with predicted relations in place of theirs."""
    return [
        replace(document, relations=tuple(relations))
        for document, relations in zip(documents, predictions, strict=True)
    ]


def _roles(pair: Pair) -> list[int]:
    """What each character of a pair's text is to it; marks lie outside what they enclose."""
    marked = pair.marked
    first, second = sorted((marked.head, marked.tail))
    roles = [LEFT] * first[0] + [BETWEEN] * (second[1] - first[0])
    roles += [RIGHT] * (len(marked.text) - second[1])
    roles[slice(*marked.head)] = [HEAD] * (marked.head[1] - marked.head[0])
    roles[slice(*marked.tail)] = [TAIL] * (marked.tail[1] - marked.tail[0])
    return roles


def _padded(rows: Sequence[Sequence[int]]) -> np.ndarray:
    """(rows, longest), zeros at the ends."""
    padded = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    for number, row in enumerate(rows):
        padded[number, : len(row)] = row
    return padded


def _shares(scores: np.ndarray) -> np.ndarray:
    """Softmax over the labels of each pair."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)
