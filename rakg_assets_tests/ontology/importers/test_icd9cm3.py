"""Procedures of the national clinical edition."""

from __future__ import annotations

import pytest

from rakg_assets.ontology.schema import EntityType
from rakg_assets_tests.ontology.importers.lists import read, reasons, text_list, workbook

ROWS = [
    ["手术操作分类代码国家临床版3.0"],
    ["手术编码", "手术名称", "类别", "录入选项"],
    ["81.5400", "全膝关节置换", "手术", "必选"],
    ["00.0200x001", "心脏血管治疗性超声", "治疗性操作", "选择性"],
    ["87.0300", "头部计算机断层扫描", "诊断性操作", "选择性"],
]


@pytest.fixture
def source(tmp_path):
    return workbook(tmp_path / "a.xlsx", {"手术": ROWS})


def test_operations_are_treatments_and_diagnostic_ones_are_not(source):
    terms, skipped = read("icd9cm3", source, EntityType.TREATMENT)
    assert [(t.code, t.name_zh) for t in terms] == [
        ("81.5400", "全膝关节置换"),
        ("00.0200x001", "心脏血管治疗性超声"),
    ]
    assert reasons(skipped) == ["诊断性操作 is no treatment"]


def test_diagnostic_ones_alone_are_tests(source):
    terms, skipped = read("icd9cm3", source, EntityType.IMAGING_TEST, under=("87", "88"))
    assert [t.code for t in terms] == ["87.0300"]
    assert len(skipped) == 2


def test_text_without_header(tmp_path):
    source = text_list(tmp_path / "a.tsv", "00.0102\t颈部血管治疗性超声", "17.971A0\t整复术")
    terms, skipped = read("icd9cm3", source, EntityType.TREATMENT)
    assert [t.code for t in terms] == ["00.0102", "17.971A0"]
    assert skipped == []


@pytest.mark.parametrize(
    ("code", "parents"),
    [
        ("81.5401x002", ("81.5401", "81.5400", "81.54", "81.5x00", "81.5", "81")),
        ("81.5400", ("81.54", "81.5x00", "81.5", "81")),
        ("01.6x00x003", ("01.6x00", "01.6", "01")),
        ("17.971A0", ("17.9700", "17.97", "17.9x00", "17.9", "17")),
        ("81", ()),
    ],
)
def test_what_lies_above_a_code(tmp_path, code, parents):
    (term,), _ = read("icd9cm3", text_list(tmp_path / "a.tsv", f"{code}\t术"), EntityType.TREATMENT)
    assert term.parents == parents


def test_a_code_that_a_spreadsheet_took_for_a_number_is_reported(tmp_path):
    rows = [ROWS[1], [0.01, "治疗性超声", "手术", None]]
    terms, skipped = read(
        "icd9cm3", workbook(tmp_path / "a.xlsx", {"表": rows}), EntityType.TREATMENT
    )
    assert terms == []
    assert "may have lost zeros" in skipped[0].reason
