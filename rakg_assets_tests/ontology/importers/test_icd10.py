"""Diagnoses of the national clinical edition, from workbooks and from text."""

from __future__ import annotations

import pytest

from rakg_assets.ontology.schema import EntityType
from rakg_assets_tests.ontology.importers.lists import read, reasons, text_list, workbook

DISEASE = EntityType.DISEASE
TITLE = ["疾病分类与代码国家临床版2.0", None, None]
HEADER = ["主要编码", "附加编码", "疾病名称"]


def test_a_workbook_with_a_title_above_its_header(tmp_path):
    rows = [
        TITLE,
        [],
        HEADER,
        ["M06.900", None, "类风湿性关节炎"],
        ["A02.202", "M01.3*", "沙门菌关节炎"],
        ["M05.301+", "G63.6*", "类风湿性关节炎伴多神经病"],
    ]
    terms, skipped = read("icd10", workbook(tmp_path / "a.xlsx", {"表": rows}), DISEASE)
    assert skipped == []
    assert [(t.code, t.name_zh) for t in terms] == [
        ("M06.900", "类风湿性关节炎"),
        ("A02.202+M01.3*", "沙门菌关节炎"),
        ("M05.301+G63.6*", "类风湿性关节炎伴多神经病"),
    ]
    assert terms[0].place == "a.xlsx, sheet 表, row 4"


@pytest.mark.parametrize(
    "header", [["编码", "名称"], ["ICD-10 编码", "诊断名称"], ["疾病编码", "疾病名称"]]
)
def test_headings_differ(tmp_path, header):
    rows = [header, ["A00.900", "霍乱"]]
    (term,), _ = read("icd10", workbook(tmp_path / "a.xlsx", {"Sheet1": rows}), DISEASE)
    assert (term.code, term.name_zh) == ("A00.900", "霍乱")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(("name", "separator"), [("a.tsv", "\t"), ("a.csv", ",")])
def test_text_without_header(tmp_path, encoding, name, separator):
    lines = [f"A00.100{separator}埃尔托霍乱", f"A00.900{separator}霍乱"]
    terms, _ = read("icd10", text_list(tmp_path / name, *lines, encoding=encoding), DISEASE)
    assert [(t.code, t.name_zh) for t in terms] == [("A00.100", "埃尔托霍乱"), ("A00.900", "霍乱")]
    assert terms[1].place == f"{name}, line 2"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("m06.900X001", "M06.900x001"),
        ("Ｍ０６.９００", "M06.900"),
        ("R12.X00", "R12.x00"),
        ("X59.900", "X59.900"),
        ("A17.000†", "A17.000"),
        ("A17.000+G01*", "A17.000+G01*"),
        ("M06 .900", "M06.900"),
        ("M06", "M06"),
    ],
)
def test_spellings_of_one_code(tmp_path, written, code):
    (term,), _ = read(
        "icd10", text_list(tmp_path / "a.tsv", "编码\t名称", f"{written}\t病"), DISEASE
    )
    assert term.code == code


def test_another_additional_code_is_no_part_of_the_code(tmp_path):
    rows = [HEADER, ["C50.900", "M80000/3", "乳腺恶性肿瘤"]]
    (term,), _ = read("icd10", workbook(tmp_path / "a.xlsx", {"表": rows}), DISEASE)
    assert term.code == "C50.900"


@pytest.mark.parametrize(
    ("code", "parents"),
    [
        ("M06.901x002", ("M06.901", "M06.900", "M06.9", "M06.x00", "M06")),
        ("M06.900x001", ("M06.900", "M06.9", "M06.x00", "M06")),
        ("M06.900", ("M06.9", "M06.x00", "M06")),
        ("M05.301+G63.6*", ("M05.300", "M05.3", "M05.x00", "M05")),
        ("R12.x00x002", ("R12.x00", "R12.x", "R12")),
        ("M06", ()),
    ],
)
def test_what_lies_above_a_code(tmp_path, code, parents):
    (term,), _ = read("icd10", text_list(tmp_path / "a.tsv", f"{code}\t病"), DISEASE)
    assert term.parents == parents


def test_bad_rows_are_skipped_with_place_and_reason(tmp_path):
    rows = [
        HEADER,
        ["A00-A09", None, "肠道传染病"],
        [None, None, "无码"],
        ["A00.900", None, "  "],
        [12.5, None, "数"],
        ["A00.900", None, "霍乱"],
    ]
    terms, skipped = read("icd10", workbook(tmp_path / "a.xlsx", {"表": rows}), DISEASE)
    assert len(terms) == 1
    assert reasons(skipped) == [
        "a.xlsx, sheet 表, row 2: no code of this classification",
        "a.xlsx, sheet 表, row 3: no code",
        "a.xlsx, sheet 表, row 4: no name",
        "a.xlsx, sheet 表, row 5: the code is a number, which may have lost zeros: "
        "format the column as text",
    ]
    assert skipped[0].text == "A00-A09 | 肠道传染病"


def test_only_what_lies_under_some_codes(tmp_path):
    lines = ["M06.900\t类风湿性关节炎", "R00.000\t心动过速", "R12.x00\t烧心"]
    source = text_list(tmp_path / "a.tsv", *lines)
    terms, skipped = read("icd10", source, EntityType.SYMPTOM, under=("R00", "R12"))
    assert [t.name_zh for t in terms] == ["心动过速", "烧心"]
    assert reasons(skipped) == ["not under the codes asked for"]
