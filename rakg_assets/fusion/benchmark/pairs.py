"""Mentions whose concept is known, and what a linker makes of them.

Belongs here: reading the pairs and telling right from wrong. Does not belong here: the matchers
that are compared (`rivals.py`) or the tables (`report.py`).
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rakg_assets.ontology.dictionaries import Concept
from rakg_assets.ontology.schema import EntityType

_COLUMNS = ("type", "mention", "names_zh", "kind")
#: A row of this kind names no concept of its type.
NIL = "nil"


class PairsError(ValueError):
    """A file of pairs that cannot be read; the message names file, line, reason and remedy."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A mention and the accepted names of what it means; none where no concept is right.

    `kind` says how it is written: brand, abbreviation, slip, nil and so on.
    """

    type: EntityType
    mention: str
    names: frozenset[str]
    kind: str


@dataclass
class Tally:
    """Counts of what became of mentions."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, pair: Pair, concept: Concept | None) -> None:
        """Count one mention linked to `concept`."""
        if concept is None:
            self.right, self.missed = self.right + (not pair.names), self.missed + bool(pair.names)
        elif is_right(pair, concept):
            self.right += 1
        else:
            self.wrong += 1

    @property
    def total(self) -> int:
        """All that was counted."""
        return self.right + self.wrong + self.missed

    def percent(self, count: int) -> float:
        """A count as a share of all, in percent."""
        return 100 * count / self.total if self.total else 0.0


@dataclass
class Score:
    """The tallies of one matcher: over all, by type, by kind of mention and by step."""

    overall: Tally = field(default_factory=Tally)
    by_type: dict[str, Tally] = field(default_factory=dict)
    by_kind: dict[str, Tally] = field(default_factory=dict)
    by_step: dict[str, Tally] = field(default_factory=dict)


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a TSV with columns type, mention, names_zh (a|b) and kind.

    Raises `PairsError` for a column that lacks, an unknown type, a mention that stands twice, or a
    row whose kind and names disagree on whether there is a concept.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t")
        if missing := [c for c in _COLUMNS if c not in (reader.fieldnames or ())]:
            raise PairsError(f"{path.name}, line 1: the header lacks {', '.join(missing)}")
        pairs = [_pair(row, f"{path.name}, line {reader.line_num}") for row in reader]
    counts = Counter((pair.type, pair.mention) for pair in pairs)
    if twice := [f"{kind} {mention}" for (kind, mention), n in counts.items() if n > 1]:
        raise PairsError(f"{path.name}: {', '.join(twice[:5])} stand twice; keep one row each")
    return pairs


def score(pairs: Sequence[Pair], concepts: Sequence[Concept | None], steps: Sequence[str]) -> Score:
    """Tallies of what a matcher linked, in the order of `pairs`; `steps` found it."""
    result = Score()
    for pair, concept, step in zip(pairs, concepts, steps, strict=True):
        result.overall.add(pair, concept)
        for table, key in (
            (result.by_type, pair.type.value),
            (result.by_kind, pair.kind),
            (result.by_step, step),
        ):
            table.setdefault(key, Tally()).add(pair, concept)
    return result


def is_right(pair: Pair, concept: Concept) -> bool:
    """Whether a name of the concept is an accepted one."""
    return bool(pair.names & {_folded(name) for name in concept.names})


def _pair(row: dict[str, str], place: str) -> Pair:
    if None in row.values() or row["type"] not in set(EntityType):
        raise PairsError(f"{place}: not a cell a column, or no entity type; correct it")
    names = frozenset(_folded(name) for name in row["names_zh"].split("|") if name)
    if bool(names) == (row["kind"] == NIL):
        raise PairsError(f"{place}: accepted names and kind {NIL} exclude each other; drop one")
    return Pair(EntityType(row["type"]), row["mention"], names, row["kind"])


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
