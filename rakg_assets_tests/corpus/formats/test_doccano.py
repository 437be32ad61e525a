"""doccano's exports of several ages, and this project's own JSON Lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.corpus.formats import doccano
from rakg_assets.corpus.formats.pieces import Reading

TEXT = "双手肿痛无发热"
TRIPLES = [[0, 2, "身体部位"], [2, 4, "symptom"], [5, 7, "症状!absent"]]


def read(tmp_path: Path, *rows: object, name: str = "all.jsonl") -> Reading:
    path = tmp_path / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return doccano.read(path, name)


@pytest.mark.parametrize("key", ["label", "labels", "entities"])
def test_reads_triples(tmp_path: Path, key: str) -> None:
    reading = read(tmp_path, {"id": 4, "text": TEXT, key: TRIPLES})

    [piece] = reading.pieces
    assert reading.problems == []
    assert (piece.document.id, piece.annotator) == ("4", "")
    assert [(e.label, e.assertion) for e in piece.document.entities] == [
        ("body_part", "present"),
        ("symptom", "present"),
        ("symptom", "absent"),
    ]


def test_reads_relations_by_id(tmp_path: Path) -> None:
    entities = [
        {"id": 90, "start_offset": 2, "end_offset": 4, "label": "symptom"},
        {"id": 80, "start_offset": 0, "end_offset": 2, "label": "body_part"},
    ]
    relations = [{"id": 1, "from_id": 80, "to_id": 90, "type": "部位-症状"}]

    reading = read(tmp_path, {"text": TEXT, "entities": entities, "relations": relations})

    assert reading.pieces[0].document.relations == (RelationMention("body_part_symptom", 0, 1),)


def test_reads_this_project_s_own_lines(tmp_path: Path) -> None:
    document = Document(
        "E1",
        TEXT,
        "入院记录",
        "主诉",
        (Entity(0, 2, "body_part", "双手"), Entity(2, 4, "symptom", "肿痛", "possible")),
        (RelationMention("body_part_symptom", 0, 1),),
    )

    assert read(tmp_path, document.to_json()).pieces[0].document == document


def test_metadata_may_stand_aside_and_the_file_names_the_annotator(tmp_path: Path) -> None:
    meta = {"record_id": "E1", "note": "入院记录", "section": "主诉", "admission": "2018-03-05"}

    [piece] = read(tmp_path, {"id": 9, "text": TEXT, "meta": meta}, name="alice.jsonl").pieces

    assert (piece.document.id, piece.document.section, piece.annotator) == ("E1", "主诉", "alice")
    assert str(piece.admission) == "2018-03-05"


def test_offsets_count_code_points(tmp_path: Path) -> None:
    reading = read(tmp_path, {"text": "𠮷💊肿痛", "label": [[2, 4, "symptom"]]})

    assert reading.pieces[0].document.entities[0].text == "肿痛"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"text": TEXT, "label": [[0, 99, "symptom"]]}, "not the text marked there"),
        ({"text": TEXT, "label": [[0, 2]]}, "not a doccano line"),
        ({"text": TEXT, "label": [[0.5, 2, "symptom"]]}, "no whole-number offsets"),
        ({"text": TEXT, "annotations": [{"label": 3}]}, "numbers of the project"),
        ({"text": None}, "no whole text"),
        ({"text": "\ud83d"}, "no whole text"),
        ([], "not a doccano line"),
        (
            {"text": TEXT, "relations": [{"from_id": 1, "to_id": 2, "type": "x"}]},
            "names the entity",
        ),
    ],
)
def test_a_bad_line_is_named_and_stops_no_other(tmp_path: Path, row: Any, reason: str) -> None:
    reading = read(tmp_path, row, {"id": "E2", "text": TEXT, "label": TRIPLES})

    [problem] = reading.problems
    assert problem.place == "all.jsonl, line 1"
    assert reason in problem.reason
    assert reading.pieces[-1].document.id == "E2"
