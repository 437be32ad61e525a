"""Workbooks: what is no workbook is named, what a sheet says of its size is not trusted."""

from __future__ import annotations

import re
import zipfile

import pytest

from rakg_assets.ontology.importers.terms import TermListError
from rakg_assets.ontology.importers.workbook import is_workbook, sheets
from rakg_assets_tests.ontology.importers.lists import text_list, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def changed(path, member: str, change):
    """Rewrite a member of a workbook."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content[member] = change(content[member])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def rows_of(path, only=""):
    return {title: [row.cells for row in rows] for title, rows in sheets(path, only)}


def test_sheets_with_their_filled_rows(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"一": [["a", None], [], [1.0, 2.5]], "二": []})
    assert rows_of(path) == {"一": [("a",), ("1", "2.5")], "二": []}
    found = sheets(path)
    _, rows = next(found)
    assert [(r.place, r.numbers) for r in rows] == [
        ("a.xlsx, sheet 一, row 1", frozenset()),
        ("a.xlsx, sheet 一, row 3", frozenset({0, 1})),
    ]
    assert is_workbook(path)
    assert not is_workbook(text_list(tmp_path / "a.xlsx.txt", "x"))


def test_a_wrong_dimension_hides_no_row(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"一": [["a", "b"], ["c", "d"]]})

    def shrink(data: bytes) -> bytes:
        return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', data)

    changed(path, "xl/worksheets/sheet1.xml", shrink)
    assert rows_of(path) == {"一": [("a", "b"), ("c", "d")]}


def test_one_sheet_by_its_name(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"一": [["a"]], "二": [["b"]]})
    assert rows_of(path, "二") == {"二": [("b",)]}
    with pytest.raises(TermListError, match="no sheet 三; it has 一、二: name one of these"):
        rows_of(path, "三")


def test_a_password_is_told_from_an_old_format(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(TermListError, match="protected by a password; save it without one"):
        rows_of(path)
    path.write_bytes(OLE)
    with pytest.raises(TermListError, match=r"an old Office file \(\.xls\); save it as XLSX"):
        rows_of(path)


def test_a_cut_workbook_is_told(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"一": [["a"]]})
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(TermListError, match="broken or cut off; fetch it whole, again"):
        rows_of(path)


@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_damaged_part_is_told(tmp_path, member):
    path = workbook(tmp_path / "a.xlsx", {"一": [["a"], ["b"]]})
    changed(path, member, lambda data: data[: len(data) // 2])
    with pytest.raises(TermListError, match="broken or cut off"):
        rows_of(path)


def test_another_archive_is_told(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Loinc.csv", "x")
    with pytest.raises(TermListError, match="a ZIP archive, no workbook; unpack it"):
        rows_of(path)
