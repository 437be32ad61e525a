"""Label Studio JSON: a task a section, with relations and a choice a region for the assertion.

`data` carries text, record_id, note, section, admission, discharge and position. Both exports are
read: JSON (tasks with annotations, `completions` before 1.0) and JSON-MIN. Predictions are ignored.
Offsets: code points, as the editor has stored them since its fix for emoji
(HumanSignal/label-studio-frontend#308); UTF-16 units of older exports are recognised by the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.formats.pieces import (
    MALFORMED,
    Piece,
    Reading,
    SectionReader,
    is_storable,
    read_date,
)
from rakg_assets.ontology.files import write_text
from rakg_assets.ontology.schema import LEARNED_RELATIONS, Assertion, EntityType
from rakg_assets.ontology.sections import WHOLE

NAME = "label_studio"
LIMITS = {
    "record": "a record without sections has no task; an id is whole Unicode",
    "text": "the text is whole Unicode",
    "entities": "a span has at least one character",
    "relations": "both ends must fit",
}
TASKS, CONFIG = "tasks.json", "label_config.xml"


def read(path: Path, name: str) -> Reading:
    """Read one export."""
    reading = Reading()
    content = json.loads(path.read_bytes())
    open_tasks = 0
    for number, task in enumerate(content if isinstance(content, list) else [content], 1):
        place = f"{name}, task {number}"
        try:
            pieces = _pieces(task, path.stem, name, place, number, reading)
        except MALFORMED as error:
            reason = f"not a Label Studio task ({type(error).__name__})"
            reading.problem(place, reason, "export it again as JSON")
            continue
        reading.pieces += pieces
        open_tasks += task.get("annotations") == []
    if open_tasks:
        reading.problem(
            name, f"{open_tasks} tasks have no annotation", "annotate or leave them out"
        )
    return reading


def write(records: Iterable[AnnotatedRecord], target: Path) -> None:
    """Write tasks.json, and the labelling configuration to set the project up with."""
    tasks: dict[str, dict[str, Any]] = {}
    for record in records:
        for position, document in enumerate(record.sections):
            if is_storable(record.id + record.annotator + document.text):
                _add_task(tasks, record, position, document)
    listed = [{"id": n} | task for n, task in enumerate(tasks.values(), 1)]
    write_text(target / TASKS, json.dumps(listed, ensure_ascii=False, indent=1) + "\n")
    write_text(target / CONFIG, configuration())


def configuration() -> str:
    """The labelling configuration (XML) of a project with this project's labels."""
    labels = "".join(f"    <Label value={quoteattr(t.value)}/>\n" for t in EntityType)
    relations = "".join(f"    <Relation value={quoteattr(r.value)}/>\n" for r in LEARNED_RELATIONS)
    choices = "".join(f"    <Choice value={quoteattr(a.value)}/>\n" for a in Assertion)
    return (
        f"<View>\n  <Relations>\n{relations}  </Relations>\n"
        f'  <Labels name="label" toName="text">\n{labels}  </Labels>\n'
        f'  <Text name="text" value="$text"/>\n'
        f'  <Choices name="assertion" toName="text" perRegion="true">\n{choices}  </Choices>\n'
        "</View>\n"
    )


def _pieces(
    task: Mapping[str, Any], stem: str, name: str, place: str, number: int, reading: Reading
) -> list[Piece]:
    data = task.get("data", task)
    if not isinstance(data.get("text"), str) or not is_storable(data["text"]):
        reading.problem(place, "the task has no whole text", "name the text field `text`")
        return []
    identity = {"record_id": f"{stem}-{task.get('id', number)}", "position": number} | data
    if "data" in task:
        annotations = _annotations(task)
    else:
        annotations = [(str(task.get("annotator", "")), _flat_regions(task))]
        if not annotations[0][1] and any(isinstance(v, list) and v for v in task.values()):
            reading.problem(place, "its labels are not those of JSON-MIN", "export it as JSON")
            return []
    return [_piece(identity, who, regions, name, place, reading) for who, regions in annotations]


def _annotations(task: Mapping[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """(annotator, regions) of the finished annotations of a task."""
    return [
        (_annotator(a.get("completed_by")), a.get("result") or [])
        for a in task.get("annotations", task.get("completions")) or []
        if not a.get("was_cancelled")
    ]


def _annotator(completed_by: object) -> str:
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("email") or completed_by.get("id")
    return "" if completed_by is None else str(completed_by)


def _flat_regions(task: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Regions of JSON-MIN, where labels and choices of a region share only their span."""
    values = [
        value
        for field in task.values()
        if isinstance(field, list)
        for value in field
        if isinstance(value, dict) and "start" in value
    ]
    return [{"id": f"{v['start']}-{v['end']}", "value": v} for v in values]


def _piece(
    data: Mapping[str, Any],
    annotator: str,
    regions: list[dict[str, Any]],
    name: str,
    place: str,
    reading: Reading,
) -> Piece:
    reader = SectionReader(data["text"], place, reading)
    assertions = {
        region.get("id"): region["value"]["choices"][0]
        for region in regions
        if region.get("value", {}).get("choices")
    }
    for region in regions:
        _read_region(region, assertions, reader, place, reading)
    document = reader.document(
        str(data["record_id"]),
        str(data.get("note", WHOLE.note)),
        str(data.get("section", WHOLE.section)),
    )
    admission = read_date(data.get("admission"), "admission", place, reading)
    discharge = read_date(data.get("discharge"), "discharge", place, reading)
    return Piece(document, admission, discharge, annotator, name, int(data["position"]))


def _read_region(
    region: dict[str, Any],
    assertions: Mapping[Any, str],
    reader: SectionReader,
    place: str,
    reading: Reading,
) -> None:
    if region.get("type") == "relation":
        _read_relation(region, reader, place, reading)
        return
    value, key = region.get("value", {}), str(region.get("id"))
    labels = value.get("labels") or value.get("hypertextlabels")
    if labels:
        if len(labels) > 1:
            reason = f"region {key} has {len(labels)} labels, the first is read"
            reading.problem(place, reason, "keep one")
        surface = value.get("text")
        assertion = assertions.get(region.get("id"), "present")
        reader.entity(key, value.get("start"), value.get("end"), labels[0], surface, assertion)
    elif not value.get("choices"):
        reading.problem(place, f"region {key} has no label", "give it one or remove it")


def _read_relation(
    region: dict[str, Any], reader: SectionReader, place: str, reading: Reading
) -> None:
    head, tail = str(region.get("from_id")), str(region.get("to_id"))
    if region.get("direction") == "left":
        head, tail = tail, head
    if not region.get("labels"):
        reason = f"the relation of {head} and {tail} has no label"
        reading.problem(place, reason, "choose its label")
    for label in region.get("labels") or ():
        reader.relation(label, head, tail)


def _add_task(
    tasks: dict[str, dict[str, Any]],
    record: AnnotatedRecord,
    position: int,
    document: Document,
) -> None:
    """Add an annotation to the task of its section; annotators of one text share a task."""
    data = {
        "text": document.text,
        "record_id": record.id,
        "note": document.note,
        "section": document.section,
        "admission": str(record.admission or ""),
        "discharge": str(record.discharge or ""),
        "position": position,
    }
    task = tasks.setdefault(json.dumps(data), {"data": data, "annotations": []})
    annotation: dict[str, Any] = {"result": _result(document)}
    if record.annotator:
        annotation["completed_by"] = {"email": record.annotator}
    task["annotations"].append(annotation)


def _result(document: Document) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = []
    for i, entity in enumerate(document.entities):
        span = {"start": entity.start, "end": entity.end, "text": entity.text}
        where = {"id": f"e{i}", "to_name": "text"}
        result.append(
            where
            | {"from_name": "label", "type": "labels", "value": span | {"labels": [entity.label]}}
        )
        if entity.assertion != Assertion.PRESENT:
            value = span | {"choices": [entity.assertion]}
            result.append(where | {"from_name": "assertion", "type": "choices", "value": value})
    for relation in document.relations:
        ends = {"from_id": f"e{relation.head}", "to_id": f"e{relation.tail}"}
        result.append(ends | {"type": "relation", "direction": "right", "labels": [relation.label]})
    return result
