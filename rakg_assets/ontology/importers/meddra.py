"""MedDRA in its ASCII files, of any language: preferred terms, each with its lowest level terms.

Belongs here: the files of "MedDRA Distribution File Format Document" (MSSO). Does not belong
here: bytes and rows (`textfile.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rakg_assets.ontology.codes import is_code
from rakg_assets.ontology.importers.releases import release_file, release_folder
from rakg_assets.ontology.importers.terms import (
    Entries,
    Format,
    ReadOptions,
    Skipped,
    Term,
    clean,
    has_chinese,
)
from rakg_assets.ontology.importers.textfile import Row, split_rows
from rakg_assets.ontology.schema import EntityType

#: Fields by their places; a row must reach the last one read.
_LLT_CODE, _LLT_NAME, _LLT_PT, _LLT_CURRENCY = 0, 1, 2, 9
_HIERARCHY = 4
_PRIMARY = 11
_LEVELS = ("hlt", "hlgt", "soc")


@dataclass(frozen=True)
class _Tree:
    """The codes above each code, nearest first, along the primary system organ class."""

    above: dict[str, tuple[str, ...]]

    def is_under(self, code: str, under: tuple[str, ...]) -> bool:
        return not under or any(u in under for u in (code, *self.above.get(code, ())))


def _read(source: Path, options: ReadOptions) -> Entries:
    folder = release_folder(source, "the folder with pt.asc, llt.asc and mdhier.asc")
    tree = _Tree({})
    yield from _read_tree(folder, tree)
    synonyms: dict[str, list[str]] = defaultdict(list)
    yield from _read_lowest(folder, synonyms)
    is_chinese = _is_chinese(folder)
    # Preferred terms first: where a class has the same name, the name is the term's.
    for level in ("pt", *_LEVELS):
        for row in split_rows(release_file(folder, f"{level}.asc"), "$", 2):
            code = row.cells[0]
            if fault := _fault(row):
                yield Skipped(fault, row.place, "$".join(row.cells))
            elif not tree.is_under(code, options.under):
                yield Skipped("not under the codes asked for")
            else:
                yield _term(row, tree, synonyms.get(code, []), is_chinese)


def _read_tree(folder: Path, tree: _Tree) -> Iterator[Skipped]:
    for row in split_rows(release_file(folder, "mdhier.asc"), "$", _PRIMARY + 1):
        path = row.cells[:_HIERARCHY]
        if row.damage or not all(is_code("meddra", code) for code in path):
            yield Skipped(row.damage or "no code of MedDRA", row.place, "$".join(row.cells))
            continue
        is_primary = row.cells[_PRIMARY] == "Y"
        for number, code in enumerate(path):
            if number or is_primary:
                tree.above.setdefault(code, path[number + 1 :])


def _read_lowest(folder: Path, synonyms: dict[str, list[str]]) -> Iterator[Skipped]:
    for row in split_rows(release_file(folder, "llt.asc"), "$", _LLT_CURRENCY + 1):
        if fault := _fault(row):
            yield Skipped(fault, row.place, "$".join(row.cells))
        elif row.cells[_LLT_CURRENCY] != "Y":
            yield Skipped("a lowest level term that is not current")
        else:
            synonyms[row.cells[_LLT_PT]].append(clean(row.cells[_LLT_NAME]))


def _fault(row: Row) -> str:
    if row.damage:
        return row.damage
    if not is_code("meddra", row.cells[0]):
        return "no code of MedDRA"
    return "" if clean(row.cells[1]) else "no name"


def _is_chinese(folder: Path) -> bool:
    """Whether the edition is Chinese: single terms of it, like HIV, may hold no Chinese."""
    rows = split_rows(release_file(folder, "soc.asc"), "$", 2)
    return any(has_chinese("".join(row.cells)) for row in rows)


def _term(row: Row, tree: _Tree, aliases: list[str], is_chinese: bool) -> Term:
    code, name = row.cells[0], clean(row.cells[1])
    zh, en = (name, "") if is_chinese else ("", name)
    return Term(code, zh, row.place, en, tuple(aliases), tree.above.get(code, ()))


FORMAT = Format(
    "meddra",
    "meddra",
    frozenset({EntityType.DISEASE, EntityType.SYMPTOM, EntityType.LAB_TEST, EntityType.TREATMENT}),
    _read,
    frozenset({"under"}),
)
