from __future__ import annotations

import csv
import io
import json

import pytest

from rakg_assets.graph.answer_tables import FORMATS, as_csv, as_json, as_table

ROWS = [
    {"id": "TRT1", "name_zh": "甲氨蝶呤, 片", "share": 0.6, "months": {"2018-03": 6, "2018-05": 6}},
    {"id": "TRT2", "name_zh": "来氟米特", "share": 0.4, "months": {"2018-03": 8}},
]


def test_a_table_shows_shares_in_percent_and_support_by_month() -> None:
    header, _, first, second = as_table(ROWS).splitlines()
    assert header.split() == ["id", "name_zh", "share", "months"]
    assert first.split() == ["TRT1", "甲氨蝶呤,", "片", "60.0%", "2018-03:6", "2018-05:6"]
    assert second.split()[-2:] == ["40.0%", "2018-03:8"]


def test_json_gives_the_rows_back() -> None:
    assert json.loads(as_json(ROWS)) == ROWS
    assert "甲氨蝶呤" in as_json(ROWS)


def test_csv_gives_the_rows_back() -> None:
    back = list(csv.DictReader(io.StringIO(as_csv(ROWS))))
    assert [row["name_zh"] for row in back] == ["甲氨蝶呤, 片", "来氟米特"]
    assert [float(row["share"]) for row in back] == [0.6, 0.4]
    assert [json.loads(row["months"]) for row in back] == [row["months"] for row in ROWS]


@pytest.mark.parametrize(("format", "text"), [("table", ""), ("json", "[]"), ("csv", "")])
def test_no_answer_is_no_row(format: str, text: str) -> None:
    assert FORMATS[format]([]) == text
