"""doccano JSON Lines: a line a section, for a sequence-labelling project with relations.

doccano has no attributes on spans, so an assertion other than present is part of the label, as in
our markup: `symptom!absent`. Record, section and dates ride along as metadata fields. Read are
`label`/`labels` (triples), `entities` + `relations`, and this project's own JSON Lines. Offsets are
code points; a project in grapheme mode counts otherwise where characters combine: turn it off.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.formats.names import is_assertion
from rakg_assets.corpus.formats.pieces import (
    MALFORMED,
    Piece,
    Reading,
    SectionReader,
    is_storable,
    read_date,
)
from rakg_assets.ontology.files import write_text
from rakg_assets.ontology.schema import Assertion
from rakg_assets.ontology.sections import WHOLE

NAME = "doccano"
LIMITS = {
    "record": "a record without sections has no line; an id is whole Unicode",
    "text": "the text is whole Unicode",
    "entities": "a label has no ! in it, an assertion is one of the four",
    "relations": "both ends must fit",
}
LINES = "records.jsonl"
# doccano names the file of a project that is not split by annotator all.jsonl.
_NO_ANNOTATOR = {"all", "admin", "unknown", Path(LINES).stem}


def read(path: Path, name: str) -> Reading:
    """Read one export."""
    reading = Reading()
    for number, line in enumerate(path.read_bytes().decode("utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        place = f"{name}, line {number}"
        try:
            row = json.loads(line)
            _read_row(row, path, name, place, number, reading)
        except MALFORMED as error:
            reading.problem(
                place, f"not a doccano line ({type(error).__name__})", "export it again"
            )
    return reading


def write(records: Iterable[AnnotatedRecord], target: Path) -> None:
    """Write records.jsonl."""
    lines = [
        json.dumps(_row(record, position, document), ensure_ascii=False) + "\n"
        for record in records
        for position, document in enumerate(record.sections)
        if is_storable(record.id + record.annotator + document.text)
    ]
    write_text(target / LINES, "".join(lines))


def _read_row(
    row: dict[str, Any], path: Path, name: str, place: str, number: int, reading: Reading
) -> None:
    text = row.get("text", row.get("data"))
    if not isinstance(text, str) or not is_storable(text):
        reading.problem(place, "the line has no whole text", "name the text field `text`")
        return
    if "annotations" in row:
        reading.problem(
            place,
            "labels are numbers of the project here",
            "export as JSONL with text labels",
        )
        return
    about = (row.get("meta") or {}) | row
    reader = SectionReader(text, place, reading)
    _read_spans(row, reader)
    document = reader.document(
        str(about.get("record_id", about.get("id", f"{path.stem}-{number}"))),
        str(about.get("note", WHOLE.note)),
        str(about.get("section", WHOLE.section)),
    )
    admission = read_date(about.get("admission"), "admission", place, reading)
    discharge = read_date(about.get("discharge"), "discharge", place, reading)
    annotator = about.get("annotator", "" if path.stem in _NO_ANNOTATOR else path.stem)
    position = int(about.get("position", number))
    reading.pieces.append(Piece(document, admission, discharge, str(annotator), name, position))


def _read_spans(row: Mapping[str, Any], reader: SectionReader) -> None:
    spans = next((row[k] for k in ("entities", "label", "labels") if row.get(k)), ())
    for position, span in enumerate(spans):
        if isinstance(span, Mapping):
            start = span.get("start_offset", span.get("start"))
            end = span.get("end_offset", span.get("end"))
            label, assertion = _parted(span["label"])
            assertion = span.get("assertion") or assertion
            key, surface = str(span.get("id", position)), span.get("text")
        else:
            start, end, whole = span
            label, assertion = _parted(whole)
            key, surface = str(position), None
        reader.entity(key, start, end, label, surface, assertion)
    for relation in row.get("relations") or ():
        head = relation.get("from_id", relation.get("head"))
        tail = relation.get("to_id", relation.get("tail"))
        reader.relation(relation.get("type", relation.get("label")), str(head), str(tail))


def _parted(label: str) -> tuple[str, str]:
    """A label and the assertion after its last `!`."""
    name, mark, assertion = label.rpartition("!")
    return (name, assertion) if mark and is_assertion(assertion) else (label, Assertion.PRESENT)


def _row(record: AnnotatedRecord, position: int, document: Document) -> dict[str, Any]:
    labels = {i: _label(e.label, e.assertion) for i, e in enumerate(document.entities)}
    held = {
        i: label
        for i, label in labels.items()
        if _parted(label) == (document.entities[i].label, document.entities[i].assertion)
    }
    return {
        "text": document.text,
        "record_id": record.id,
        "note": document.note,
        "section": document.section,
        "admission": str(record.admission or ""),
        "discharge": str(record.discharge or ""),
        "annotator": record.annotator,
        "position": position,
        "entities": [
            {
                "id": i,
                "start_offset": document.entities[i].start,
                "end_offset": document.entities[i].end,
                "label": label,
            }
            for i, label in held.items()
        ],
        "relations": [
            {"id": n, "from_id": r.head, "to_id": r.tail, "type": r.label}
            for n, r in enumerate(document.relations)
            if r.head in held and r.tail in held
        ],
    }


def _label(label: str, assertion: str) -> str:
    return label if assertion == Assertion.PRESENT else f"{label}!{assertion}"
