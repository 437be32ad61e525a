"""The review queue out to people and their answers back, in both formats."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from rakg_assets.fusion.overrides import NIL, OverridesError
from rakg_assets.fusion.review_files import EXPORTS, read_decisions

_CANDIDATES = [
    {"concept_id": "TRT0001", "name_zh": "甲<氨>蝶呤", "score": 0.812},
    {"concept_id": "TRT0002", "name_zh": "来氟米特", "score": 0.5},
]
_ANSWERED = {"from_name": "concept", "value": {"choices": ["TRT0002"]}}
_WRITTEN = {"from_name": "other", "value": {"text": [" TRT0009 "]}}


@pytest.fixture
def queue() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "type": ["treatment", "disease"],
            "mention": ["小粉片", '风湿,"病"'],
            "records": [7, 2],
            "mentions": [9, 2],
            "candidates": [_CANDIDATES, []],
        }
    )


def test_a_spreadsheet_shows_candidates_and_takes_answers(
    queue: pd.DataFrame, tmp_path: Path
) -> None:
    target = tmp_path / "queue.csv"
    EXPORTS["csv"](queue, target)
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["mention"] for row in rows] == ["小粉片", '风湿,"病"']
    assert rows[0]["candidate_1"] == "TRT0001 甲<氨>蝶呤 0.81"
    assert read_decisions(target) == []
    rows[1] |= {"concept_id": NIL, "note": "太宽"}
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (decision,) = read_decisions(target)
    assert (decision.type, decision.mention, decision.concept_id, decision.note) == (
        *("disease", '风湿,"病"', NIL, "太宽"),
    )


def test_label_studio_gets_tasks_and_an_interface(queue: pd.DataFrame, tmp_path: Path) -> None:
    target = tmp_path / "queue.json"
    EXPORTS["label_studio"](queue, target)
    tasks = json.loads(target.read_text("utf-8"))
    assert set(tasks[0]["data"]) == {"type", "mention", "records", "mentions", "candidates"}
    first, *_, last = tasks[0]["data"]["candidates"]
    assert first == {"value": "TRT0001", "html": "TRT0001 甲&lt;氨&gt;蝶呤 0.81"}
    assert last["value"] == NIL
    interface = ElementTree.parse(target.with_suffix(".xml")).getroot()
    asked = {element.get("value") for element in interface} - {None}
    assert {value.removeprefix("$") for value in asked} <= set(tasks[0]["data"])


def export(tmp_path: Path, *annotations: list[dict[str, Any]]) -> Path:
    """A project of one task as Label Studio exports it."""
    task = {
        "id": 1,
        "data": {"type": "treatment", "mention": "小粉片"},
        "annotations": [{"result": result} for result in annotations],
    }
    path = tmp_path / "export.json"
    path.write_text(json.dumps([task], ensure_ascii=False), "utf-8")
    return path


@pytest.mark.parametrize(
    ("results", "answers"),
    [
        ([], []),
        ([[]], []),
        ([[_ANSWERED]], ["TRT0002"]),
        ([[_ANSWERED, _WRITTEN]], ["TRT0009"]),
        ([[_ANSWERED], [_ANSWERED]], ["TRT0002"]),
        ([[_ANSWERED, {"from_name": "other", "value": {"text": [" "]}}]], ["TRT0002"]),
        ([[_ANSWERED, {"from_name": "other", "value": {"text": []}}]], ["TRT0002"]),
        ([[{"from_name": "other", "value": {"text": "nil"}}]], ["NIL"]),
        ([[{"type": "relation"}, _ANSWERED]], ["TRT0002"]),
    ],
)
def test_answers_of_label_studio(
    tmp_path: Path, results: list[list[dict[str, Any]]], answers: list[str]
) -> None:
    found = read_decisions(export(tmp_path, *results))
    assert [decision.concept_id for decision in found] == answers


def test_people_who_disagree_are_told(tmp_path: Path) -> None:
    with pytest.raises(OverridesError, match="task 1: people answered differently"):
        read_decisions(export(tmp_path, [_ANSWERED], [_WRITTEN]))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "not JSON"),
        ("{}", "no list of tasks"),
        ('[{"data": {}}]', "task 1: not of our export"),
        ('[{"data": {"type": "x", "mention": "y"}, "annotations": [{}]}]', "task 1"),
    ],
)
def test_another_export_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "export.json"
    path.write_text(content, "utf-8")
    with pytest.raises(OverridesError, match=reason):
        read_decisions(path)


def test_a_spreadsheet_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "queue.csv"
    path.write_text("mention,concept_id\n小粉片,TRT0001\n", "utf-8")
    with pytest.raises(OverridesError, match="line 1: the header lacks type"):
        read_decisions(path)
