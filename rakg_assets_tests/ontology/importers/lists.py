"""Small term lists in the publishers' formats, and what an importer reads of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from rakg_assets.ontology.importers.registry import FORMATS
from rakg_assets.ontology.importers.terms import ReadOptions, Skipped, Term
from rakg_assets.ontology.schema import EntityType

Rows = Sequence[Sequence[Any]]


def text_list(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
    return path


def workbook(path: Path, sheets: dict[str, Rows], merged: Sequence[str] = ()) -> Path:
    """A workbook; `merged` ranges are merged in the last sheet."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    return path


def read(format: str, source: Path, kind: EntityType, **options: Any):
    """The terms of a list and what was skipped."""
    found = list(FORMATS[format].read(source, ReadOptions(kind, **options)))
    terms = [entry for entry in found if isinstance(entry, Term)]
    return terms, [entry for entry in found if isinstance(entry, Skipped)]


def reasons(skipped: Sequence[Skipped]) -> list[str]:
    return [f"{s.place}: {s.reason}" if s.place else s.reason for s in skipped]
