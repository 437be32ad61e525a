"""What people have decided about mentions: `overrides.csv` beside the dictionaries.

A row gives a mention of a type its concept, or `NIL` where no concept is right; it goes before
every step of linking. Does not belong here: what is asked (`review.py`) and the files in which
answers come (`review_files.py`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from rakg_assets.ontology.dictionaries import Concept, Dictionary
from rakg_assets.ontology.files import write_text
from rakg_assets.ontology.schema import EntityType
from rakg_assets.ontology.text import sheet_text

FILE_NAME = "overrides.csv"
#: Stands for a concept where none is right.
NIL = "NIL"
REQUIRED = ("type", "mention", "concept_id")
_COLUMNS = (*REQUIRED, "note")

Decided = dict[str, Concept | None]


class OverridesError(ValueError):
    """Decisions that cannot be applied; the message names file, line, reason and remedy."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's answer: `concept_id` is an id or `NIL`; `place` says where it stands."""

    type: str
    mention: str
    concept_id: str
    note: str = ""
    place: str = ""


def read_overrides(
    folder: Path, dictionaries: Mapping[EntityType, Dictionary]
) -> dict[EntityType, Decided]:
    """The decisions of a dictionary folder by type and mention; none where there is no file.

    Raises `OverridesError` for a file that cannot be read and for a decision that names no
    concept of its type or contradicts another.
    """
    path = folder / FILE_NAME
    decisions = list(_read(path)) if path.exists() else []
    return decided(decisions, dictionaries)


def overrides_of(folder: Path, kind: EntityType) -> list[str]:
    """The rows of a type as they are written; to see whether they have changed."""
    path = folder / FILE_NAME
    lines = path.read_text("utf-8", errors="replace").splitlines() if path.exists() else []
    return [line for line in lines if line.startswith(f"{kind.value},")]


def decided(
    decisions: Iterable[Decision], dictionaries: Mapping[EntityType, Dictionary]
) -> dict[EntityType, Decided]:
    """Decisions with their concepts. Raises `OverridesError`."""
    concepts = {
        kind: {concept.concept_id: concept for concept in dictionary.concepts}
        for kind, dictionary in dictionaries.items()
    }
    found: dict[EntityType, Decided] = {kind: {} for kind in dictionaries}
    for decision in decisions:
        kind = _type_of(decision)
        concept = _concept_of(decision, concepts.get(kind, {}))
        before = found.setdefault(kind, {})
        if decision.mention in before and before[decision.mention] != concept:
            raise OverridesError(f"{decision.place}: the mention is decided twice; keep one row")
        before[decision.mention] = concept
    return found


def add_decisions(
    folder: Path, decisions: Iterable[Decision], dictionaries: Mapping[EntityType, Dictionary]
) -> None:
    """Write new decisions into the overrides of a folder, in place of older ones.

    Raises `OverridesError`; then nothing is written.
    """
    new = list(decisions)
    decided(new, dictionaries)
    path = folder / FILE_NAME
    with FileLock(folder / f".{FILE_NAME}.lock"):
        old = [row for _, row in read_rows(path, REQUIRED)] if path.exists() else []
        fresh = [
            dict(zip(_COLUMNS, (d.type, d.mention, d.concept_id, d.note), strict=True)) for d in new
        ]
        rows = {(row["type"], row["mention"]): row for row in (*old, *fresh)}
        columns = dict.fromkeys((*_COLUMNS, *(column for row in old for column in row)))
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[key] for key in sorted(rows))
        write_text(path, text.getvalue())


def read_rows(path: Path, required: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows of a CSV with the place of each, for messages; cells left out at the end are empty.

    UTF-8, or GB18030 as Chinese spreadsheets save it. Raises `OverridesError`.
    """
    if (text := sheet_text(path.read_bytes())) is None:
        raise OverridesError(f"{path.name}: not UTF-8; save it as CSV in UTF-8")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, restval="")
    missing = [column for column in required if column not in (reader.fieldnames or ())]
    if missing:
        reason = f"the header lacks {', '.join(missing)}"
        raise OverridesError(f"{path.name}, line 1: {reason}; keep the columns of the export")
    while True:
        place = f"{path.name}, line {reader.line_num + 1}"
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise OverridesError(f"{place}: {error}; mend the quotes") from None
        if row is None:
            return
        if None in row:
            raise OverridesError(f"{place}: more cells than columns; quote a cell with a comma")
        if any(row.values()):
            yield place, {key: value.strip() for key, value in row.items()}


def _read(path: Path) -> Iterator[Decision]:
    for place, row in read_rows(path, REQUIRED):
        yield Decision(
            *(row["type"], row["mention"], row["concept_id"], row.get("note", "")), place
        )


def _type_of(decision: Decision) -> EntityType:
    if decision.type not in set(EntityType):
        choice = ", ".join(EntityType)
        raise OverridesError(f"{decision.place}: the type is none of {choice}; use one of them")
    if not decision.mention:
        raise OverridesError(f"{decision.place}: the mention is empty; fill it in")
    return EntityType(decision.type)


def _concept_of(decision: Decision, concepts: Mapping[str, Concept]) -> Concept | None:
    if decision.concept_id == NIL:
        return None
    if decision.concept_id not in concepts:
        # Only what looks like an id is repeated: people write all kinds of things into a cell.
        looks_right = re.fullmatch(r"[A-Z]{1,3}\d{1,6}", decision.concept_id)
        answer = decision.concept_id if looks_right else "the answer"
        answer = answer if decision.concept_id else "an empty cell"
        reason = f"{answer} is no concept of {decision.type}.csv"
        remedy = f"use an id of that file, or {NIL} where none is right"
        raise OverridesError(f"{decision.place}: {reason}; {remedy}")
    return concepts[decision.concept_id]
