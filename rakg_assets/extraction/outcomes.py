"""Cue words of what a treatment or factor did: improved, not improved, worse.

Belongs here: reading `dictionaries/cues/outcomes.csv` and finding outcomes in a text. Does not
belong here: whose outcome it is, which a model learns (`relation.py`), or assertion (`cues.py`).

The file's `kind` says how a cue combines; the longest reading wins where several begin:

    improved      improved, prefix + ease (稍减), verdict + good (控制良好), negation + worse
                  (未复发)
    not improved  persistent (依旧), negation [+ degree] + change (无明显好转), verdict or
                  change + poor (效果欠佳)
    worse         worse (加重)
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from rakg_assets.extraction.vocabulary import normal_form

KINDS = (
    *("improved", "worse", "persistent", "negation", "degree"),
    *("change", "verdict", "good", "poor", "prefix", "ease"),
)


class OutcomeCueError(ValueError):
    """A cue file that cannot be used; the message names file, line and remedy."""


class Outcome(StrEnum):
    """What a text says came of something."""

    IMPROVED = "improved"
    NOT_IMPROVED = "not_improved"
    WORSE = "worse"


class OutcomeCues:
    """Cue words by kind."""

    def __init__(self, terms: Mapping[str, Iterable[str]]) -> None:
        self.terms = {kind: tuple(sorted(set(terms.get(kind, ())))) for kind in KINDS}

    @classmethod
    def load(cls, dictionaries: Path) -> OutcomeCues:
        """Those of `cues/outcomes.csv` in a dictionary folder. Raises `OutcomeCueError`."""
        path = dictionaries / "cues" / "outcomes.csv"
        if not path.is_file():
            raise OutcomeCueError(f"{path}: missing; restore the cue words of outcomes")
        terms: dict[str, list[str]] = {}
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), 2):
                if row.get("kind") not in KINDS or not row.get("cue"):
                    known = ", ".join(KINDS)
                    raise OutcomeCueError(f"{path}, line {line}: needs a cue and a kind of {known}")
                terms.setdefault(row["kind"], []).append(row["cue"])
        return cls(terms)

    def outcomes(self, text: str) -> Iterator[tuple[int, int, Outcome]]:
        """Outcomes as (start, end, what), in order, none inside another."""
        folded, place = "".join(map(normal_form, text)), 0
        while place < len(folded):
            found = [(m.end(), what) for what, p in self._patterns if (m := p.match(folded, place))]
            if found:
                # Of equal length the first: 「不消」 says more than 「消」 would.
                end, what = max(found, key=lambda item: item[0])
                yield place, end, what
                place = end
            else:
                place += 1

    @cached_property
    def _patterns(self) -> tuple[tuple[Outcome, re.Pattern[str]], ...]:
        one = {kind: _any_of(words) for kind, words in self.terms.items()}
        negated = f"{one['negation']}(?:{one['degree']})?"
        readings = {
            Outcome.NOT_IMPROVED: (
                f"{negated}{one['change']}",
                f"(?:{one['verdict']}|{one['change']}){one['poor']}",
                one["persistent"],
            ),
            Outcome.WORSE: (one["worse"],),
            Outcome.IMPROVED: (
                one["improved"],
                f"{one['prefix']}{one['ease']}",
                f"{one['verdict']}{one['good']}",
                f"{negated}{one['worse']}",
            ),
        }
        return tuple((what, re.compile(p)) for what, ps in readings.items() for p in ps)


def _any_of(words: Iterable[str]) -> str:
    """A pattern of any of some words, the longest first; of none, one that never matches."""
    ordered = sorted({"".join(map(normal_form, w)) for w in words}, key=lambda w: (-len(w), w))
    return f"(?:{'|'.join(map(re.escape, ordered))})" if ordered else "(?!)"
