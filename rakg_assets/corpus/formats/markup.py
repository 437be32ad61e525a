"""Our own markup as an annotation format: one text file a record, entities in braces.

The grammar is `ontology/markup.py`; here it meets annotated records. Ids of entities are local to a
file and made anew on writing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.formats.pieces import (
    Piece,
    Reading,
    SectionReader,
    file_stem,
    is_storable,
    read_date,
)
from rakg_assets.ontology.files import write_text
from rakg_assets.ontology.markup import (
    Mark,
    MarkedRecord,
    MarkedSection,
    MarkupError,
    parse_markup,
    write_markup,
)
from rakg_assets.ontology.schema import EntityType

NAME = "markup"
LIMITS = {
    "record": "an id, a date or an annotator with a space in it does not fit",
    "text": "no braces, no line that begins with #, no blank line, no line break but a line feed",
    "entities": "no overlaps, no line break or | inside, labels of letters, digits and _",
    "relations": "labels have no spaces, and both ends must fit",
}
_ATTRIBUTES = ("id", "admission", "discharge", "annotator")
_INITIALS = {t.value: t.value[0] for t in EntityType} | {EntityType.DISEASE.value: "d"}


def read(path: Path, name: str) -> Reading:
    """Read one file of markup."""
    reading = Reading()
    try:
        record = parse_markup(path.read_bytes().decode("utf-8-sig"), name)
    except MarkupError as error:
        reading.problem(name, _reason(error, name), "correct the line as the guideline shows")
        return reading
    attributes = record.attributes
    for key in sorted(attributes.keys() - set(_ATTRIBUTES)):
        reading.problem(
            name, f"the attribute {key} is not kept", f"known: {', '.join(_ATTRIBUTES)}"
        )
    if not attributes.get("id"):
        reading.problem(name, "the record has no id", "write #RECORD id=… admission=…")
        return reading
    dates = [read_date(attributes.get(k), k, name, reading) for k in ("admission", "discharge")]
    _find_strays(record, name, reading)
    for position, section in enumerate(record.sections):
        document = _document(section, record, name, reading)
        annotator = attributes.get("annotator", "")
        reading.pieces.append(Piece(document, dates[0], dates[1], annotator, name, position))
    return reading


def write(records: Iterable[AnnotatedRecord], target: Path) -> None:
    """Write each record to `<id>.txt`; what `LIMITS` names is left out."""
    for record in records:
        text = _text(record)
        if text:
            write_text(target / f"{file_stem(record)}.txt", text)


def _reason(error: MarkupError, name: str) -> str:
    return str(error).removeprefix(name).lstrip(",: ")


def _document(
    section: MarkedSection, record: MarkedRecord, name: str, reading: Reading
) -> Document:
    place = f"{name}, {section.note}/{section.section}"
    reader = SectionReader(section.text, place, reading)
    for m in section.marks:
        reader.entity(m.id, m.start, m.end, m.label, None, m.assertion)
    inside = {m.id for m in section.marks}
    for label, head, tail in record.relations:
        if head in inside and tail in inside:
            reader.relation(label, head, tail)
    return reader.document(record.attributes["id"], section.note, section.section)


def _find_strays(record: MarkedRecord, name: str, reading: Reading) -> None:
    home = {m.id: k for k, section in enumerate(record.sections) for m in section.marks}
    for label, head, tail in record.relations:
        if home[head] != home[tail]:
            reading.problem(
                name,
                f"the relation {label} {head} {tail} joins two sections",
                "relations stay within a sentence: mark both ends in it",
            )


def _text(record: AnnotatedRecord) -> str:
    """The markup of a record, or nothing where even its first line does not fit."""
    named = zip(
        _ATTRIBUTES,
        (record.id, record.admission, record.discharge, record.annotator),
        strict=True,
    )
    attributes = {key: str(value) for key, value in named if value is not None and value != ""}
    marked = MarkedRecord(attributes)
    counts: Counter[str] = Counter()
    for document in record.sections:
        section, relations = _marked(document, counts)
        if _survives(MarkedRecord(attributes, [section])):
            marked.sections.append(section)
            marked.relations += relations
    return write_markup(marked) if _survives(marked) else ""


def _marked(
    document: Document, counts: Counter[str]
) -> tuple[MarkedSection, list[tuple[str, str, str]]]:
    section = MarkedSection(document.note, document.section, document.text)
    names: dict[int, str] = {}
    for i, entity in enumerate(document.entities):
        initial = _INITIALS.get(entity.label, "e")
        mark = Mark(
            f"{initial}{counts[initial] + 1}",
            entity.label,
            entity.assertion,
            entity.start,
            entity.end,
        )
        if not _fits(mark, section):
            continue
        counts[initial] += 1
        section.marks.append(mark)
        names[i] = mark.id
    relations = [
        (r.label, names[r.head], names[r.tail])
        for r in document.relations
        if r.head in names and r.tail in names and len(r.label.split()) == 1
    ]
    return section, relations


def _fits(mark: Mark, section: MarkedSection) -> bool:
    end = section.marks[-1].end if section.marks else 0
    if not end <= mark.start < mark.end <= len(section.text):
        return False
    surface = section.text[mark.start : mark.end]
    moved = replace(mark, start=0, end=len(surface))
    return _survives(MarkedRecord({}, [MarkedSection("note", "section", surface, [moved])]))


def _survives(record: MarkedRecord) -> bool:
    """Whether a record comes back as it is: the one honest test of what the grammar can hold."""
    try:
        text = write_markup(record)
        return is_storable(text) and parse_markup(text) == record
    except MarkupError:
        return False
