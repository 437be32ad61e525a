"""The sample's records with what was found in them, to be looked at beside `predicted_entities`.

Belongs here: which records may be shown at all. Text of a record is kept out of metadata and
reports; the hand-written records that ship are invented, so they and no others are the exception.
Does not belong here: how they are laid out (`marked_text.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.inference import Extractor
from rakg_assets.extraction.marked_text import SectionView, marked_markdown, marked_page
from rakg_assets.extraction.predictions import GOLD, MODEL, Place, sections_of, with_entities
from rakg_assets.ontology.markup import parse_markup

SHIPPED = Path(__file__).parents[1] / "sample" / "records"
_ORIGINS = {GOLD: "人工标注 annotated", MODEL: "模型 model"}
_INVENTED = "虚构的示例病历。 Invented sample records."


@dataclass(frozen=True)
class SamplePage:
    """The sample records of a month: all of them as HTML, the first as Markdown."""

    month: str
    html: str
    markdown: str


def sample_pages(
    raw_records: pd.DataFrame,
    entities: pd.DataFrame,
    gold: Mapping[Place, Document],
    extractor: Extractor,
    shipped: Path = SHIPPED,
) -> Iterator[SamplePage]:
    """A page for each month with records that stand in the folder `shipped`.

    `entities` are the `predicted_entities` of `raw_records`; `gold` as for `predict_entities`.
    """
    ours = raw_records[raw_records["record_id"].isin(shipped_ids(raw_records, shipped))]
    for month, records in ours.groupby("month", sort=True):
        views = _views(records, entities, gold, extractor)
        ids = sorted({view.document.id for view in views})
        first = [view for view in views if view.document.id == ids[0]]
        html = marked_page(views, f"{month} · {', '.join(ids)}", [_INVENTED])
        yield SamplePage(str(month), html, marked_markdown(first))


def shipped_ids(raw_records: pd.DataFrame, shipped: Path) -> set[str]:
    """Ids of records whose every section stands letter for letter in the shipped one of that id.

    An id alone says nothing: a hospital may number its records like the sample.
    """
    files = {path.stem: path for path in shipped.glob("*.txt")}
    stored: dict[str, set[tuple[str, str, str]]] = {}
    for (identifier, *place), section in sections_of(raw_records).items():
        stored.setdefault(identifier, set()).add((*place, section.text))
    return {i for i, texts in stored.items() if i in files and texts <= _texts(files[i])}


def _texts(file: Path) -> set[tuple[str, str, str]]:
    record = parse_markup(file.read_text("utf-8"), file.name)
    return {(s.note, s.section, s.text.strip()) for s in record.sections}


def _views(
    records: pd.DataFrame,
    entities: pd.DataFrame,
    gold: Mapping[Place, Document],
    extractor: Extractor,
) -> list[SectionView]:
    """Every section of some records, in order, with its relations."""
    sections = sections_of(records)
    found = entities[entities["record_id"].isin(set(records["record_id"]))]
    labelled = {**sections, **with_entities(sections, found)}
    bare = [place for place in sections if place not in gold]
    related = extractor.relations([labelled[place] for place in bare])
    documents = {**gold, **dict(zip(bare, related, strict=True))}
    return [
        SectionView(documents[place], origin=_ORIGINS[GOLD if place in gold else MODEL])
        for place in sections
    ]
