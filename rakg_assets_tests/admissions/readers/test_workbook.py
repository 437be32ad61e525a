"""Workbooks: cells, sheets, and archives that mean harm."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path

import pytest

from rakg_assets_tests.admissions.inboxes import COLUMNS, as_xlsx, read_one

SHEET = "xl/worksheets/sheet1.xml"
GOOD = as_xlsx([COLUMNS, ["A", date(2018, 10, 8), None, "痛", "x"]])


def changed(change: Callable[[bytes], bytes], part: str = SHEET) -> bytes:
    """The good workbook with one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return target.getvalue()


def with_rows(rows: str) -> bytes:
    return changed(lambda xml: xml.replace(b"</sheetData>", rows.encode() + b"</sheetData>"))


@pytest.mark.parametrize(
    "cell",
    [
        date(2018, 10, 8),
        datetime(2018, 10, 8, 23, 59, 59),
        "2018年10月8日",
        "2018/10/8 9:30",
        20181008,
        20181008.0,
        43381,
        43381.75,
    ],
)
def test_dates_come_in_every_kind_of_cell(tmp_path: Path, cell: object) -> None:
    result = read_one(tmp_path, "a.xlsx", as_xlsx([COLUMNS, ["A", cell, None, "痛", "x"]]))
    assert result.dates == [("2018-10-08", "None")]


def test_every_sheet_with_known_columns_is_read(tmp_path: Path) -> None:
    book = as_xlsx(
        [COLUMNS, ["A", date(2018, 10, 8), None, "痛", "x"]],
        [["说明"], ["导出于2020年"]],
        [],
        [
            [],
            ["标题"],
            ["记录编号", "入院日期", "主诉"],
            [12.0, "2018.11.2", 38.5],
            [None, " ", None],
        ],
    )
    result = read_one(tmp_path, "a.XLSX", book)
    assert result.only == ("accepted", 2, None)
    assert result.sections_of("12") == {("入院记录", "主诉"): "38.5"}
    assert list(result.manifest["place"]) == ["sheet 1, row 2", "sheet 4, row 4"]


def test_cells_that_are_no_text_become_text(tmp_path: Path) -> None:
    row = ["A", date(2018, 10, 8), None, "痛_x000D_\n肿", datetime(2018, 1, 2)]
    sections = read_one(tmp_path, "a.xlsx", as_xlsx([COLUMNS, row])).sections
    assert sections["入院记录", "主诉"] == "痛\r\n肿"
    assert sections["入院记录", "现病史"] == "2018-01-02"


@pytest.mark.parametrize(
    ("book", "reason"),
    [
        (as_xlsx([COLUMNS]), "empty"),
        (as_xlsx([[]]), "empty"),
        (as_xlsx([["a", "b"], [1, 2]]), "malformed"),
        (as_xlsx([COLUMNS, ["A", clock(3, 4), None, "痛", "x"]]), "no_admission_date"),
        (as_xlsx([COLUMNS, ["A", "=DATE(2018,1,2)", None, "痛", "x"]]), "no_admission_date"),
        (as_xlsx([COLUMNS, [True, date(2018, 1, 2), None, "痛", "x"]]), "malformed"),
        (GOOD[:-200], "malformed"),
        (GOOD[:1500] + bytes(200) + GOOD[1700:], "malformed"),
        (changed(lambda xml: xml[:-40]), "malformed"),
        (changed(lambda xml: xml.replace(b'r="A2"', b'r="ZZZZZ2"')), "malformed"),
        (GOOD.replace(b"workbook.xml", b"document.xml"), "malformed"),
    ],
)
def test_refuses_with_a_reason(tmp_path: Path, book: bytes, reason: str) -> None:
    assert read_one(tmp_path, "a.xlsx", book).only == ("quarantined", 0, reason)


def test_a_bad_row_leaves_the_others(tmp_path: Path) -> None:
    rows = [COLUMNS, ["A", "2018-02-30", None, "痛", "x"], ["B", date(2018, 1, 1), None, "痛", "y"]]
    assert read_one(tmp_path, "a.xlsx", as_xlsx(rows)).only == ("partial", 1, "no_admission_date")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_a_part_are_refused(tmp_path: Path, encoding: str) -> None:
    def declare(xml: bytes) -> bytes:
        body = xml.decode().rpartition("?>")[2].replace(">痛<", ">&b;<")
        doctype = '<!DOCTYPE worksheet [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
        return f'<?xml version="1.0" encoding="{encoding}"?>{doctype}{body}'.encode(encoding)

    assert read_one(tmp_path, "a.xlsx", changed(declare)).only[2] == "malformed"


def test_what_unpacks_to_more_than_eight_times_the_limit_is_too_large(tmp_path: Path) -> None:
    def padded(size: int) -> bytes:
        return changed(lambda xml: xml + b" " * size)

    limit = {"max_file_bytes": 100_000}
    assert read_one(tmp_path, "a.xlsx", padded(700_000), **limit).only[0] == "accepted"
    assert read_one(tmp_path, "a.xlsx", padded(900_000), **limit).only[2] == "too_large"


def test_a_size_that_lies_does_not_help(tmp_path: Path) -> None:
    book = bytearray(changed(lambda xml: xml + b" " * 900_000))
    at = 0
    while (at := bytes(book).find(b"PK\x01\x02", at)) >= 0:
        if struct.unpack("<I", book[at + 24 : at + 28])[0] > 500_000:
            book[at + 24 : at + 28] = struct.pack("<I", 1000)
        at += 4
    result = read_one(tmp_path, "a.xlsx", bytes(book), max_file_bytes=100_000)
    assert result.only == ("quarantined", 0, "malformed")


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ('<row r="900000"><c r="XFD900000"><v>1</v></c></row>', "accepted"),
        ('<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>', "quarantined"),
        (
            "".join(f'<row r="{r}"><c r="XFD{r}"><v>1</v></c></row>' for r in range(3, 3000)),
            "quarantined",
        ),
    ],
)
def test_cells_far_out_do_not_hang(tmp_path: Path, rows: str, outcome: str) -> None:
    start = time.perf_counter()
    assert read_one(tmp_path, "a.xlsx", with_rows(rows)).only[0] == outcome
    assert time.perf_counter() - start < 20
