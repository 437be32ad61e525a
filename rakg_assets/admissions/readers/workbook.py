"""XLSX workbooks: every sheet whose header is known, within the limits of an archive.

Belongs here: archives, sheets, cells. Does not belong here: headers and rows (`tables.py`).
"""

from __future__ import annotations

import io
import json
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.escape import unescape

from rakg_assets.admissions.encoding import binary_type
from rakg_assets.admissions.fields import ADMISSION, DISCHARGE, ID, role_of
from rakg_assets.admissions.readers.registry import Parts, ReadOptions, reader
from rakg_assets.admissions.readers.tables import HEADER_WITHIN, Row, header_score, table_records
from rakg_assets.admissions.records import RawRecord, RefusedPart
from rakg_assets.admissions.refusals import Refusal

#: Rows that a sheet can have by the file format, and what is read of a workbook at most.
_MOST_ROWS = 1_048_576
_MOST_CELLS = 20_000_000
_MOST_MEMBERS = 10_000
#: Day numbers of the years 1954 to 2119: dates that lost their format. 20190305 is none of them.
_DAY_NUMBERS = (20_000, 80_000)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@reader("xlsx", suffixes=(".xlsx", ".xlsm"), recognises=lambda data: data[:4] == b"PK\x03\x04")
def read_workbook(data: bytes, options: ReadOptions) -> Parts:
    """Read a workbook; dates may be cells, numbers or text. Formulas count by their last value."""
    _check_archive(data, options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            return _parts(book, options)
        finally:
            book.close()


def _check_archive(data: bytes, options: ReadOptions) -> None:
    """Raise `Refusal` for what is no workbook, unpacks to too much or declares entities."""
    if (kind := binary_type(data)) != "ZIP":
        raise Refusal("malformed", f"its content is {kind or 'text'}, not XLSX")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise Refusal("malformed", "the archive is broken") from None
    with archive:
        members = archive.infolist()
        if sum(m.file_size for m in members) > options.max_unpacked_bytes:
            raise Refusal("too_large", "what it unpacks to")
        if not any(m.filename.endswith("workbook.xml") for m in members):
            raise Refusal("malformed", "the archive holds no workbook")
        if len(members) > _MOST_MEMBERS or any(m.flag_bits & 1 for m in members):
            raise Refusal("malformed", "the archive is encrypted or has too many parts")
        for member in members:
            if member.filename.endswith((".xml", ".rels")):
                with archive.open(member) as part:
                    if _DECLARATION.search(part.read(4096)):
                        raise Refusal("malformed", "a part declares a document type")


def _parts(book: Workbook, options: ReadOptions) -> Parts:
    parts: list[RawRecord | RefusedPart] = []
    known = filled = False
    budget = _Budget()
    for number, sheet in enumerate(book.worksheets, 1):
        rows = _rows(sheet, number, book.epoch, budget, options)
        opening = list(islice(rows, HEADER_WITHIN))
        filled = filled or any(row.is_filled for row in opening)
        if header_score(opening, options.mapping):
            known = True
            parts += table_records(chain(opening, rows), options.mapping)
    if not parts and filled and not known:
        raise Refusal("malformed", "no sheet has a known column; name columns in a mapping file")
    if not parts:
        raise Refusal("empty", "no sheet has rows below a header")
    return parts


class _Budget:
    """Bounds what a small archive can make a program do: cells far out, rows without end."""

    def __init__(self) -> None:
        self.left = _MOST_CELLS

    def spend(self, row: int, cells: int) -> None:
        self.left -= cells
        if row > _MOST_ROWS or self.left < 0:
            raise Refusal("too_large", "rows or cells of a sheet")


def _rows(
    sheet: Any, number: int, epoch: datetime, budget: _Budget, options: ReadOptions
) -> Iterator[Row]:
    """The filled rows of a sheet. What a sheet says of its own size is not trusted."""
    sheet.reset_dimensions()
    roles: list[Any] = []
    for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
        budget.spend(line, len(values))
        if all(value is None for value in values):
            continue
        if not roles and header_score([Row("", values, "")], options.mapping):
            roles = [role_of(str(value), options.mapping) for value in values]
            yield Row(f"sheet {number}, row {line}", values, "")
            continue
        raw = json.dumps([None if v is None else str(v) for v in values], ensure_ascii=False)
        # What stands right of the header has no column; a title above it has no roles yet.
        cells = [_cell(v, r, epoch) for v, r in zip(values, roles or values, strict=False)]
        cells += [None] * (len(roles) - len(cells))
        yield Row(f"sheet {number}, row {line}", cells, raw)


def _cell(value: Any, role: Any, epoch: datetime) -> Any:
    """A cell as text, but for dates and numbers in the columns that want them."""
    if isinstance(value, str):
        return unescape(value)
    if role in (ADMISSION, DISCHARGE) and isinstance(value, (int, float)):
        in_range = not isinstance(value, bool) and _DAY_NUMBERS[0] <= value < _DAY_NUMBERS[1]
        return from_excel(value, epoch) if in_range else value
    if value is None or role in (ADMISSION, DISCHARGE, ID):
        return value
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
