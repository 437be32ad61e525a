"""Test data without the sentences that training has seen.

Public test sets share sentences with their training sets (of cEHRNER's test 13 %); figures with
and without them tell recall from memory. Does not belong here: the figures (`scoring.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.sentences import split_section


def sentences_of(documents: Iterable[Document]) -> frozenset[str]:
    """The distinct sentences of documents."""
    return frozenset(d.text[start:end] for d in documents for start, end in split_section(d.text))


def without_seen(documents: Sequence[Document], seen: frozenset[str]) -> list[Document]:
    """The documents without what is labelled inside a seen sentence.

    Texts stay, so that gold and prediction still pair up; relations go with their heads and
    tails.
    """
    return [_without(document, seen) for document in documents]


def _without(document: Document, seen: frozenset[str]) -> Document:
    spans = [s for s in split_section(document.text) if document.text[slice(*s)] in seen]
    numbers: dict[int, int] = {}
    for i, entity in enumerate(document.entities):
        if not any(start <= entity.start and entity.end <= end for start, end in spans):
            numbers[i] = len(numbers)
    entities = tuple(document.entities[i] for i in numbers)
    relations = tuple(
        replace(r, head=numbers[r.head], tail=numbers[r.tail])
        for r in document.relations
        if r.head in numbers and r.tail in numbers
    )
    return replace(document, entities=entities, relations=relations)
