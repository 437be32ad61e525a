"""Reading the cue words of assertion: what a cue says, of which entities, in which direction.

Belongs here: the shape of `dictionaries/cues/*.csv` and one pattern of all cues. Does not belong
here: how far a cue reaches (`assertion.py`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rakg_assets.ontology.schema import Assertion, EntityType
from rakg_assets.ontology.text import fold

#: Types that a cue without `types` speaks of. A test that was done is present whatever its result,
#: and so is a site (guideline, Assertion and Edge cases).
DEFAULT_TYPES = frozenset(EntityType) - {
    EntityType.BODY_PART,
    EntityType.IMAGING_TEST,
    EntityType.LAB_TEST,
}


class CueError(ValueError):
    """A cue file that cannot be used; the message names file, line and remedy."""


class Direction(StrEnum):
    """Where the cue stands: before or after the entity; prefix and suffix touch it."""

    BEFORE = "before"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    AFTER = "after"


@dataclass(frozen=True)
class Cue:
    """One meaning of a cue word.

    `ends_clause`: only where the clause ends after it. `is_loose`: a few words may stand between
    the entity and the cue after it. `is_for_one`: it speaks of the entity before it alone, not of
    the list (the question mark). `unless`: a word that silences it, earlier in the sentence.
    """

    assertion: Assertion
    direction: Direction
    types: frozenset[EntityType]
    ends_clause: bool
    is_loose: bool
    is_for_one: bool
    unless: str


@dataclass(frozen=True)
class Cues:
    """All cue words: `meanings` by word (none for a pseudo-cue) and the patterns of them."""

    meanings: Mapping[str, tuple[Cue, ...]]
    pattern: re.Pattern[str]
    terminators: re.Pattern[str]
    relatives: re.Pattern[str]


def load_cues(folder: Path) -> Cues:
    """Read the cue files of a folder. Raises `CueError` for a missing file or a wrong value."""
    meanings: dict[str, tuple[Cue, ...]] = {row["cue"]: () for row in _rows(folder, "pseudo")}
    for assertion in (Assertion.ABSENT, Assertion.POSSIBLE, Assertion.PRESENT):
        for row in _rows(folder, assertion):
            meanings[row["cue"]] = (*meanings.get(row["cue"], ()), _cue(assertion, row, folder))
    family = _rows(folder, "family")
    relative = _any_of(row["cue"] for row in family if row["kind"] == "relative")
    verb = _any_of(row["cue"] for row in family if row["kind"] == "verb")
    return Cues(
        meanings,
        re.compile(_any_of(meanings)),
        re.compile(_any_of(row["cue"] for row in _rows(folder, "terminators"))),
        re.compile(
            rf"{relative}(?:[、及和与]{relative})*(?:[^,。;\n\ue000]{{0,4}}?{verb}|(?=\ue000))"
        ),
    )


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise CueError(f"{path}: missing; restore the cue words of assertion")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{**row, "line": str(line)} for line, row in enumerate(csv.DictReader(file), 2)]
    for row in rows:
        if not row.get("cue"):
            raise CueError(f"{path}, line {row['line']}: no cue; fill the column `cue`")
        row["cue"] = fold(row["cue"])
    return rows


def _cue(assertion: Assertion, row: Mapping[str, str], folder: Path) -> Cue:
    try:
        types = frozenset(map(EntityType, filter(None, row["types"].split("|"))))
        return Cue(
            assertion,
            Direction(row["direction"]),
            types or DEFAULT_TYPES,
            ends_clause=bool(row["ends_clause"]),
            is_loose=bool(row["loose"]),
            is_for_one="?" in row["cue"],
            unless=row["unless"],
        )
    except (KeyError, ValueError) as error:
        raise CueError(
            f"{folder / f'{assertion}.csv'}, line {row['line']}: direction is before, prefix,"
            " suffix or after; types are entity types separated by |"
        ) from error


def _any_of(words: Iterable[str]) -> str:
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(re.escape, ordered)) + ")"
