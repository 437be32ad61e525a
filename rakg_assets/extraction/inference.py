"""Entities, assertions and relations of texts, with the models in use.

Every distinct sentence goes through a model once: sentences of records repeat, within a month and
from admission to admission. Does not belong here: the models (`ner.py`, `relation.py`), the cue
rules (`assertion.py`), tables (`predictions.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.corpus.sentences import split_section
from rakg_assets.extraction.artifacts import ModelError, read_part
from rakg_assets.extraction.assertion import AssertionRules
from rakg_assets.extraction.extras import training_packages
from rakg_assets.extraction.onnx.ner import load_onnx_ner
from rakg_assets.extraction.onnx.relation import load_onnx_relation
from rakg_assets.extraction.onnx.session import has_onnx
from rakg_assets.extraction.prediction_cache import PredictionCache, Rows
from rakg_assets.extraction.shelf import Shelf

Progress = Callable[[int, int], None]
Span = tuple[int, int]
_BATCH = 256  # distinct sentences between two steps of the progress bar


class EntityModel(Protocol):
    """What finds entities: `NerModel` or `OnnxNer`."""

    @property
    def version(self) -> str:
        """Changes with all that predictions depend on."""

    def predict(self, documents: Sequence[Document]) -> list[list[Entity]]:
        """The entities of each document, in order."""


class LinkModel(Protocol):
    """What finds relations between given entities: `RelationModel` or `OnnxRelation`."""

    @property
    def version(self) -> str:
        """Changes with all that predictions depend on."""

    def predict(self, documents: Sequence[Document]) -> Sequence[Sequence[RelationMention]]:
        """The relations of each document."""


@dataclass(frozen=True)
class Extractor:
    """The models in use together; a cache that is None means that nothing is remembered."""

    ner: EntityModel
    relation: LinkModel
    assertions: AssertionRules
    ner_cache: PredictionCache | None = None
    relation_cache: PredictionCache | None = None

    @classmethod
    def load(cls, shelf: Shelf, dictionaries: Path, cache: Path | None = None) -> Extractor:
        """The models on the shelf. Raises `NoModelError` where one is missing."""
        ner, relation = _ner(shelf.folder("ner")), _relation(shelf.folder("relation"))
        assertions = AssertionRules.load(dictionaries)
        if cache is None:
            return cls(ner, relation, assertions)
        caches = [PredictionCache(cache, model.version) for model in (ner, relation)]
        return cls(ner, relation, assertions, *caches)

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
        pieces = [
            _Piece.of_span(i, documents[i], span) for i, spans in enumerate(cuts) for span in spans
        ]
        entities: list[list[Entity]] = [[] for _ in documents]
        for piece, spans in _predicted(pieces, self._spans, self.ner_cache, progress):
            text = documents[piece.document].text
            entities[piece.document] += _moved(spans, piece.start, text)
        return [
            self.assertions.classify(replace(d, entities=tuple(found), relations=()))
            for d, found in zip(documents, entities, strict=True)
        ]

    def relations(
        self, documents: Sequence[Document], progress: Progress | None = None
    ) -> list[Document]:
        """The documents with relations predicted between their present entities.

        A relation's score is the probability that it holds and that both its entities are right.
        """
        pieces = [piece for i, d in enumerate(documents) for piece in _pieces_with_entities(i, d)]
        found: list[list[RelationMention]] = [[] for _ in documents]
        for piece, rows in _predicted(pieces, self._links, self.relation_cache, progress):
            found[piece.document] += [piece.relation(row) for row in rows]
        return [
            replace(d, relations=tuple(sorted(r, key=lambda r: (r.head, r.tail, r.label))))
            for d, r in zip(documents, found, strict=True)
        ]

    def extract(self, documents: Sequence[Document]) -> list[Document]:
        """The documents with entities, assertions and relations predicted."""
        return self.relations(self.entities(documents))

    def _spans(self, sentences: Sequence[Document]) -> list[Rows]:
        predicted = self.ner.predict(sentences)
        return [[(e.start, e.end, e.label, e.score) for e in found] for found in predicted]

    def _links(self, sentences: Sequence[Document]) -> list[Rows]:
        predicted = self.relation.predict(sentences)
        return [[(r.label, r.head, r.tail, r.score) for r in found] for found in predicted]


def put_in_use(shelf: Shelf, folder: Path) -> tuple[str, Path]:
    """Put a model that was made elsewhere in use in a home; its kind and its place there.

    Raises `ModelError` where the folder holds no model that can be loaded.
    """
    vocab = read_part(folder, "vocab")
    kind, load = ("relation", _relation) if "cues" in vocab else ("ner", _ner)
    if "labels" not in vocab and kind == "ner":
        raise ModelError(f"{folder}: no model of entities or relations; name what a release wrote")
    load(folder)
    return kind, shelf.adopt(kind, folder)


@training_packages()
def _ner(folder: Path) -> EntityModel:
    """A released network does without torch, which takes seconds to load."""
    if has_onnx(folder):
        return load_onnx_ner(folder)
    from rakg_assets.extraction.ner import load_ner

    return load_ner(folder)


@training_packages()
def _relation(folder: Path) -> LinkModel:
    if has_onnx(folder):
        return load_onnx_relation(folder)
    from rakg_assets.extraction.relation import load_relation

    return load_relation(folder)


@dataclass(frozen=True)
class _Piece:
    """A sentence of document number `document`, `start` characters in.

    `entities` says which of the document's entities those of the sentence are.
    """

    document: int
    start: int
    sentence: Document
    entities: tuple[int, ...] = ()

    @classmethod
    def of_span(cls, number: int, document: Document, span: Span) -> _Piece:
        # Neither record nor note: a sentence is the same wherever it stands, but for its section.
        text = document.text[slice(*span)]
        return cls(number, span[0], Document("", text, section=document.section))

    def relation(self, row: tuple[Any, ...]) -> RelationMention:
        """A relation of the sentence, (label, head, tail, score), as one of the document."""
        label, head, tail, score = row
        sure = [self.sentence.entities[i].score for i in (head, tail)]
        places = (self.entities[i] for i in (head, tail))
        return RelationMention(label, *places, round(score * sure[0] * sure[1], 4))

    @property
    def key(self) -> str:
        """A hash of all that a model reads."""
        entities = [[e.start, e.end, e.label, e.assertion] for e in self.sentence.entities]
        content = json.dumps([self.sentence.section, self.sentence.text, entities])
        return hashlib.sha256(content.encode()).hexdigest()


def _predicted(
    pieces: Sequence[_Piece],
    predict: Callable[[Sequence[Document]], list[Rows]],
    cache: PredictionCache | None,
    progress: Progress | None,
) -> Iterator[tuple[_Piece, Rows]]:
    """Each piece with what was found in it: from the cache, else from the model, once a text."""
    keys = [piece.key for piece in pieces]
    distinct = {key: piece.sentence for key, piece in zip(keys, pieces, strict=True)}
    known = cache.get(distinct) if cache else {}
    # Texts of like length together, so that little is padded.
    todo = sorted(distinct.keys() - known.keys(), key=lambda k: (len(distinct[k].text), k))
    for start in range(0, len(todo), _BATCH):
        batch = todo[start : start + _BATCH]
        fresh = dict(zip(batch, predict([distinct[key] for key in batch]), strict=True))
        if cache:
            cache.put(fresh)
        known |= fresh
        if progress:
            progress(start + len(batch), len(todo))
    for key, piece in zip(keys, pieces, strict=True):
        yield piece, known[key]


def _moved(spans: Iterable[tuple[Any, ...]], offset: int, text: str) -> Iterator[Entity]:
    """Spans of a sentence as entities of the text it stands in."""
    for start, end, label, score in spans:
        first, last = offset + start, offset + end
        yield Entity(first, last, label, text[first:last], score=score)


def _pieces_with_entities(number: int, document: Document) -> Iterator[_Piece]:
    """Sentences that hold two entities or more, with these."""
    for start, end in split_section(document.text):
        inside = [i for i, e in enumerate(document.entities) if start <= e.start and e.end <= end]
        if len(inside) > 1:
            piece = _Piece.of_span(number, document, (start, end))
            entities = (document.entities[i] for i in inside)
            moved = tuple(replace(e, start=e.start - start, end=e.end - start) for e in entities)
            sentence = replace(piece.sentence, entities=moved)
            yield replace(piece, sentence=sentence, entities=tuple(inside))
