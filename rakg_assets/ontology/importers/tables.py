"""Tables with a header: which column is which, in a workbook or a separated text file.

Belongs here: headers and columns. Does not belong here: files (`textfile.py`, `workbook.py`) or
what a row means (the formats).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from rakg_assets.ontology.dictionaries import fold
from rakg_assets.ontology.importers.terms import Skipped, TermListError, clean
from rakg_assets.ontology.importers.textfile import Row, separated_rows
from rakg_assets.ontology.importers.workbook import is_workbook, sheets

#: A header may stand below a title and notes.
_HEADER_WITHIN = 20
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Layout:
    """The columns of a list: for each its possible headings, and which must be there.

    `positions` are the columns of a list without header, told by the pattern of its first cell.
    """

    headings: Mapping[str, Sequence[str]]
    required: tuple[str, ...]
    positions: tuple[str, ...] = ()
    first_cell: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A row by the names of its columns; `numbers` are the columns that held no text."""

    place: str
    cells: Mapping[str, str]
    numbers: frozenset[str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def text(self) -> str:
        """The filled cells, for a report."""
        return " | ".join(filter(None, self.cells.values()))


def table_records(path: Path, layout: Layout, only: str = "") -> Iterator[Record | Skipped]:
    """The rows below the header of each sheet that has one, or of a separated file.

    A sheet without the header is skipped. Raises `TermListError` if none has it, and what
    `sheets` and `separated_rows` raise.
    """
    if not is_workbook(path):
        if only:
            raise TermListError(f"{path}: a text file has no sheet {only}; leave the sheet out")
        yield from _known(path, "", separated_rows(path), layout)
        return
    found = False
    missing = []
    for title, rows in sheets(path, only):
        try:
            for record in _known(path, title, rows, layout):
                found = True
                yield record
        except _NoHeaderError as error:
            missing.append(error)
            yield Skipped("the sheet has no header of such a list", f"{path.name}, sheet {title}")
    if missing and not found:
        raise missing[0]


class _NoHeaderError(TermListError):
    pass


def _known(path: Path, title: str, rows: Iterator[Row], layout: Layout) -> Iterator[Record]:
    opening = list(islice(rows, _HEADER_WITHIN))
    for number, row in enumerate(opening):
        columns = _columns(row.cells, layout)
        if columns:
            below = chain(opening[number + 1 :], rows)
            return (_record(row, columns) for row in below if any(row.cells))
    if opening and _fits_without_header(opening[0], layout):
        columns = {name: range(i, i + 1) for i, name in enumerate(layout.positions)}
        return (_record(row, columns) for row in chain(opening, rows) if any(row.cells))
    raise _NoHeaderError(_complaint(path, title, opening, layout))


def _complaint(path: Path, title: str, opening: Sequence[Row], layout: Layout) -> str:
    where = f"{path}, sheet {title}" if title else f"{path}"
    wanted = ", ".join("/".join(layout.headings[name][:3]) for name in layout.required)
    first = next((row for row in opening if any(row.cells)), Row("", ()))
    seen = "、".join(clean(cell) for cell in first.cells if cell)[:80] or "nothing"
    reason = f"no header with the columns {wanted} in the first {_HEADER_WITHIN} rows"
    return f"{where}: {reason}, which begin with {seen}; check the format, the sheet, the header"


def _fits_without_header(row: Row, layout: Layout) -> bool:
    pattern = layout.first_cell
    return bool(
        pattern and len(row.cells) >= 2 and pattern.fullmatch(row.cells[0].strip()) and row.cells[1]
    )


def _columns(cells: Sequence[str], layout: Layout) -> dict[str, range]:
    """Where each column stands; a merged heading spans the empty cells on its right."""
    by_heading = {_bare(h): name for name, headings in layout.headings.items() for h in headings}
    filled = [i for i, cell in enumerate(cells) if cell.strip()]
    ends = [*filled[1:], len(cells)]
    columns: dict[str, range] = {}
    for start, end in zip(filled, ends, strict=False):
        name = by_heading.get(_bare(cells[start]))
        if name and name not in columns:
            columns[name] = range(start, end)
    return columns if set(layout.required) <= set(columns) else {}


def _bare(heading: str) -> str:
    return _SIGNS.sub("", fold(heading))


def _record(row: Row, columns: Mapping[str, range]) -> Record:
    cells, numbers = {}, set()
    for name, span in columns.items():
        at = next((i for i in span if i < len(row.cells) and row.cells[i].strip()), None)
        if at is not None:
            cells[name] = clean(row.cells[at])
            if at in row.numbers:
                numbers.add(name)
    return Record(row.place, cells, frozenset(numbers))
