"""What every entity model does around its network: spans of paths, entities of documents.

Belongs here: what torch and ONNX Runtime share. Does not belong here: the networks and their
tensors (`ner.py`, `onnx/ner.py`), how texts are cut (`tagging.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.tagging import Segment, TagSet, by_length

ScoredSpan = tuple[int, int, str, float]


class SpanDecoder(Protocol):
    """A CRF, in torch or numpy."""

    def decode(self, emissions: Any, mask: Any) -> Sequence[Sequence[int]]:
        """The most likely legal tags of each text."""

    def span_probabilities(
        self, emissions: Any, mask: Any, spans: Sequence[Sequence[tuple[int, int, int]]]
    ) -> Sequence[Sequence[float]]:
        """The probability of each span (start, end, number of its B tag)."""


def scored_spans(
    tags: TagSet, crf: SpanDecoder, emissions: Any, mask: Any
) -> list[list[ScoredSpan]]:
    """For each text its entities (start, end, label, probability) in order.

    `emissions` is (batch, length, tags), `mask` (batch, length).
    """
    found = [tags.decode(path) for path in crf.decode(emissions, mask)]
    numbered = [[(s, e, tags.begin(label)) for s, e, label in spans] for spans in found]
    scores = crf.span_probabilities(emissions, mask, numbered)
    return [
        [(*span, round(score, 4)) for span, score in zip(spans, row, strict=True)]
        for spans, row in zip(found, scores, strict=True)
    ]


def read_entities(
    documents: Sequence[Document],
    pieces: Sequence[Segment],
    characters: int,
    spans: Callable[[Sequence[Segment]], list[list[ScoredSpan]]],
) -> list[list[Entity]]:
    """The entities of each document in order, from `spans` of batches of its pieces.

    A batch has at most `characters`, padding included.
    """
    found: list[list[Entity]] = [[] for _ in documents]
    for batch in by_length(pieces, characters):
        for piece, row in zip(batch, spans(batch), strict=True):
            text = documents[piece.document].text
            for start, end, label, score in row:
                first, last = piece.offset + start, piece.offset + end
                entity = Entity(first, last, label, text[first:last], score=score)
                found[piece.document].append(entity)
    return [sorted(entities, key=lambda e: e.start) for entities in found]


def with_entities(
    documents: Sequence[Document], predictions: Sequence[Sequence[Entity]]
) -> list[Document]:
    """The documents with predicted entities in place of theirs; relations are dropped."""
    return [
        replace(document, entities=tuple(entities), relations=())
        for document, entities in zip(documents, predictions, strict=True)
    ]
