"""What one generated record tells: the gaps of `phrases.py` filled with terms by rank.

Belongs here: how often a rank is drawn (Zipf: 1/rank) and which gap repeats which. Does not belong
here: words (`terms.py`, `phrases.py`) or which sentences make a section (`notes.py`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TypeVar

from rakg_assets.ontology.dictionaries import Dictionary
from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample import phrases
from rakg_assets.sample.terms import (
    ASSAYS,
    COMPANIONS,
    DOSES,
    MAIN,
    OTHER_MAIN,
    SIDED,
    SLOTS,
    Assay,
    Companion,
    Slot,
)

_OTHER_MAIN_SHARE = 0.04
_WITHOUT_COMPANION = 0.2
_ALIASES_USED = 2
_T = TypeVar("_T")
_KEPT_APART = {"negative": "systemic", "systemic": "negative"}


@lru_cache
def _zipf(count: int, exponent: float) -> tuple[float, ...]:
    """Cumulative weights of ranks 1..count."""
    return tuple(accumulate(rank**-exponent for rank in range(1, count + 1)))


def by_rank(rng: random.Random, items: Sequence[_T], exponent: float = 1.0) -> _T:
    """One item; the probability falls with its rank as 1/rank**exponent (Zipf)."""
    return rng.choices(items, cum_weights=_zipf(len(items), exponent))[0]


class Words:
    """The names and aliases that fill gaps, looked up once for all records."""

    def __init__(self, dictionaries: Mapping[EntityType, Dictionary]) -> None:
        """Raises KeyError for a name of `terms.py` that no dictionary has, at the first use."""
        self._aliases = {
            (kind, c.name_zh): c.aliases[:_ALIASES_USED]
            for kind, dictionary in dictionaries.items()
            for c in dictionary.concepts
        }

    def form(self, rng: random.Random, slot: Slot, name: str) -> str:
        """The name, or now and then one of its commoner aliases."""
        aliases = self._aliases[slot.type, name]
        return rng.choice(aliases) if aliases and rng.random() < slot.alias_share else name


class Term(str):
    """A filled gap; `dosed` is the text with a dose, where one is known."""

    __slots__ = ("dosed",)

    def __new__(cls, text: str, dose: str = "") -> Term:
        """The text as shown, and the dose that may follow it."""
        term = super().__new__(cls, text)
        term.dosed = text + dose
        return term


class Story(dict[str, str]):
    """The gaps of one record; a gap asked for the first time is drawn and then kept."""

    def __init__(self, rng: random.Random, words: Words) -> None:
        """Draw the main disease and what stands beside it."""
        super().__init__()
        self._rng, self._words = rng, words
        self._names: dict[str, list[str]] = {}
        main = OTHER_MAIN if rng.random() < _OTHER_MAIN_SHARE else MAIN
        self["main"] = words.form(rng, main, by_rank(rng, main.names))
        self.companions = self._draw_companions()
        self._tell_companion()

    def __missing__(self, gap: str) -> str:
        """Fill a gap: a number, a chain of sites, or a term of a slot with a counting digit."""
        if gap in phrases.RANGES:
            value = self._number(*phrases.RANGES[gap])
        elif gap.startswith("joints"):
            value = self._joints()
        else:
            value = self._term(gap.rstrip("0123456789"))
        self[gap] = value
        return value

    def tell(self, patterns: Sequence[str]) -> str:
        """One of the patterns, the first ones more often, with its gaps filled."""
        text = by_rank(self._rng, patterns, 0.5).format_map(self)
        return text.replace("后后", "后").replace("时时", "时")

    def some(self, items: Sequence[str], low: int, high: int) -> list[str]:
        """Between `low` and `high` of the items, filled, in their order."""
        count = self._rng.randint(low, high)
        chosen = sorted(self._rng.sample(range(len(items)), count))
        return [self.tell(items[i : i + 1]) for i in chosen]

    def often(self, share: float) -> bool:
        """True in this share of calls."""
        return self._rng.random() < share

    def measured(self, assays: Sequence[Assay], fall: float = 1.0) -> str:
        """Tests with values: 血沉62mm/h，CRP 35.1mg/L. Under treatment they `fall`."""
        return "，".join(self._value(assay, fall) for assay in assays)

    def sample_assays(self, low: int, high: int) -> list[Assay]:
        """Some of the assays, the commoner ones more often."""
        count = self._rng.randint(low, high)
        picked = {by_rank(self._rng, range(len(ASSAYS)), 0.6) for _ in range(count * 2)}
        return [ASSAYS[i] for i in sorted(picked)][:count]

    def _draw_companions(self) -> list[Companion]:
        if self.often(_WITHOUT_COMPANION):
            return []
        drawn = (by_rank(self._rng, COMPANIONS, 0.7) for _ in range(self._rng.randint(1, 4)))
        return list({companion.disease: companion for companion in drawn}.values())

    def _tell_companion(self) -> None:
        """Fill the gaps that speak of the first companion: its drugs and its complaint."""
        if not self.companions:
            return
        first = self.companions[0]
        self["companion"] = first.disease
        drugs = Slot(EntityType.TREATMENT, first.drugs, 0.2)
        chosen = self._rng.sample(first.drugs, min(2, len(first.drugs)))
        for gap, name in zip(("own1", "own2"), (*chosen, chosen[0]), strict=False):
            self[gap] = Term(self._words.form(self._rng, drugs, name), self._dose(name))
        if first.complaints:
            self["ill1"] = self._rng.choice(first.complaints)

    def _term(self, key: str) -> str:
        slot, used = SLOTS[key], self._names.setdefault(key, [])
        barred = {*used, *self._names.get(_KEPT_APART.get(key, ""), ())}
        free = [name for name in slot.names if name not in barred] or slot.names
        name = by_rank(self._rng, free)
        used.append(name)
        form = self._words.form(self._rng, slot, name)
        if key == "joint":
            return Term(self._side(name) + form)
        if key == "relief":
            return Term(form if form.endswith("后") else form + "后")
        return Term(form, self._dose(name))

    def _joints(self) -> str:
        """One to three sites, those that the record calls joint1, joint2, joint3."""
        count = self._rng.choice((1, 2, 2, 3))
        return "、".join(self[f"joint{i}"] for i in range(1, count + 1))

    def _side(self, name: str) -> str:
        return self._rng.choices("双左右", (8, 1, 1))[0] + SIDED.get(name, "")

    def _dose(self, name: str) -> str:
        return self._rng.choice(DOSES[name]) if name in DOSES else ""

    def _number(self, low: float, high: float) -> str:
        if isinstance(low, int):
            return str(self._rng.randint(low, int(high)))
        return f"{self._rng.uniform(low, high):.1f}"

    def _value(self, assay: Assay, fall: float) -> str:
        slot = Slot(EntityType.LAB_TEST, (assay.name,), 0.6)
        name = self._words.form(self._rng, slot, assay.name)
        number = self._rng.triangular(assay.low, assay.high, assay.low) * fall
        gap = " " if name[-1].isascii() else ""
        return f"{name}{gap}{number:.{assay.decimals}f}{assay.unit}"
