"""Cue words of relations: what came of a treatment or factor, and what kind a symptom is.

Belongs here: reading `dictionaries/cues/relations.csv` and finding cues in a text. Does not belong
here: which relation holds, which a model learns (`relation.py`), or assertion (`cues.py`).

The file's `kind` says how a cue combines. Outcomes, the longest reading where several begin:

    improved      improved; prefix + ease (稍减), or ease before a pause (肿消。);
                  verdict + good (控制良好); negation + worse (未复发)
    not improved  persistent (依旧); negation [+ degree] + change (无明显好转);
                  verdict or change + poor (效果欠佳)
    worse         worse (加重)
    none          pseudo: a word that only looks like a cue (消化)

Kinds of symptom, by what the mention holds: stiffness and pain belong to a site named beside them,
general complaints and complaints of function do not (guideline, Edge cases).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from rakg_assets.extraction.vocabulary import normal_form


class RelationCueError(ValueError):
    """A cue file that cannot be used; the message names file, line and remedy."""


class Outcome(StrEnum):
    """What a text says came of something."""

    IMPROVED = "improved"
    NOT_IMPROVED = "not_improved"
    WORSE = "worse"


class SymptomKind(StrEnum):
    """Kinds of symptom that tell whether a site named beside it is its site."""

    STIFFNESS = "stiffness"
    GENERAL = "general"
    FUNCTION = "function"


KINDS = (
    *("improved", "worse", "persistent", "negation", "degree", "change"),
    *("verdict", "good", "poor", "prefix", "ease", "pseudo"),
    *SymptomKind,
)


class RelationCues:
    """Cue words by kind."""

    def __init__(self, terms: Mapping[str, Iterable[str]]) -> None:
        self.terms = {str(kind): tuple(sorted(set(terms.get(kind, ())))) for kind in KINDS}

    @classmethod
    def load(cls, dictionaries: Path) -> RelationCues:
        """Those of `cues/relations.csv` in a dictionary folder. Raises `RelationCueError`."""
        path = dictionaries / "cues" / "relations.csv"
        if not path.is_file():
            raise RelationCueError(f"{path}: missing; restore the cue words of relations")
        terms: dict[str, list[str]] = {}
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), 2):
                if row.get("kind") not in KINDS or not row.get("cue"):
                    known = ", ".join(KINDS)
                    raise RelationCueError(
                        f"{path}, line {line}: needs a cue and a kind of {known}"
                    )
                terms.setdefault(row["kind"], []).append(row["cue"])
        return cls(terms)

    def outcomes(self, text: str) -> Iterator[tuple[int, int, Outcome]]:
        """Outcomes as (start, end, what), in order, none inside another."""
        folded, place = _fold(text), 0
        while place < len(folded):
            found = [(m.end(), what) for what, p in self._readings if (m := p.match(folded, place))]
            # Of equal length the first reading counts.
            end, what = max(found, key=lambda item: item[0], default=(place + 1, None))
            if what:
                yield place, end, what
            place = end

    def symptom_kind(self, mention: str) -> SymptomKind | None:
        """The kind of a symptom by its name; None for those that simply have a site."""
        folded = _fold(mention)
        return next((kind for kind, p in self._symptoms if p.search(folded)), None)

    @cached_property
    def _symptoms(self) -> tuple[tuple[SymptomKind, re.Pattern[str]], ...]:
        return tuple((kind, re.compile(_any_of(self.terms[kind]))) for kind in SymptomKind)

    @cached_property
    def _readings(self) -> tuple[tuple[Outcome | None, re.Pattern[str]], ...]:
        one = {kind: _any_of(words) for kind, words in self.terms.items()}
        negated = f"{one['negation']}(?:{one['degree']})?"
        readings: Mapping[Outcome | None, tuple[str, ...]] = {
            None: (one["pseudo"],),
            Outcome.NOT_IMPROVED: (
                f"{negated}{one['change']}",
                f"(?:{one['verdict']}|{one['change']}){one['poor']}",
                one["persistent"],
            ),
            Outcome.WORSE: (one["worse"],),
            Outcome.IMPROVED: (
                one["improved"],
                f"{one['prefix']}{one['ease']}",
                f"{one['ease']}(?=[,.;)])",
                f"{one['verdict']}{one['good']}",
                f"{negated}{one['worse']}",
            ),
        }
        return tuple((what, re.compile(p)) for what, ps in readings.items() for p in ps)


def _fold(text: str) -> str:
    return "".join(map(normal_form, text))


def _any_of(words: Iterable[str]) -> str:
    """A pattern of any of some words, the longest first; of none, one that never matches."""
    ordered = sorted({_fold(word) for word in words}, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, ordered))})" if ordered else "(?!)"
