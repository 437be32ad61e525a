"""Names, codes and headings of notes and sections."""

from __future__ import annotations

import time

import pytest

from rakg_assets.ontology.sections import (
    SECTIONS,
    find_heading,
    fold,
    inline_headings,
    is_blank,
    note_named,
    reading_order,
    section_by_data_element,
    section_by_loinc,
    section_named,
)

HEADINGS = [
    ("【主诉】关节痛", "主诉", "关节痛"),
    ("  【 主 诉 】：关节痛", "主诉", "关节痛"),
    ("【主诉：】关节痛", "主诉", "关节痛"),
    ("［主诉］", "主诉", ""),
    ("# 主诉", "主诉", ""),
    ("##主诉", "主诉", ""),
    ("＃＃主诉", "主诉", ""),
    ("## 主诉 ##", "主诉", ""),
    ("## 主诉 关节痛", "主诉", " 关节痛"),
    ("主诉", "主诉", ""),
    ("主\u200b诉\ufeff", "主诉", ""),
    ("主　诉　：关节痛", "主诉", "关节痛"),
    ("主诉:关节痛", "主诉", "关节痛"),
    ("既往史" + " " * 200, "既往史", ""),
    ("一、主诉：关节痛", "主诉", "关节痛"),
    ("（二）现病史", "现病史", ""),
    ("查体：双手肿", "体格检查", "双手肿"),
    ("【月经史】14岁", "婚育史", "14岁"),
    ("⼊院情况", "入院情况", ""),
]
NOTES = [
    ("入院记录", "入院记录"),
    ("# 出院记录", "出院记录"),
    ("【入院记录】", "入院记录"),
    ("出 院 记 录：", "出院记录"),
    ("出院记录（第2次）", "出院记录"),
    ("出院记录 2018年4月20日", "出院记录"),
    ("南屏市第三人民医院出院记录", "出院记录"),
    ("南屏市第三人民医院风湿免疫科入院记录", "入院记录"),
    ("出院记录 姓名：甲", "出院记录"),
    ("出院小结", "出院记录"),
]
TEXT = [
    "体格检查未见异常",
    "#体格检查未见异常",
    "患者既往史：高血压",
    "详见入院记录",
    "出院记录中描述",
    "体格检查" + "x" * 100,
    "主诉关节痛",
    "24小时入出院记录",
    "全文",
    "",
]


@pytest.mark.parametrize(("line", "name", "rest"), HEADINGS)
def test_reads_a_heading_of_a_section(line: str, name: str, rest: str) -> None:
    heading = find_heading(line)
    assert heading is not None
    assert heading.section is not None
    assert heading.section.section == name
    assert line[heading.end :].rstrip() == rest.rstrip()


@pytest.mark.parametrize(("line", "note"), NOTES)
def test_reads_a_heading_of_a_note(line: str, note: str) -> None:
    heading = find_heading(line)
    assert heading is not None
    assert (heading.note, heading.section) == (note, None)


@pytest.mark.parametrize("line", TEXT)
def test_words_of_headings_in_text_are_no_heading(line: str) -> None:
    assert find_heading(line) is None


@pytest.mark.parametrize(
    ("line", "starts"),
    [
        ("【主诉】痛。【现病史】久。", [0, 6]),
        ("【主诉】痛【现病史】久", [0, 5]),
        ("入院记录【主诉】痛。出院记录【诊疗经过】好", [0, 4, 10, 14]),
        ("体征同【体格检查】，如【现病史】所述（见【既往史】）。", []),
        ("【辅助检查】部分异常", [0]),
    ],
)
def test_finds_bracketed_headings_within_a_line(line: str, starts: list[int]) -> None:
    assert inline_headings(line) == starts


@pytest.mark.parametrize(
    ("name", "note", "section"),
    [
        ("主 诉", "入院记录", "主诉"),
        ("专科检查", "入院记录", "体格检查"),
        ("出院记录/辅助检查", "出院记录", "辅助检查"),
        ("出院记录辅助检查", "出院记录", "辅助检查"),
        ("辅助检查", "入院记录", "辅助检查"),
        ("全文", "病历", "全文"),
    ],
)
def test_names_of_keys_and_columns(name: str, note: str, section: str) -> None:
    found = section_named(name)
    assert found is not None
    assert (found.note, found.section) == (note, section)


def test_other_names_are_no_section() -> None:
    assert section_named("年龄") is None
    assert section_named("入院记录") is None
    assert note_named("入院记录") == "入院记录"
    assert note_named("主诉") is None


def test_codes_lead_to_sections() -> None:
    assert all(section_by_loinc(s.loinc) == s for s in SECTIONS)
    assert all(section_by_data_element(s.data_element, s.note) == s for s in SECTIONS)
    assert section_by_loinc("1-1") is None
    assert section_by_data_element("DE05.01.025.00").section == "初步诊断"


def test_folding_keeps_the_length() -> None:
    text = "２０１８年①ﬁ㎎：＃⼊Ａ\u200b𠮷"
    assert len(fold(text)) == len(text)
    assert fold("２０１８：") == "2018:"


@pytest.mark.parametrize("text", ["", " \n\t\u3000", "\u200b\ufeff\u2060\u00ad", "\u2800\u3164"])
def test_text_that_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


def test_the_order_of_reading_puts_the_whole_text_last() -> None:
    places = [("病历", "全文"), ("出院记录", "出院诊断"), ("入院记录", "主诉")]
    assert sorted(places, key=lambda p: reading_order(*p)) == places[::-1]


def test_long_lines_take_no_long_time() -> None:
    start = time.perf_counter()
    for line in ("a" * 10**6, " " * 10**6, "【" * 10**5, "#" * 10**6, "主 " * 10**5):
        find_heading(line)
        inline_headings(line[: 10**5])
    assert time.perf_counter() - start < 5
