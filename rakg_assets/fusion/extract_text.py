"""`rakg extract-text`: one file as a person has it, to its sections with all that is found in them.

Belongs here: the way from bytes to de-identified sections and their rows. Does not belong here:
readers and masking (`admissions/`), prediction and linking (`extract.py`), how rows are shown
(`text_table.py`, `extraction/marked_text.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rakg_assets.admissions.readers import ReadOptions, read_file
from rakg_assets.admissions.records import RefusedPart, finish
from rakg_assets.admissions.refusals import Refusal
from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.inference import Extractor
from rakg_assets.extraction.marked_text import Concept, SectionView, marked_page
from rakg_assets.fusion.extract import extract_rows
from rakg_assets.fusion.linking import LinksMentions
from rakg_assets.ontology.schema import EntityType

Row = Mapping[str, Any]
"""A section as `rakg extract` writes it, with note, section and text."""

# Not the file's name: wards name files after patients.
TITLE = "病历标注 Annotated record"
MASKED = (
    "姓名、证件号、电话、住址等已按规则遮盖为＊，仍可能有遗漏。 "
    "Names, ids, phones and addresses are masked with ＊ by rule; some may be missed."
)


class ExtractTextError(ValueError):
    """A file of which no record could be read; the message names it, the reason and the remedy."""


@dataclass(frozen=True)
class TextFile:
    """The de-identified sections of a file, {id, note, section, text}, and what was not taken.

    `refused` are sentences that name a part of the file, the reason and the remedy.
    """

    sections: tuple[Row, ...]
    refused: tuple[str, ...] = ()


def read_sections(name: str, data: bytes, options: ReadOptions, limit: int) -> TextFile:
    """Read a file of any format of the inbox; dates are not asked for.

    `data` needs no more than `limit` + 1 bytes of the file. Raises `ExtractTextError` if nothing
    of it can be read.
    """
    if len(data) > limit:
        raise ExtractTextError(_sentence(name, Refusal("too_large", f"over {limit} bytes")))
    content = read_file(name, data, options)
    if content.refusal:
        raise ExtractTextError(_sentence(name, content.refusal))
    sections: list[Row] = []
    refused: list[str] = []
    for part in content.parts:
        try:
            if isinstance(part, RefusedPart):
                raise part.refusal
            record = finish(part)
        except Refusal as refusal:
            refused.append(_sentence(name, refusal, part))
            continue
        for note, section, text in record.sections:
            row = {"id": record.record_id, "note": note, "section": section, "text": text}
            sections.append(row)
    if not sections:
        raise ExtractTextError(refused[0] if refused else _sentence(name, Refusal("empty")))
    return TextFile(tuple(sections), tuple(refused))


def extract_sections(
    sections: Sequence[Row], extractor: Extractor, linker: LinksMentions
) -> list[Row]:
    """The sections with `entities` and `relations` as `rakg extract` writes them."""
    found = extract_rows(sections, extractor, linker)
    return [{**row, **more} for row, more in zip(sections, found, strict=True)]


def rows_as_json(rows: Iterable[Row]) -> str:
    """One line of JSON a section."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def rows_as_page(rows: Iterable[Row], linker: LinksMentions) -> str:
    """The page of the rows; what a mention is linked to stands in its tooltip."""
    return marked_page([_view(row, linker) for row in rows], TITLE, [MASKED])


def _view(row: Row, linker: LinksMentions) -> SectionView:
    document = Document.from_json(row)
    links = linker.link_all([(EntityType(e.label), e.text) for e in document.entities])
    concepts = (
        Concept(link.concept_id, link.name_zh, link.name_en) if link.concept_id else None
        for link in links
    )
    return SectionView(document, tuple(concepts))


def _sentence(name: str, refusal: Refusal, part: Any = None) -> str:
    place = refusal.place or getattr(part, "place", "")
    return f"{name}{f', {place}' if place else ''}: {refusal.detail}"
