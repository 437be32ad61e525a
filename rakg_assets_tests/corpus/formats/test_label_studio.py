"""Label Studio's exports: JSON of several ages, JSON-MIN, offsets of both kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from rakg_assets.corpus.formats import label_studio
from rakg_assets.corpus.formats.pieces import Reading

DATA = {"text": "双手肿痛无发热", "record_id": "E001", "note": "入院记录", "section": "主诉"}


def region(key: str, start: int, end: int, text: str | None, **value: list[str]) -> dict[str, Any]:
    kind = next(iter(value))
    span = {"start": start, "end": end} | ({} if text is None else {"text": text})
    return {"id": key, "from_name": kind, "to_name": "text", "type": kind, "value": span | value}


RESULT = [
    region("x", 0, 2, "双手", labels=["身体部位"]),
    region("y", 2, 4, "肿痛", labels=["symptom"]),
    region("z", 5, 7, "发热", labels=["symptom"]),
    region("z", 5, 7, "发热", choices=["absent"]),
    {
        "from_id": "x",
        "to_id": "y",
        "type": "relation",
        "direction": "right",
        "labels": ["部位-症状"],
    },
]


def read(tmp_path: Path, content: object) -> Reading:
    path = tmp_path / "project.json"
    path.write_text(json.dumps(content), "utf-8")
    return label_studio.read(path, path.name)


@pytest.mark.parametrize("key", ["annotations", "completions"])
def test_reads_labels_assertions_and_relations(tmp_path: Path, key: str) -> None:
    predictions = [{"result": [region("p", 0, 1, "双", labels=["disease"])]}]
    task = {"id": 7, "data": DATA, key: [{"result": RESULT}], "predictions": predictions}

    reading = read(tmp_path, [task])

    document = reading.pieces[0].document
    assert reading.problems == []
    assert (document.id, document.note, document.section) == ("E001", "入院记录", "主诉")
    assert [(e.label, e.assertion) for e in document.entities] == [
        ("body_part", "present"),
        ("symptom", "present"),
        ("symptom", "absent"),
    ]
    assert [(r.label, r.head, r.tail) for r in document.relations] == [("body_part_symptom", 0, 1)]


def test_reads_json_min(tmp_path: Path) -> None:
    spans = [dict(r["value"]) for r in RESULT[:3]]
    choices = [dict(RESULT[3]["value"])]
    flat = {"id": 7, "text": DATA["text"], "label": spans, "assertion": choices, "annotator": 3}

    [piece] = read(tmp_path, [flat]).pieces

    assert piece.document.id == "project-7"
    assert piece.annotator == "3"
    assert [e.assertion for e in piece.document.entities] == ["present", "present", "absent"]


def test_a_relation_drawn_to_the_left_is_turned(tmp_path: Path) -> None:
    relation = RESULT[4] | {"from_id": "y", "to_id": "x", "direction": "left"}

    reading = read(tmp_path, {"data": DATA, "annotations": [{"result": [*RESULT[:2], relation]}]})

    assert (reading.pieces[0].document.relations[0].head, reading.problems) == (0, [])


@pytest.mark.parametrize(
    "offsets",
    [pytest.param((4, 6), id="code points"), pytest.param((6, 8), id="UTF-16 units")],
)
def test_offsets_of_both_ages_find_the_marked_text(
    tmp_path: Path, offsets: tuple[int, int]
) -> None:
    data = DATA | {"text": "𠮷💊服后肿痛"}
    result = [region("x", *offsets, "肿痛", labels=["symptom"])]

    reading = read(tmp_path, [{"data": data, "annotations": [{"result": result}]}])

    [entity] = reading.pieces[0].document.entities
    assert (entity.start, entity.end, entity.text) == (4, 6, "肿痛")
    assert reading.problems == []


def test_offsets_without_text_are_code_points(tmp_path: Path) -> None:
    data = DATA | {"text": "💊肿痛发热"}
    result = [region("x", 1, 3, None, labels=["symptom"])]

    reading = read(tmp_path, [{"data": data, "annotations": [{"result": result}]}])

    assert reading.pieces[0].document.entities[0].text == "肿痛"


def test_each_annotator_of_a_task_is_one_piece_and_cancelled_ones_none(tmp_path: Path) -> None:
    annotations = [
        {"completed_by": 1, "result": RESULT},
        {"completed_by": {"id": 2, "email": "b@example.org"}, "result": []},
        {"completed_by": 3, "result": RESULT, "was_cancelled": True},
    ]

    reading = read(tmp_path, [{"data": DATA, "annotations": annotations}])

    assert [p.annotator for p in reading.pieces] == ["1", "b@example.org"]


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ([region("x", 0, 2, "肿痛", labels=["symptom"])], "not the text marked there"),
        ([region("x", 0, 20, None, labels=["symptom"])], "not the text marked there"),
        ([region("x", 0, 2, "双手", labels=["a", "b"])], "has 2 labels"),
        ([region("x", 0, 2, "双手", labels=[])], "has no label"),
        ([{"id": "x", "value": {"start": None, "end": 2, "labels": ["a"]}}], "no whole-number"),
        ([*RESULT[:3], RESULT[4] | {"labels": []}], "has no label"),
        ([RESULT[0], RESULT[4]], "names the entity y"),
    ],
)
def test_a_bad_region_is_named_without_text(
    tmp_path: Path, result: list[dict[str, Any]], reason: str
) -> None:
    reading = read(tmp_path, [{"data": DATA, "annotations": [{"result": result}]}])

    [problem] = reading.problems
    assert problem.place == "project.json, task 1"
    assert reason in problem.reason
    assert "肿痛" not in str(problem)


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ({"data": {"image": "a.png"}, "annotations": []}, "no whole text"),
        ({"data": {"text": "\ud83d"}, "annotations": []}, "no whole text"),
        ("text", "not a Label Studio task"),
        ({"data": DATA, "annotations": [{"result": [1]}]}, "not a Label Studio task"),
        ({"data": DATA | {"position": "x"}, "annotations": [{}]}, "not a Label Studio task"),
        ({"data": DATA, "annotations": []}, "1 tasks have no annotation"),
        ({"text": "肿痛", "label": [[0, 2, "symptom"]]}, "not those of JSON-MIN"),
        ({"data": DATA | {"admission": "去年"}, "annotations": [{}]}, "admission is no date"),
    ],
)
def test_a_bad_task_stops_no_other(tmp_path: Path, task: object, reason: str) -> None:
    good = {"data": DATA | {"record_id": "E2"}, "annotations": [{"result": RESULT}]}

    reading = read(tmp_path, [task, good])

    assert reason in reading.problems[0].reason
    assert reading.pieces[-1].document.id == "E2"


def test_the_configuration_is_xml_with_all_labels() -> None:
    tree = ElementTree.fromstring(label_studio.configuration())

    assert len(tree.findall("Labels/Label")) == 9
    assert len(tree.findall("Relations/Relation")) == 6
    assert tree.find("Choices").get("perRegion") == "true"
