"""Bytes to text: BOM, strict UTF-8, then strict GB18030 with a detector's consent.

Belongs here: encodings, what ends inside a character, signatures of binary formats. Does not belong
here: what the text means.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from rakg_assets.admissions.refusals import Refusal

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GB18030_BOM = b"\x84\x31\x95\x33"
_SIGNATURES = {
    b"PK\x03\x04": "ZIP",
    b"PK\x05\x06": "ZIP",
    b"%PDF-": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\xd0\xcf\x11\xe0": "old Office",
    b"\x1f\x8b\x08": "GZIP",
    b"7z\xbc\xaf": "7-Zip",
    b"Rar!\x1a": "RAR",
    b"BZh": "BZIP2",
    b"\xfd7zXZ": "XZ",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"{\\rtf": "RTF",
    b"SQLite format 3": "SQLite",
    b"PAR1": "Parquet",
    b"\x7fELF": "program",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
}
#: Words that hardly come out of bytes that are no GB18030.
_CLINICAL = re.compile("患者|入院|出院|主诉|病史|检查|诊断|记录")
_SAMPLE, _COMMON_SHARE = 20_000, 0.3
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


def binary_type(data: bytes) -> str | None:
    """The name of a well-known format that is no text; None if the bytes have no such mark."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((name for mark, name in _SIGNATURES.items() if head.startswith(mark)), None)


def decode(data: bytes) -> str:
    """The text of a file, without byte order mark.

    Raises `Refusal`: truncated_character where it ends inside one, undecodable where UTF-8,
    GB18030 and UTF-16 with BOM all fail or NULs stand in it.
    """
    content, encoding = _without_mark(data)
    text = decode_as(content, encoding)
    if encoding == "gb18030" and not _is_chinese(content, text):
        raise Refusal("undecodable", "the text would not be Chinese")
    return text


@dataclass(frozen=True)
class Line:
    """A line of a file; where it does not decode, `text` shows its bytes as far as it can."""

    text: str
    refusal: Refusal | None = None


def decode_lines(data: bytes) -> list[Line]:
    """The lines of a file, each decoded by itself: a damaged one leaves the others whole."""
    content, encoding = _without_mark(data)
    if encoding.startswith("utf-16"):
        return [Line(line) for line in decode_as(content, encoding).split("\n")]
    lines = [_line(line, encoding) for line in content.split(b"\n")]
    text = "\n".join(line.text for line in lines if not line.refusal)
    if encoding == "gb18030" and not _is_chinese(content, text):
        raise Refusal("undecodable", "the text would not be Chinese")
    return lines


def _line(data: bytes, encoding: str) -> Line:
    try:
        return Line(decode_as(data, encoding))
    except Refusal as refusal:
        return Line(data.decode(encoding, "backslashreplace"), refusal)


def _without_mark(data: bytes) -> tuple[bytes, str]:
    """The bytes behind a byte order mark and their encoding."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :], encoding
    return data.removeprefix(_GB18030_BOM), _encoding_of(data)


def _encoding_of(data: bytes) -> str:
    """UTF-8 if the bytes are, or mostly are, valid UTF-8; else GB18030."""
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        # Text of one encoding is hardly ever valid in the other: a few faults are damage.
        good = len(_MULTIBYTE.findall(data))
        faults = data.decode("utf-8", "replace").count("\ufffd")
        is_cut = _is_cut(error) and good > 0
        return "utf-8" if is_cut or good > 2 * faults else "gb18030"


def decode_as(data: bytes, encoding: str) -> str:
    """Strict decoding; raises `Refusal`, telling a cut last character from other faults."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if _is_cut(error):
            raise Refusal("truncated_character", encoding.upper()) from None
        raise Refusal("undecodable", f"{encoding.upper()} fails at byte {error.start}") from None
    if "\x00" in text:
        raise Refusal("undecodable", "it holds NUL characters")
    return text


def _is_cut(error: UnicodeDecodeError) -> bool:
    incomplete = ("unexpected end of data", "incomplete multibyte sequence", "truncated data")
    return error.reason in incomplete and error.end >= len(error.object)


def _is_chinese(data: bytes, text: str) -> bool:
    """Whether bytes that GB18030 decodes to a text are that, not another multi-byte encoding.

    A text with words of a record is. Else a detector must agree, and enough characters must be
    common ones: those of GB 2312's signs and first level.
    """
    if _CLINICAL.search(text):
        return True
    foreign = [character for character in text[:_SAMPLE] if ord(character) > 127]
    common = sum(map(_is_common, foreign))
    detected = from_bytes(data, cp_isolation=["gb18030"]).best() is not None
    return detected and common >= _COMMON_SHARE * len(foreign)


def _is_common(character: str) -> bool:
    lead = character.encode("gb2312", "ignore")[:1]
    return b"\xa1" <= lead <= b"\xa3" or b"\xb0" <= lead <= b"\xd7"
