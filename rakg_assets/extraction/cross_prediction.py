"""Labelled sentences as an entity model finds them, for relation models to learn from.

A relation model that has seen gold entities only is at a loss when some are missing, cut otherwise
or wrong. Belongs here: sentences with entities found by a model that has not learnt from them,
and the gold relations carried over. Does not belong here: either model or its training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.corpus.sentences import split_section

Finder = Callable[[Sequence[Document]], Sequence[Document]]
"""From documents to the same with predicted entities and assertions."""


def cross_predicted(
    documents: Sequence[Document],
    folds: int,
    finder: Callable[[int, Sequence[Document]], Finder],
) -> list[Document]:
    """The sentences in which a model finds other entities than gold, each as the model finds it.

    `finder(fold, others)` trains on the records outside of a fold, which then is searched: a
    model knows what it learnt from too well (jackknifing). Each record is in one fold.
    """
    records = sorted({document.id for document in documents})
    found: list[Document] = []
    for fold in range(folds):
        held = set(records[fold::folds])
        inside = [document for document in documents if document.id in held]
        if not inside:
            continue
        search = finder(fold, [document for document in documents if document.id not in held])
        for gold, predicted in zip(inside, search(inside), strict=True):
            found += _otherwise(gold, with_gold_relations(gold, predicted))
    return found


def with_gold_relations(gold: Document, predicted: Document) -> Document:
    """The predicted entities with the relations of gold between those that stand for its ends.

    An entity stands for the gold one of its type that it shares most characters with, if any.
    """
    stands: dict[int, list[int]] = {}
    for number, entity in enumerate(predicted.entities):
        place = _nearest(entity, gold.entities)
        if place is not None:
            stands.setdefault(place, []).append(number)
    relations = [
        RelationMention(relation.label, head, tail)
        for relation in gold.relations
        for head, tail in product(stands.get(relation.head, ()), stands.get(relation.tail, ()))
    ]
    return replace(predicted, relations=tuple(relations))


def _nearest(entity: Entity, others: Sequence[Entity]) -> int | None:
    shared = [
        (min(entity.end, other.end) - max(entity.start, other.start), -number)
        for number, other in enumerate(others)
        if other.label == entity.label
    ]
    most, number = max(shared, default=(0, 0))
    return -number if most > 0 else None


def _otherwise(gold: Document, predicted: Document) -> Iterator[Document]:
    """The sentences of `predicted` whose entities are not those of gold."""
    for start, end in split_section(gold.text):
        there, here = (document.part(start, end) for document in (gold, predicted))
        if _marks(there) != _marks(here):
            yield here


def _marks(document: Document) -> set[tuple[int, int, str, str]]:
    return {(e.start, e.end, e.label, e.assertion) for e in document.entities}
