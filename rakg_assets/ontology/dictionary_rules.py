"""The rules that dictionaries keep: ids, names, parents, codes, names that two concepts share.

Belongs here: what is wrong with the content of a dictionary. Does not belong here: files that
cannot be read (`dictionaries.py`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rakg_assets.ontology.codes import is_code
from rakg_assets.ontology.dictionaries import (
    AMBIGUOUS_MARK,
    ID_PREFIXES,
    Dictionary,
    fold,
    id_order,
)
from rakg_assets.ontology.schema import EntityType


@dataclass(frozen=True)
class Problem:
    """A rule that a dictionary breaks, and what to do about it."""

    file: str
    line: int
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}; {self.remedy}"


def validate(dictionaries: Mapping[EntityType, Dictionary]) -> list[Problem]:
    """Every rule that the dictionaries break: ids, names, parents, codes, shared aliases.

    An English name may be missing: official Chinese lists have none.
    """
    rules = (_id_problems, _name_problems, _code_problems, _parent_problems, _shared_name_problems)
    return [
        problem
        for dictionary in dictionaries.values()
        for rule in rules
        for problem in rule(dictionary)
    ]


def _id_problems(dictionary: Dictionary) -> Iterator[Problem]:
    prefix = ID_PREFIXES[dictionary.type]
    seen: dict[str, int] = {}
    last = ""
    for line, concept in dictionary.located():
        key = concept.concept_id
        if not re.fullmatch(rf"{prefix}(\d{{4}}|[1-9]\d{{4,}})", key):
            remedy = f"write {prefix} and four digits, or more without leading zeros"
            yield Problem(dictionary.file, line, f"concept_id {key!r} is malformed", remedy)
        if key in seen:
            reason = f"concept_id {key} stands on line {seen[key]} too"
            yield Problem(dictionary.file, line, reason, "give the new concept the next free id")
        elif id_order(key) < id_order(last):
            reason = f"concept_id {key} comes after {last}"
            yield Problem(dictionary.file, line, reason, "sort the file by concept_id")
        seen.setdefault(key, line)
        last = max(last, key, key=id_order)


def _name_problems(dictionary: Dictionary) -> Iterator[Problem]:
    for line, concept in dictionary.located():
        if not concept.name_zh:
            yield Problem(dictionary.file, line, "name_zh is empty", "fill it in")
        aliases = [fold(a) for a in (*concept.aliases, *concept.ambiguous)]
        own = {fold(concept.name_zh), fold(concept.name_en)}
        for alias in sorted({a for a in aliases if a in own or aliases.count(a) > 1 or not a}):
            yield Problem(dictionary.file, line, f"alias {alias!r} is repeated", "write it once")


def _code_problems(dictionary: Dictionary) -> Iterator[Problem]:
    for line, concept in dictionary.located():
        for system, code in concept.codes.items():
            if not is_code(system, code):
                reason = f"{system} code {code!r} is malformed"
                yield Problem(dictionary.file, line, reason, "correct it or leave it empty")


def _parent_problems(dictionary: Dictionary) -> Iterator[Problem]:
    parents = {c.concept_id: c.parent for c in dictionary.concepts}
    for line, concept in dictionary.located():
        if not concept.parent:
            continue
        if concept.parent not in parents:
            reason = f"the parent {concept.parent} is no concept of this file"
            yield Problem(dictionary.file, line, reason, "add it or leave the parent empty")
        elif _in_cycle(concept.concept_id, parents):
            reason = f"{concept.concept_id} is its own ancestor"
            yield Problem(dictionary.file, line, reason, "take one parent of the circle out")


def _in_cycle(start: str, parents: Mapping[str, str]) -> bool:
    at, seen = parents.get(start, ""), set()
    while at and at not in seen:
        if at == start:
            return True
        seen.add(at)
        at = parents.get(at, "")
    return False


def _shared_name_problems(dictionary: Dictionary) -> Iterator[Problem]:
    """A name or alias of two concepts; the linker could not choose between them."""
    holders: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for line, concept in dictionary.located():
        for name in sorted({fold(n) for n in concept.names} - {""}):
            holders[name].append((line, concept.concept_id))
    remedy = f"keep it in one, or mark it {AMBIGUOUS_MARK} in the aliases of all that share it"
    for name, places in holders.items():
        (_, first), *others = places
        for line, key in others:
            yield Problem(dictionary.file, line, f"{name!r} names {first} and {key}", remedy)
