"""Tables: how rows under a header become records, and CSV with comma, tab or semicolon.

Belongs here: headers, rows, separators. Does not belong here: what a column means
(`admissions/fields.py`), how cells make a record (`mapped.py`), workbooks (`workbook.py`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rakg_assets.admissions.fields import ADMISSION, ID, TEXT, role_of
from rakg_assets.admissions.readers.mapped import records_of
from rakg_assets.admissions.readers.registry import Parts, ReadOptions, checked_text, reader
from rakg_assets.admissions.records import RefusedPart
from rakg_assets.admissions.refusals import Refusal
from rakg_assets.ontology.sections import Section, is_blank

_DELIMITERS = (",", "\t", ";")
#: A header may stand below a title and blank rows.
HEADER_WITHIN = 20


@dataclass(frozen=True)
class Row:
    """A row: where it stands, its cells, how it was written, and what is wrong with it."""

    place: str
    cells: Sequence[Any]
    raw: str
    damage: str = ""
    ends_file: bool = False

    @property
    def is_filled(self) -> bool:
        """Whether any cell shows something."""
        return any(not is_blank(str(cell)) for cell in self.cells if cell is not None)


def header_score(rows: Iterable[Row], mapping: Mapping[str, str]) -> int:
    """How many known columns the best header among some rows has; 0 if there is none."""
    return max((_known_columns(row.cells, mapping) for row in rows), default=0)


def _known_columns(cells: Sequence[Any], mapping: Mapping[str, str]) -> int:
    """The number of known columns, 0 unless they say whose record or what it tells."""
    roles = [role_of(str(cell), mapping) for cell in cells if cell is not None]
    tells = any(isinstance(role, Section) or role == TEXT for role in roles)
    names = {ID, ADMISSION} <= {role for role in roles if isinstance(role, str)}
    return sum(role is not None for role in roles) if tells or names else 0


def table_records(rows: Iterable[Row], mapping: Mapping[str, str]) -> Parts:
    """The records below the first header; a row that does not fit it is refused by itself."""
    header: list[str] | None = None
    for row in rows:
        if header is None:
            if _known_columns(row.cells, mapping):
                header = [str(cell) if cell is not None else "" for cell in row.cells]
        elif row.damage:
            yield RefusedPart(Refusal("malformed", row.damage, row.place), row.raw)
        elif row.is_filled:
            yield from _record(row, header, mapping)


def _record(row: Row, header: list[str], mapping: Mapping[str, str]) -> Parts:
    try:
        _check_width(row, header, mapping)
        pairs = [(name, cell) for name, cell in zip(header, row.cells, strict=False) if name]
        yield from records_of(pairs, mapping, row.place, row.raw)
    except Refusal as refusal:
        yield RefusedPart(Refusal(refusal.reason, refusal.particulars, row.place), row.raw)


def _check_width(row: Row, header: list[str], mapping: Mapping[str, str]) -> None:
    """Raise `Refusal` for cells beyond the header, or for a row cut before it says anything.

    Programs leave out empty cells at a row's end, so that a short row alone is no error.
    """
    beyond = Row(row.place, row.cells[len(header) :], "")
    if beyond.is_filled:
        raise Refusal("malformed", f"{len(row.cells)} cells under {len(header)} columns")
    if len(row.cells) >= len(header):
        return
    filled = {
        role_of(name, mapping)
        for name, cell in zip(header, row.cells, strict=False)
        if cell is not None and not is_blank(str(cell))
    }
    tells = any(isinstance(role, Section) or role == TEXT for role in filled)
    if row.ends_file or not tells or ADMISSION not in filled:
        raise Refusal("malformed", f"{len(row.cells)} cells under {len(header)} columns")


@reader("csv", suffixes=(".csv", ".tsv", ".tab"), recognises=lambda data: False)
def read_csv(data: bytes, options: ReadOptions) -> Parts:
    """Read a separated table in the separator that gives most known columns."""
    text = checked_text(data, "a separated table")
    scores = {
        delimiter: header_score(islice(_csv_rows(text, delimiter), HEADER_WITHIN), options.mapping)
        for delimiter in _DELIMITERS
    }
    delimiter = max(_DELIMITERS, key=scores.__getitem__)
    if not scores[delimiter]:
        raise Refusal("malformed", "no column is known; name other columns in a mapping file")
    parts = list(table_records(_csv_rows(text, delimiter), options.mapping))
    if not parts:
        raise Refusal("empty", "a header without rows")
    return parts


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    # The limit is one for the process and guards nothing here: the text is in memory already.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    lines, taken = list(io.StringIO(text, newline="")), []
    rows = csv.reader(_noted(lines, taken), delimiter=delimiter, strict=True)
    while True:
        place, damage, cells = f"line {rows.line_num + 1}", "", []
        taken.clear()
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            damage = "its quotes do not match"
        ends_file = rows.line_num == len(lines) and not text.endswith(("\n", "\r"))
        yield Row(place, cells, "".join(taken), damage, ends_file)


def _noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line
