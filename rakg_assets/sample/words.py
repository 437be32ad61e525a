"""The concepts of the dictionaries by rank, as words for gaps.

Belongs here: how often a rank is drawn (Zipf), which name or alias is said, what a sex excludes.
Does not belong here: the heads of the ranks (`terms.py`) or sentences.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TypeVar

from rakg_assets.ontology.dictionaries import Concept, Dictionary
from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample.companions import DOSES
from rakg_assets.sample.terms import EVERYTHING, EXPONENT, ONLY_MEN, ONLY_WOMEN, Slot

_ALIASES_USED = 4
_TRIES = 5
_LONGEST_LATIN = 5
_T = TypeVar("_T")


@lru_cache(maxsize=4096)
def _zipf(count: int, exponent: float) -> tuple[float, ...]:
    """Cumulative weights of ranks 1..count."""
    return tuple(accumulate(rank**-exponent for rank in range(1, count + 1)))


def by_rank(rng: random.Random, items: Sequence[_T], exponent: float = EXPONENT) -> _T:
    """One item; the probability falls with its rank as 1/rank**exponent (Zipf)."""
    return rng.choices(items, cum_weights=_zipf(len(items), exponent))[0]


class Term(str):
    """A filled gap; `dosed` is the text with a dose, where one is known."""

    __slots__ = ("dosed", "name")

    def __new__(cls, text: str, name: str = "", dose: str = "") -> Term:
        """The text as shown, the preferred name, and the dose that may follow it."""
        term = super().__new__(cls, text)
        term.name, term.dosed = name, text + dose
        return term


class Words:
    """The names and aliases that fill gaps, looked up once for all records."""

    def __init__(self, dictionaries: Mapping[EntityType, Dictionary]) -> None:
        """Raises KeyError for a name of `terms.py` that no dictionary has, at the first use."""
        self._concepts = {kind: d.concepts for kind, d in dictionaries.items()}
        self._aliases = {
            (kind, c.name_zh): tuple(filter(_is_said, c.aliases))[:_ALIASES_USED]
            for kind, concepts in self._concepts.items()
            for c in concepts
        }
        self._ranked: dict[tuple[Slot, str], tuple[str, ...]] = {}
        self._medicines = {
            c.name_zh for c in self._concepts[EntityType.TREATMENT] if c.codes.get("atc")
        }
        self._above = {kind: _names_above(concepts) for kind, concepts in self._concepts.items()}

    def ranked(self, slot: Slot, sex: str) -> tuple[str, ...]:
        """The names of a slot for a patient of this sex: its head, then the dictionary's rest."""
        if (slot, sex) not in self._ranked:
            other_sex = ONLY_WOMEN if sex == "男" else ONLY_MEN
            barred = {*slot.names, *slot.barred, *other_sex}
            rest = [
                c.name_zh
                for c in self._concepts[slot.type]
                if c.name_zh not in barred and self._follows(slot, c.name_zh)
            ]
            head = [name for name in slot.names if name not in other_sex]
            self._ranked[slot, sex] = (*head, *rest)
        return self._ranked[slot, sex]

    def above(self, kind: EntityType, name: str) -> tuple[str, ...]:
        """The names of the concepts over this one, the nearest first."""
        return self._above[kind][name]

    def is_medicine(self, treatment: str) -> bool:
        """Whether it is a drug of the ATC classification, not a procedure."""
        return treatment in self._medicines

    def draw(self, rng: random.Random, slot: Slot, sex: str, barred: Collection[str]) -> Term:
        """A term of the slot by rank, none of the barred names while there is another."""
        names = self.ranked(slot, sex)
        for _ in range(_TRIES):
            name = by_rank(rng, names, slot.exponent)
            if name not in barred:
                return self.term(rng, slot, name)
        left = [n for n in names if n not in barred] or names
        return self.term(rng, slot, by_rank(rng, left, slot.exponent))

    def term(self, rng: random.Random, slot: Slot, name: str) -> Term:
        """The name, or now and then one of its commoner aliases, with a dose if it has any."""
        aliases = self._aliases[slot.type, name]
        say_alias = bool(aliases) and rng.random() < slot.alias_share
        text = by_rank(rng, aliases) if say_alias else name
        return Term(text, name, rng.choice(DOSES[name]) if name in DOSES else "")

    def _follows(self, slot: Slot, name: str) -> bool:
        return slot.rest == EVERYTHING or not {*self.above(slot.type, name)[:1]}.isdisjoint(
            slot.rest
        )


def _is_said(alias: str) -> bool:
    """Whether doctors say it in Chinese: no English words, but RA, CRP and the like."""
    return not (alias.isascii() and (len(alias) > _LONGEST_LATIN or alias.islower()))


def _names_above(concepts: Sequence[Concept]) -> dict[str, tuple[str, ...]]:
    by_id = {c.concept_id: c for c in concepts}
    above = {}
    for concept in concepts:
        names: list[str] = []
        parent = by_id.get(concept.parent)
        while parent and parent.name_zh not in names:
            names.append(parent.name_zh)
            parent = by_id.get(parent.parent)
        above[concept.name_zh] = tuple(names)
    return above
