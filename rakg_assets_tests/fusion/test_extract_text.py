from __future__ import annotations

import json

import pytest

from rakg_assets.admissions.readers import ReadOptions
from rakg_assets.corpus.documents import Document
from rakg_assets.fusion.extract import extract_rows
from rakg_assets.fusion.extract_text import (
    ExtractTextError,
    TextFile,
    extract_sections,
    read_sections,
    rows_as_json,
    rows_as_page,
)
from rakg_assets.fusion.linking import Linker
from rakg_assets_tests.end_to_end.inboxes import CANARY, PLANTED, Stay
from rakg_assets_tests.fusion.finder import Finder
from rakg_assets_tests.pages import Page, asks_the_network

LIMIT = 10_000
BARE = "双手肿痛5年，口服MTX。无发热。"


def read(data: bytes, name: str = "a.txt") -> TextFile:
    return read_sections(name, data, ReadOptions(), LIMIT)


def places(file: TextFile) -> list[tuple[str, str, str]]:
    return [(row["note"], row["section"], row["text"]) for row in file.sections]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_without_headings_or_dates_is_one_section(encoding: str) -> None:
    assert places(read(f"患者{BARE}\n".encode(encoding))) == [("病历", "全文", f"患者{BARE}")]


@pytest.mark.parametrize("style", ["【{}】\n", "## {}\n", "{}：", "{}\n"])
def test_any_style_of_heading_is_read(style: str) -> None:
    text = "".join(f"{style.format(name)}{BARE}\n" for name in ("主诉", "现病史"))
    expected = [("入院记录", "主诉", BARE), ("入院记录", "现病史", BARE)]
    assert places(read(text.encode())) == expected


def test_other_formats_of_the_inbox_are_read() -> None:
    sections = [{"note": "出院记录", "section": "出院诊断", "text": BARE}]
    row = json.dumps({"id": "J1", "sections": sections}, ensure_ascii=False)
    assert places(read(row.encode(), "a.json")) == [("出院记录", "出院诊断", BARE)]
    assert places(read(row.encode(), "standard input")) == [("出院记录", "出院诊断", BARE)]


def test_what_names_a_person_is_masked_and_offsets_stay() -> None:
    stay = Stay("A1", "2018-04")
    file = read(stay.text().encode())
    shown = rows_as_json(file.sections)
    assert not [text for text in PLANTED if text in shown]
    assert CANARY in shown
    history = next(row["text"] for row in file.sections if row["section"] == "现病史")
    assert history.startswith(f"患者{'＊' * len(PLANTED[0])}，女")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "没有任何内容"),
        (" \n\u200b".encode(), "export the file again"),
        (b"\xff\xfe\xff\xff\x00", "ends inside a character"),
        (b"\x00\x01\x02\x03" * 9, "is text in no known encoding (it holds NUL characters)"),
        (BARE.encode()[:-1], "ends inside a character"),
        (b"%PDF-1.7 " + b"x" * 99, "its content is PDF, not text"),
        (b"x" * (LIMIT + 1), "split the file, or raise the limit"),
        (f"姓名：闻人翠屏\n【主诉】{BARE}\n姓名：郁离鹤鸣\n".encode(), "two persons"),
    ],
    ids=["no byte", "blank", "UTF-16", "NUL", "cut", "PDF", "large", "two persons"],
)
def test_a_file_that_cannot_be_used_is_named_with_reason_and_remedy(data: bytes, said: str) -> None:
    with pytest.raises(ExtractTextError) as raised:
        read(data, "b.txt")
    assert str(raised.value).startswith("b.txt: ")
    assert said in str(raised.value)
    assert "肿痛" not in str(raised.value)


def test_a_bad_part_stops_no_other_and_is_named() -> None:
    lines = [json.dumps({"id": "1", "text": BARE}, ensure_ascii=False), f'{{"id": "{CANARY}'] * 2
    file = read("\n".join(lines).encode(), "a.jsonl")
    assert len(file.sections) == 2
    assert [sentence.split(": ")[0] for sentence in file.refused] == [
        "a.jsonl, line 2",
        "a.jsonl, line 4",
    ]
    assert CANARY not in "".join(file.refused)


def test_rows_are_those_of_extract_with_their_place_and_text(linker: Linker) -> None:
    file = read(f"【主诉】{BARE}".encode())
    [row] = extract_sections(file.sections, Finder(), linker)  # type: ignore[arg-type]
    [plain] = extract_rows(file.sections, Finder(), linker)  # type: ignore[arg-type]
    assert list(row) == ["id", "note", "section", "text", "entities", "relations"]
    assert {key: row[key] for key in plain} == plain
    assert all(e["text"] == row["text"][e["start"] : e["end"]] for e in row["entities"])
    [written] = rows_as_json([row]).splitlines()
    assert json.loads(written) == row
    assert Document.from_json(json.loads(written)).text == BARE


def test_the_page_names_concepts_and_says_that_names_are_masked(linker: Linker) -> None:
    file = read(f"【主诉】{BARE}".encode())
    rows = extract_sections(file.sections, Finder(), linker)  # type: ignore[arg-type]
    html = rows_as_page(rows, linker)
    assert not asks_the_network(html)
    page = Page(html)
    titles = [a["title"] for a in page.of_class("mark") if "title" in a]
    assert "T1 甲氨蝶呤 methotrexate" in str(titles[2]).split("\n")
    assert "masked with ＊" in page.text
    assert BARE.split("。")[0] in page.text
