"""Entities, assertions and relations of texts, with the models in use.

Every distinct sentence goes through a model once: sentences of records repeat, within a month and
from admission to admission. Does not belong here: the models (`ner.py`, `relation.py`), the cue
rules (`assertion.py`), tables (`tables.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.corpus.sentences import split_section
from rakg_assets.extraction.assertion import AssertionRules
from rakg_assets.extraction.ner import NerModel, load_ner
from rakg_assets.extraction.prediction_cache import PredictionCache, Spans
from rakg_assets.extraction.relation import RelationModel, load_relation
from rakg_assets.extraction.shelf import Shelf

Progress = Callable[[int, int], None]
Span = tuple[int, int]
_BATCH = 256  # distinct sentences between two steps of the progress bar


@dataclass(frozen=True)
class Extractor:
    """The models in use together; `cache` None means that nothing is remembered."""

    ner: NerModel
    relation: RelationModel
    assertions: AssertionRules
    cache: PredictionCache | None = None

    @classmethod
    def load(cls, shelf: Shelf, dictionaries: Path, cache: Path | None = None) -> Extractor:
        """The models on the shelf. Raises `NoModelError` where one is missing."""
        ner = load_ner(shelf.folder("ner"))
        remembered = PredictionCache(cache, ner.version) if cache else None
        relation = load_relation(shelf.folder("relation"))
        return cls(ner, relation, AssertionRules.load(dictionaries), remembered)

    def entities(
        self,
        documents: Sequence[Document],
        sentences: Sequence[Sequence[Span]] | None = None,
        progress: Progress | None = None,
    ) -> list[Document]:
        """The documents with predicted entities and assertions in place of theirs.

        `sentences` are the spans (start, end) of each document, cut here unless given.
        """
        cuts = sentences or [split_section(d.text) for d in documents]
        pieces_of = [[_piece(d, *s) for s in c] for d, c in zip(documents, cuts, strict=True)]
        spans = self._spans([p for pieces in pieces_of for p in pieces], progress)
        annotated = []
        for document, pieces in zip(documents, pieces_of, strict=True):
            entities = tuple(_entities(document, pieces, spans))
            annotated.append(replace(document, entities=entities, relations=()))
        return [self.assertions.classify(document) for document in annotated]

    def relations(self, documents: Sequence[Document]) -> list[Document]:
        """The documents with relations predicted between their present entities."""
        pieces = [(i, *piece) for i, d in enumerate(documents) for piece in _with_entities(d)]
        predicted = self.relation.predict([piece for _, piece, _ in pieces])
        found: list[list[RelationMention]] = [[] for _ in documents]
        for (i, _, positions), relations in zip(pieces, predicted, strict=True):
            found[i] += [
                replace(r, head=positions[r.head], tail=positions[r.tail]) for r in relations
            ]
        return [replace(d, relations=tuple(r)) for d, r in zip(documents, found, strict=True)]

    def _spans(self, sentences: Sequence[Document], progress: Progress | None) -> dict[str, Spans]:
        """The spans of each distinct sentence, by key: from the cache, else from the model."""
        distinct = {_key(sentence): sentence for sentence in sentences}
        known = self.cache.get(distinct) if self.cache else {}
        todo = sorted(distinct.keys() - known.keys(), key=lambda k: (len(distinct[k].text), k))
        for start in range(0, len(todo), _BATCH):
            keys = todo[start : start + _BATCH]
            predictions = self.ner.predict([distinct[key] for key in keys])
            fresh = {
                key: [(e.start, e.end, e.label, e.score) for e in entities]
                for key, entities in zip(keys, predictions, strict=True)
            }
            if self.cache:
                self.cache.put(fresh)
            known |= fresh
            if progress:
                progress(min(start + _BATCH, len(todo)), len(todo))
        return known


def _piece(document: Document, start: int, end: int) -> Document:
    return replace(
        document, text=document.text[start:end], id=str(start), entities=(), relations=()
    )


def _key(sentence: Document) -> str:
    """Note and section belong to the key: the model reads the section's name too."""
    content = "\x1f".join((sentence.note, sentence.section, sentence.text))
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _entities(
    document: Document, pieces: Sequence[Document], spans: dict[str, Spans]
) -> Iterator[Entity]:
    for piece in pieces:
        offset = int(piece.id)
        for start, end, label, score in spans[_key(piece)]:
            first, last = offset + start, offset + end
            yield Entity(first, last, label, document.text[first:last], score=score)


def _with_entities(document: Document) -> Iterator[tuple[Document, list[int]]]:
    """Sentences with two entities or more, and where each entity stands in the document."""
    for start, end in split_section(document.text):
        positions = [
            i for i, e in enumerate(document.entities) if start <= e.start and e.end <= end
        ]
        if len(positions) > 1:
            shifted = tuple(
                replace(e, start=e.start - start, end=e.end - start)
                for e in (document.entities[i] for i in positions)
            )
            yield replace(_piece(document, start, end), entities=shifted), positions
