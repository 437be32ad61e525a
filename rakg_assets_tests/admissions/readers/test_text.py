"""Plain-text files, and what only bears their name."""

from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets_tests.admissions.inboxes import (
    SECTIONS,
    as_csv,
    as_json,
    as_xlsx,
    cda,
    plain,
    read_one,
)

MARKED = """#RECORD id={id} admission=2018-03-05 discharge=2018-03-16
##入院记录
###主诉
{{b1:body_part|双手}}{{s1:symptom|肿痛}}3年。
##出院记录
###辅助检查
血沉。
#RELATIONS
body_part_symptom b1 s1
"""


@pytest.mark.parametrize("name", ["a.txt", "a.TXT", "a", "a.log", "a.md", ".hidden", "病 历#1.txt"])
def test_text_is_read_under_any_name(tmp_path: Path, name: str) -> None:
    result = read_one(tmp_path, name, plain())
    assert result.only == ("accepted", 1, None)
    assert result.sections == SECTIONS


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", as_xlsx([["a"]])),
        ("a.txt", b"%PDF-1.7\n%\xe2\xe3"),
        ("a.txt", as_json()),
        ("a.txt", as_json() + "\n" + as_json()),
        ("a.txt", cda()),
        ("a.txt", "{\\rtf1 主诉}"),
        ("a.json", b"\x89PNG\r\n\x1a\n" + bytes(9)),
        ("a.json", plain()),
        ("a.json", as_xlsx([["a"]])),
        ("a.csv", b"%PDF-1.4"),
        ("a.csv", as_json()),
        ("a.csv", as_xlsx([["a"]])),
        ("a.xml", as_json()),
        ("a.xml", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("a.xlsx", plain()),
        ("a.xlsx", as_csv([["主诉"]])),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("a.docx", as_xlsx([["a"]]).replace(b"workbook", b"document")),
        ("a.html", "<!DOCTYPE html><html><body>入院日期：2018-01-02</body></html>"),
    ],
)
def test_another_type_than_the_name_says_is_malformed(
    tmp_path: Path, name: str, content: str | bytes
) -> None:
    assert read_one(tmp_path, name, content).only == ("quarantined", 0, "malformed")


@pytest.mark.parametrize(
    "content", ["", " \n\t", "\u200b\ufeff\u2060", b"\xff\xfe", b"\xef\xbb\xbf"]
)
@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.jsonl", "a.csv", "a.xml", "a"])
def test_what_shows_nothing_is_empty(tmp_path: Path, name: str, content: str | bytes) -> None:
    assert read_one(tmp_path, name, content).only == ("quarantined", 0, "empty")


def test_headings_without_text_are_empty(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.txt", plain("主诉：\n现病史：\n")).only[2] == "empty"


def test_records_in_markup_lose_their_marks(tmp_path: Path) -> None:
    result = read_one(tmp_path, "a.txt", MARKED.format(id="E1") + MARKED.format(id="E2"))
    assert result.only == ("accepted", 2, None)
    assert result.sections_of("E2") == {
        ("入院记录", "主诉"): "双手肿痛3年。",
        ("出院记录", "辅助检查"): "血沉。",
    }


def test_faulty_markup_refuses_its_record_only(tmp_path: Path) -> None:
    faulty = MARKED.format(id="E2").replace("}", "", 1)
    result = read_one(tmp_path, "a.txt", MARKED.format(id="E1") + faulty)
    assert result.only == ("partial", 1, "malformed")
