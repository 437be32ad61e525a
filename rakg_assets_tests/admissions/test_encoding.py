"""Bytes to text: encodings, cuts, damage, other formats."""

from __future__ import annotations

import codecs
import os

import pytest

from rakg_assets.admissions.encoding import binary_type, decode, decode_lines
from rakg_assets.admissions.refusals import Refusal
from rakg_assets_tests.admissions.inboxes import plain

TEXT = plain()
RARE = TEXT + "𠮷"


def reason(data: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        decode(data)
    return caught.value.reason


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gbk"),
        TEXT.encode("gb18030"),
        b"\x84\x31\x95\x33" + TEXT.encode("gb18030"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
)
def test_decodes_what_hospitals_write(data: bytes) -> None:
    assert decode(data) == TEXT


def test_decodes_characters_of_four_bytes() -> None:
    assert decode(RARE.encode("gb18030")) == RARE


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode()[:-1],
        TEXT.encode()[:-2],
        codecs.BOM_UTF8 + TEXT.encode()[:-1],
        TEXT.encode("gb18030")[:-1],
        RARE.encode("gb18030")[:-1],
        RARE.encode("gb18030")[:-2],
        RARE.encode("gb18030")[:-3],
        TEXT.encode("utf-16")[:-1],
        RARE.encode("utf-16")[:-2],
        "主诉：痛".encode()[:-1],
    ],
)
def test_tells_a_text_that_ends_inside_a_character(data: bytes) -> None:
    assert reason(data) == "truncated_character"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode()[:300] + b"\xff" + TEXT.encode()[300:],
        TEXT.encode("gb18030")[:300] + b"\xff\xff" + TEXT.encode("gb18030")[300:],
        TEXT.encode() + TEXT.encode("gb18030"),
        TEXT.replace("痛", "\0").encode(),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-32"),
        "入院日期：2019年3月5日 主訴：雙膝關節腫痛三年".encode("big5"),
        "関節リウマチの患者は入院した。".encode("shift_jis"),
        "환자는 관절염으로 입원하였다".encode("euc-kr")[:-1] + b"\xff",
        "Übungen über Köln größer".encode("latin-1"),
        os.urandom(64) + bytes(2000) + os.urandom(2000),
    ],
)
def test_refuses_what_no_encoding_decodes(data: bytes) -> None:
    assert reason(data) == "undecodable"


def test_a_damaged_line_leaves_the_others_whole() -> None:
    lines = decode_lines("主诉\n".encode() * 3 + b"\xff\xfe\n" + "现病史\n中".encode()[:-1])
    assert [line.text for line in lines if not line.refusal] == ["主诉"] * 3 + ["现病史"]
    assert [line.refusal.reason for line in lines if line.refusal] == [
        "undecodable",
        "truncated_character",
    ]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"PK\x03\x04rest", "ZIP"),
        (b"\xef\xbb\xbf%PDF-1.4", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Office"),
        (b"{\\rtf1", "RTF"),
        ("主诉".encode(), None),
        (b"", None),
    ],
)
def test_knows_formats_that_are_no_text(data: bytes, name: str | None) -> None:
    assert binary_type(data) == name
