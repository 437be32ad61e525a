"""SNOMED CT in Release Format 2, snapshot: the concepts below chosen ones, with their names.

Belongs here: the files of "SNOMED CT Release File Specifications". Does not belong here: bytes
and rows (`textfile.py`).
"""

from __future__ import annotations

import re
from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rakg_assets.ontology.codes import is_code
from rakg_assets.ontology.importers.releases import release_file, release_files, release_folder
from rakg_assets.ontology.importers.terms import (
    Entries,
    Format,
    ReadOptions,
    Skipped,
    Term,
    TermListError,
    clean,
)
from rakg_assets.ontology.importers.textfile import split_rows
from rakg_assets.ontology.schema import EntityType

_IS_A = "116680003"
_FULLY_SPECIFIED = "900000000000003001"
_PREFERRED = "900000000000548007"
_US_ENGLISH = "900000000000509007"
_TAG = re.compile(r"\s*[(（][^()（）]*[)）]$")
_EXAMPLES = (
    "404684003 clinical finding, 64572001 disease, 71388002 procedure, "
    "123037004 body structure, 363787002 observable entity"
)


@dataclass(frozen=True, slots=True)
class _Name:
    """A description of a concept."""

    number: int
    text: str
    language: str
    is_specified: bool


class _Release:
    """The files of a release; rows that cannot be used gather in `skipped`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.skipped: list[Skipped] = []

    def concepts(self) -> set[int]:
        """The identifiers of the active concepts."""
        path = release_file(self._folder, "sct2_concept_*snapshot*.txt")
        return {int(row["id"]) for row in self._rows(path, ("id",))}

    def parents(self, active: set[int]) -> dict[int, list[int]]:
        """The active parents of each concept, by identifier."""
        path = release_file(self._folder, "sct2_relationship_*snapshot*.txt")
        parents: dict[int, list[int]] = defaultdict(list)
        for row in self._rows(path, ("sourceId", "destinationId", "typeId")):
            child, parent = int(row["sourceId"]), int(row["destinationId"])
            if row["typeId"] == _IS_A and child in active and parent in active:
                insort(parents[child], parent)
        return parents

    def names(self, wanted: set[int]) -> dict[int, list[_Name]]:
        """The names of the wanted concepts, in the order of their numbers."""
        names: dict[int, list[_Name]] = defaultdict(list)
        for path in self._some("sct2_description_*snapshot*.txt"):
            for row in self._rows(path, ("id", "conceptId")):
                if int(row["conceptId"]) in wanted:
                    names[int(row["conceptId"])].append(_name(row))
        for found in names.values():
            found.sort(key=lambda name: name.number)
        return names

    def preferred(self, names: Iterable[_Name]) -> dict[int, int]:
        """0 for names that US English prefers, 1 for those that another reference set does."""
        known = {name.number for name in names}
        preferred: dict[int, int] = {}
        for path in release_files(self._folder, "der2_crefset_*language*snapshot*.txt"):
            for row in self._rows(path, ("refsetId", "referencedComponentId")):
                number = int(row["referencedComponentId"])
                if row["acceptabilityId"] == _PREFERRED and number in known:
                    rank = int(row["refsetId"] != _US_ENGLISH)
                    preferred[number] = min(rank, preferred.get(number, rank))
        return preferred

    def _some(self, pattern: str) -> list[Path]:
        found = release_files(self._folder, pattern)
        if not found:
            release_file(self._folder, pattern)
        return found

    def _rows(self, path: Path, identifiers: tuple[str, ...]) -> Iterator[Mapping[str, str]]:
        """The active rows by the names of their columns."""
        header: tuple[str, ...] = ()
        for row in split_rows(path, "\t"):
            if not header:
                header = row.cells
                if not {"active", *identifiers} <= set(header):
                    raise TermListError(f"{row.place}: no header of RF2; give the whole release")
                continue
            cells = dict(zip(header, row.cells, strict=False))
            if row.damage or not all(cells[name].isdecimal() for name in identifiers):
                reason = row.damage or "no identifier"
                self.skipped.append(Skipped(reason, row.place, " | ".join(row.cells)))
            elif cells["active"] == "1":
                yield cells


def _name(row: Mapping[str, str]) -> _Name:
    is_specified = row["typeId"] == _FULLY_SPECIFIED
    text = clean(row["term"])
    return _Name(
        int(row["id"]),
        _TAG.sub("", text) if is_specified else text,
        row["languageCode"][:2],
        is_specified,
    )


def _read(source: Path, options: ReadOptions) -> Entries:
    folder = release_folder(source, "the folder with Snapshot/Terminology")
    if not options.under:
        raise TermListError(f"{source}: say under which concept to read, e.g. {_EXAMPLES}")
    release = _Release(folder)
    active = release.concepts()
    roots = {_identifier(code) for code in options.under}
    if missing := sorted(roots - active):
        raise TermListError(f"{source}: no active concept {missing[0]}; choose e.g. {_EXAMPLES}")
    parents = release.parents(active)
    wanted = _below(roots, parents)
    names = release.names(wanted)
    preferred = release.preferred(name for found in names.values() for name in found)
    yield from release.skipped
    for concept in sorted(wanted):
        above = tuple(str(p) for p in parents.get(concept, ()) if p in wanted)
        yield _entry(concept, names.get(concept, []), preferred, above)


def _identifier(code: str) -> int:
    if not is_code("snomed", code):
        raise TermListError(f"{code} is no identifier of SNOMED CT; choose e.g. {_EXAMPLES}")
    return int(code)


def _below(roots: set[int], parents: Mapping[int, list[int]]) -> set[int]:
    """The roots and everything that is a kind of them."""
    children: dict[int, list[int]] = defaultdict(list)
    for child, above in parents.items():
        for parent in above:
            children[parent].append(child)
    found, waiting = set(roots), list(roots)
    while waiting:
        new = [child for child in children.get(waiting.pop(), ()) if child not in found]
        found.update(new)
        waiting += new
    return found


def _entry(
    concept: int, names: list[_Name], preferred: Mapping[int, int], parents: tuple[str, ...]
) -> Term | Skipped:
    place = f"concept {concept}"
    if not is_code("snomed", str(concept)):
        return Skipped("the check digit is wrong", place)
    chinese = _ranked((n for n in names if n.language == "zh"), preferred)
    english = _ranked((n for n in names if n.language == "en"), preferred)
    if not chinese and not english:
        return Skipped("no name in Chinese or English", place)
    zh, en = (found[0] if found else "" for found in (chinese, english))
    return Term(str(concept), zh, place, en, (*chinese[1:], *english[1:]), parents)


def _ranked(names: Iterable[_Name], preferred: Mapping[int, int]) -> list[str]:
    """The texts, the preferred one first, the fully specified name last."""
    ordered = sorted(names, key=lambda n: (n.is_specified, preferred.get(n.number, 2), n.number))
    return list(dict.fromkeys(name.text for name in ordered if name.text))


FORMAT = Format("snomed", "snomed", frozenset(EntityType), _read, frozenset({"under"}))
