"""The tables `predicted_entities` and `predicted_relations`.

Gold wins: a section that is annotated brings its own entities and relations (`origin`), the model
reads the rest. Does not belong here: prediction itself (`inference.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from rakg_assets.corpus.alignment import align_gold
from rakg_assets.corpus.documents import Document, Entity, documents_of
from rakg_assets.extraction.inference import Extractor, Progress, Span
from rakg_assets.ontology.tables import TABLES

GOLD, MODEL = "gold", "model"
Place = tuple[str, str, str]
"""(record id, note, section), which names a section."""

_PLACE = ("record_id", "note", "section")
_MENTION = ("start", "end", "label", "text", "assertion", "score")


def predict_entities(
    raw_records: pd.DataFrame,
    sentences: pd.DataFrame,
    gold: Mapping[Place, Document],
    extractor: Extractor,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """`predicted_entities` of the sections of `raw_records`, one pass a distinct sentence.

    `gold` holds the annotated sections whose text is the stored one.
    """
    sections = sections_of(raw_records)
    spans = _spans_of(sentences)
    bare = [place for place in sections if place not in gold]
    read = [sections[place] for place in bare]
    found = extractor.entities(read, [spans.get(place, []) for place in bare], progress)
    documents = {**gold, **dict(zip(bare, found, strict=True))}
    months = _months_of(raw_records)
    rows = [
        (
            *(place[0], months[place[0]], place[1], place[2]),
            *(e.start, e.end, e.label, e.text, e.assertion, e.score),
            GOLD if place in gold else MODEL,
        )
        for place in sections
        for e in documents[place].entities
    ]
    return pd.DataFrame(rows, columns=TABLES["predicted_entities"].column_names)


def predict_relations(
    raw_records: pd.DataFrame,
    entities: pd.DataFrame,
    gold: Mapping[Place, Document],
    extractor: Extractor,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """`predicted_relations` between the mentions of `predicted_entities`."""
    sections = sections_of(raw_records)
    labelled = with_entities(sections, entities)
    bare = [place for place in labelled if place not in gold]
    found = extractor.relations([labelled[place] for place in bare], progress)
    documents = {**gold, **dict(zip(bare, found, strict=True))}
    months = _months_of(raw_records)
    rows = [
        row
        for place in sections
        if place in documents
        for row in _relation_rows(documents[place], months, GOLD if place in gold else MODEL)
    ]
    return pd.DataFrame(rows, columns=TABLES["predicted_relations"].column_names)


def gold_sections(annotations: pd.DataFrame, raw_records: pd.DataFrame) -> dict[Place, Document]:
    """The annotated sections of these records whose text is the stored one, by place."""
    present = annotations[annotations["record_id"].isin(set(raw_records["record_id"]))]
    aligned, _ = align_gold(present, raw_records)
    return {(d.id, d.note, d.section): d for d in documents_of(aligned)}


def sections_of(raw_records: pd.DataFrame) -> dict[Place, Document]:
    """Each section as a document, by its place."""
    return {
        (row.record_id, row.note, row.section): Document(
            row.record_id, row.text, row.note, row.section
        )
        for row in raw_records.itertuples(index=False)
    }


def with_entities(
    sections: Mapping[Place, Document], entities: pd.DataFrame
) -> dict[Place, Document]:
    """The sections that have rows in `entities`, with these as their entities."""
    found: dict[Place, list[Entity]] = {}
    for *place, start, end, label, text, assertion, score in zip(
        *(entities[name].tolist() for name in (*_PLACE, *_MENTION)), strict=True
    ):
        entity = Entity(start, end, label, text, assertion, score)
        found.setdefault(tuple(place), []).append(entity)
    return {place: replace(sections[place], entities=tuple(e)) for place, e in found.items()}


def _spans_of(sentences: pd.DataFrame) -> dict[Place, list[Span]]:
    spans: dict[Place, list[Span]] = {}
    for row in sentences.itertuples(index=False):
        place = (row.record_id, row.note, row.section)
        spans.setdefault(place, []).append((row.start, row.start + len(row.text)))
    return spans


def _months_of(raw_records: pd.DataFrame) -> dict[str, str]:
    return dict(zip(raw_records["record_id"], raw_records["month"], strict=True))


def _relation_rows(
    document: Document, months: Mapping[str, str], origin: str
) -> Iterator[tuple[object, ...]]:
    for relation in document.relations:
        head, tail = document.entities[relation.head], document.entities[relation.tail]
        yield (
            *(document.id, months[document.id], document.note, document.section),
            *(relation.label, head.start, head.end, tail.start, tail.end),
            *(relation.score, origin),
        )
