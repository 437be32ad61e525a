"""XLSX workbooks of term lists, sheet by sheet and row by row.

Belongs here: archives, sheets, cells. Does not belong here: headers and columns (`tables.py`).
"""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

from rakg_assets.ontology.importers.terms import TermListError
from rakg_assets.ontology.importers.textfile import Row

_OLE = b"\xd0\xcf\x11\xe0"
#: The stream of an encrypted package, as its name stands in the compound file (MS-OFFCRYPTO).
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: What openpyxl raises for damaged archives and parts; faults of XML are syntax errors.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError),
    *(SyntaxError, KeyError, ValueError, TypeError, AttributeError),
)


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook or would be one: ZIP archives and old Office files."""
    with path.open("rb") as file:
        return file.read(4).startswith((b"PK", _OLE))


def sheets(path: Path, only: str = "") -> Iterator[tuple[str, Iterator[Row]]]:
    """The sheets of a workbook with their filled rows, or only the one named.

    Raises `TermListError` for a workbook that is protected, old, broken or lacks that sheet.
    """
    _check(path)
    with path.open("rb") as file:
        book = _opened(path, file)
        if only and only not in book.sheetnames:
            names = "、".join(book.sheetnames)
            raise TermListError(f"{path}: no sheet {only}; it has {names}: name one of these")
        for sheet in book.worksheets:
            if only in ("", sheet.title):
                yield sheet.title, _rows(path, sheet)


def _opened(path: Path, file: IO[bytes]) -> Any:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _BROKEN:
            raise _broken(path) from None


def _check(path: Path) -> None:
    """Raise `TermListError` for what is no XLSX workbook."""
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            file.seek(0)
            if _ENCRYPTED in file.read():
                raise TermListError(f"{path}: protected by a password; save it without one")
            raise TermListError(f"{path}: an old Office file (.xls); save it as XLSX")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        raise _broken(path) from None
    if any(member.flag_bits & 1 for member in members):
        raise TermListError(f"{path}: protected by a password; save it without one")
    if not any(member.filename.endswith("workbook.xml") for member in members):
        raise TermListError(f"{path}: a ZIP archive, no workbook; unpack it, give what is inside")


def _broken(path: Path) -> TermListError:
    return TermListError(f"{path}: the workbook is broken or cut off; fetch it whole, again")


def _rows(path: Path, sheet: Any) -> Iterator[Row]:
    """The filled rows. What a sheet says of its own size is not trusted."""
    sheet.reset_dimensions()
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            if any(value is not None for value in values):
                place = f"{path.name}, sheet {sheet.title}, row {number}"
                yield Row(place, tuple(map(_text, values)), _numbers(values))
    except _BROKEN:
        raise _broken(path) from None


def _numbers(values: tuple[Any, ...]) -> frozenset[int]:
    return frozenset(i for i, v in enumerate(values) if isinstance(v, (int, float, date)))


def _text(value: Any) -> str:
    from openpyxl.utils.escape import unescape

    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unescape(value) if isinstance(value, str) else str(value)
