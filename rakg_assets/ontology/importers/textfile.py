"""Text files of term lists, line by line: encodings, separated and split rows.

Belongs here: bytes to rows. Does not belong here: headers (`tables.py`) or workbooks
(`workbook.py`).
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rakg_assets.ontology.importers.terms import TermListError

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_BINARY = {
    b"PK": "a ZIP archive or workbook",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a GZIP archive",
}
#: A separator is told from the lines that may stand above and in a header.
_OPENING = 20
_COMMON_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """A row: where it stands, its cells, which cells were numbers, what is wrong with it."""

    place: str
    cells: tuple[str, ...]
    numbers: frozenset[int] = frozenset()
    damage: str = ""


@dataclass(frozen=True, slots=True)
class _Fault:
    line: int
    is_cut: bool
    foreign_before: bool


def encoding_of(path: Path) -> str:
    """UTF-8, GB18030 or UTF-16 with a mark, whichever the whole file is.

    Raises `TermListError` for other files, damaged characters and a cut last one.
    """
    with path.open("rb") as file:
        head = file.read(4)
    for mark, what in _BINARY.items():
        if head.startswith(mark):
            raise TermListError(f"{path}: {what}, not text; unpack it or save it as UTF-8 text")
    for mark, encoding in _BOMS.items():
        if head.startswith(mark):
            _check(path, encoding, _fault(path, encoding))
            return encoding
    fault = _fault(path, "utf-8")
    if fault is None:
        return "utf-8"
    # Text of one encoding is hardly ever valid in the other: what began as UTF-8 is damaged.
    if fault.foreign_before or fault.is_cut:
        _check(path, "utf-8", fault)
    fault = _fault(path, "gb18030")
    _check(path, "gb18030", fault)
    if not _is_chinese(path):
        raise TermListError(
            f"{path}: neither UTF-8 nor GB18030 nor UTF-16 with a mark; save it as UTF-8"
        )
    return "gb18030"


def _check(path: Path, encoding: str, fault: _Fault | None) -> None:
    if fault is None:
        return
    where = f"{path}, line {fault.line}"
    if fault.is_cut:
        raise TermListError(f"{where}: the file ends inside a character; fetch it whole, again")
    raise TermListError(f"{where}: no {encoding.upper()} text; save the file as UTF-8")


def _fault(path: Path, encoding: str) -> _Fault | None:
    """Where a file stops being text of an encoding."""
    if encoding == "utf-16":
        return _fault_in_utf16(path)
    foreign = False
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError as error:
                cut = error.end >= len(line) and not line.endswith(b"\n")
                return _Fault(number, cut and "invalid" not in error.reason, foreign)
            if b"\x00" in line:
                return _Fault(number, False, True)
            foreign = foreign or not line.isascii()
    return None


def _fault_in_utf16(path: Path) -> _Fault | None:
    line = 1
    try:
        with path.open(encoding="utf-16", newline="\n") as file:
            for _ in file:
                line += 1
    except UnicodeError:
        return _Fault(line, True, True)
    return None


def _is_chinese(path: Path) -> bool:
    """Whether most of what GB18030 makes of the file's beginning is common in Chinese.

    Latin letters with accents decode too, as rare characters.
    """
    with path.open(encoding="gb18030", errors="replace") as file:
        foreign = [c for c in file.read(200_000) if ord(c) > 127]
    return sum(map(_is_common, foreign)) >= _COMMON_SHARE * len(foreign)


def _is_common(character: str) -> bool:
    """Whether a character is a sign or of the first level of GB 2312."""
    lead = character.encode("gb2312", "ignore")[:1]
    return b"\xa1" <= lead <= b"\xa3" or b"\xb0" <= lead <= b"\xd7"


def separated_rows(path: Path) -> Iterator[Row]:
    """Rows of a table with tabs or commas; cells with commas are quoted.

    Raises `TermListError` as `encoding_of` does, and for quotes that do not match.
    """
    with path.open(encoding=encoding_of(path), newline="") as file:
        opening = list(itertools.islice(file, _OPENING))
        file.seek(0)
        tabs, commas = (sum(sign in line for line in opening) for sign in "\t,")
        if tabs and tabs >= commas:
            rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        else:
            rows = csv.reader(file, strict=True)
        try:
            for cells in rows:
                yield Row(f"{path.name}, line {rows.line_num}", tuple(map(_unquoted, cells)))
        except csv.Error as error:
            place = f"{path}, line {rows.line_num}"
            raise TermListError(f"{place}: {error}; mend the quotes") from None


def _unquoted(cell: str) -> str:
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if quoted else cell


def split_rows(path: Path, separator: str, width: int = 0) -> Iterator[Row]:
    """Rows of a release file without quotes; one with fewer than `width` cells is damaged.

    Without a width the first row tells it.

    Raises `TermListError` as `encoding_of` does, and for a file that ends inside a row.
    """
    with path.open(encoding=encoding_of(path), newline="\n") as file:
        for number, line in enumerate(file, 1):
            cells = tuple(line.rstrip("\r\n").split(separator))
            place = f"{path.name}, line {number}"
            width = width or len(cells)
            if len(cells) >= width:
                yield Row(place, cells)
            elif not line.endswith("\n"):
                raise TermListError(f"{place}: the file ends inside a row; fetch it whole, again")
            elif line.strip():
                damage = f"{len(cells)} cells instead of {width}"
                yield Row(place, cells, damage=damage)
