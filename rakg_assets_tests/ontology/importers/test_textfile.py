"""Text files: encodings are told apart, damage is named by its line."""

from __future__ import annotations

import gzip

import pytest

from rakg_assets.ontology.importers.terms import TermListError
from rakg_assets.ontology.importers.textfile import encoding_of, separated_rows, split_rows

TEXT = "A00.900\t霍乱\nA01.000\t伤寒\n"


def written(tmp_path, data: bytes, name: str = "a.txt"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_an_encoding_is_recognised(tmp_path, encoding):
    path = written(tmp_path, TEXT.encode(encoding))
    assert path.read_text(encoding_of(path)) == TEXT


def test_ascii_is_utf8(tmp_path):
    assert encoding_of(written(tmp_path, b"A00\tcholera\n")) == "utf-8"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("霍乱\n伤寒".encode()[:-1], r"line 2: the file ends inside a character; fetch it"),
        ("霍乱".encode()[:-1], r"line 1: the file ends inside a character"),
        (f"{TEXT}\n".encode() + b"\xff\xfe\n", r"line 4: no UTF-8 text; save the file as UTF-8"),
        (TEXT.encode("gb18030") + b"\xff\n", r"line 3: no GB18030 text"),
        (TEXT.encode("gb18030").rstrip()[:-1], r"line 2: the file ends inside a character"),
        ("10\tSjögren\n".encode("latin-1"), r"neither UTF-8 nor GB18030 nor UTF-16"),
        (TEXT.encode("utf-16-le"), r"line 1: no GB18030 text"),
        (TEXT.encode("utf-16")[:-1], r"line 2: the file ends inside a character"),
        (gzip.compress(b"x", mtime=0), r"a GZIP archive, not text; unpack it"),
        (b"PK\x03\x04", r"a ZIP archive or workbook, not text"),
        (b"%PDF-1.7", r"a PDF, not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", r"an old Office file, not text"),
    ],
)
def test_what_is_no_text_is_named_with_a_remedy(tmp_path, data, message):
    with pytest.raises(TermListError, match=message):
        encoding_of(written(tmp_path, data))


def test_tabs_and_commas_separate(tmp_path):
    tabbed = written(tmp_path, '编码\t名称\nA\t"甲,""乙"""\n'.encode())
    assert [r.cells for r in separated_rows(tabbed)] == [("编码", "名称"), ("A", '甲,"乙"')]
    commas = written(tmp_path, '编码,名称\nA,"甲,""乙"""\n'.encode())
    assert [r.cells for r in separated_rows(commas)] == [("编码", "名称"), ("A", '甲,"乙"')]
    assert [r.place for r in separated_rows(commas)] == ["a.txt, line 1", "a.txt, line 2"]


def test_a_tab_inside_a_cell_is_no_separator(tmp_path):
    path = written(tmp_path, b"a,b\n1,x\ty\n2,z\n")
    assert [r.cells for r in separated_rows(path)][1] == ("1", "x\ty")


@pytest.mark.parametrize("text", ['编码,名称\nA,"甲\n', '编码,名称\nA,"甲"乙\n'])
def test_quotes_that_do_not_match_are_told(tmp_path, text):
    with pytest.raises(TermListError, match=r"a\.txt, line 2: .*; mend the quotes"):
        list(separated_rows(written(tmp_path, text.encode())))


def test_split_rows_tell_damage(tmp_path):
    rows = list(split_rows(written(tmp_path, b"a$b$c\r\nd$e\n\nf$g$h$i\n"), "$"))
    assert [(r.cells, r.damage) for r in rows] == [
        (("a", "b", "c"), ""),
        (("d", "e"), "2 cells instead of 3"),
        (("f", "g", "h", "i"), ""),
    ]
    assert rows[1].place == "a.txt, line 2"


def test_a_file_that_ends_inside_a_row_is_told(tmp_path):
    with pytest.raises(TermListError, match=r"a\.txt, line 2: the file ends inside a row; fetch"):
        list(split_rows(written(tmp_path, b"a$b$c\nd$e"), "$"))
    assert len(list(split_rows(written(tmp_path, b"a$b$c\nd$e$f"), "$"))) == 2
