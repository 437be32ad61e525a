"""Headers are found where lists have them; a file without one is told."""

from __future__ import annotations

import re

import pytest

from rakg_assets.ontology.importers.tables import Layout, table_records
from rakg_assets.ontology.importers.terms import Skipped, TermListError
from rakg_assets_tests.ontology.importers.lists import text_list, workbook

LAYOUT = Layout(
    {"code": ("编码", "ICD-10编码"), "name": ("名称",), "more": ("备注",)},
    ("code", "name"),
    ("code", "name"),
    re.compile("[A-Z][0-9]+"),
)


def cells(path, only=""):
    return [dict(r.cells) for r in table_records(path, LAYOUT, only)]


def test_columns_stand_in_any_order_under_any_heading(tmp_path):
    path = text_list(tmp_path / "a.csv", "说明", "", "名称,未知,icd-10 编码", "霍乱,x,A00", ",,")
    assert cells(path) == [{"name": "霍乱", "code": "A00"}]


def test_a_merged_heading_spans_empty_cells(tmp_path):
    path = text_list(tmp_path / "a.csv", "编码,名称,,备注", "A00,,霍乱,x", "A01,伤寒,y,")
    assert cells(path) == [
        {"code": "A00", "name": "霍乱", "more": "x"},
        {"code": "A01", "name": "伤寒"},
    ]


def test_a_list_may_have_no_header(tmp_path):
    path = text_list(tmp_path / "a.tsv", "A00\t霍乱", "A01\t伤寒")
    assert cells(path)[0] == {"code": "A00", "name": "霍乱"}


def test_cells_are_in_one_line(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", {"一": [["编码", "名称"], ["A00", "霍\n乱\u200b _x000D_"]]}
    )
    assert cells(path) == [{"code": "A00", "name": "霍 乱"}]


@pytest.mark.parametrize(
    ("lines", "seen"),
    [
        (["药品名称,规格", "甲氨蝶呤,2.5mg"], "药品名称、规格"),
        (["编码,说明", "A00,x"], "编码、说明"),
        (["1\t霍乱"], "1、霍乱"),
        ([], "nothing"),
    ],
)
def test_a_missing_header_is_told_with_what_stands_there(tmp_path, lines, seen):
    path = text_list(tmp_path / "a.csv", *lines)
    message = f"a.csv: no header with the columns 编码/ICD-10编码, 名称 .* begin with {seen}; check"
    with pytest.raises(TermListError, match=message):
        cells(path)


def test_sheets_without_header_are_skipped_if_another_has_one(tmp_path):
    known = [["编码", "名称"], ["A00", "霍乱"]]
    path = workbook(tmp_path / "a.xlsx", {"封面": [["标题"]], "一": known})
    note, record = table_records(path, LAYOUT)
    assert isinstance(note, Skipped)
    assert note.place == "a.xlsx, sheet 封面"
    assert record["name"] == "霍乱"
    with pytest.raises(TermListError, match=r"a\.xlsx, sheet 封面: no header"):
        list(table_records(path, LAYOUT, "封面"))


def test_a_text_file_has_no_sheet(tmp_path):
    with pytest.raises(TermListError, match="has no sheet 一; leave the sheet out"):
        cells(text_list(tmp_path / "a.csv", "编码,名称"), "一")
