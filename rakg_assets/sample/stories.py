"""What one generated record tells: the gaps of `phrases.py` filled with terms and numbers.

Belongs here: which gap repeats which, and what may not stand beside what. Does not belong here:
words (`words.py`, `terms.py`, `phrases.py`), what lasts over a patient's stays (`lives.py`) or
which sentences make a section (`notes.py`).
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample.companions import ASSAYS, RANGES, Assay
from rakg_assets.sample.regions import REGIONS, Region
from rakg_assets.sample.terms import SIDED, SLOTS, TARGETED, Slot
from rakg_assets.sample.words import Term, Words, by_rank

#: A record denies no symptom that it tells of, and no disease that the patient has.
_KEPT_APART = {"negative": "systemic", "systemic": "negative"}
_JOINTS_AT_ONCE = (1, 2, 2, 3)
_DOUBLED = (
    *(
        ("后后", "后"),
        ("时时", "时"),
        ("后时", "后"),
        ("时后", "时"),
        ("检查检查", "检查"),
        ("治疗治疗", "治疗"),
        ("夜间时", "夜间"),
    ),
    *(("晨起时", "晨起"), ("阴雨天时", "阴雨天"), ("夜间后", "夜间"), ("晨起后", "晨起")),
)
#: How flat the ranks of regions, and of what is told of one, are.
_REGION_BY_RANK, _PICKED_BY_RANK = 0.3, 0.3
_SITES_AT_ONCE, _TOLD_AT_ONCE = (1, 2), (2, 3)
_SECOND_TAIL, _SITE_ALIASES = 0.8, 0.15

Concept = tuple[EntityType, str]
_T = TypeVar("_T")


class Story(dict[str, str]):
    """The gaps of one record; a gap asked for the first time is drawn and then kept.

    `told` holds the concepts that were drawn, `sex` (男, 女) excludes what the other sex has.
    """

    def __init__(self, rng: random.Random, words: Words, sex: str) -> None:
        """A story of which nothing is told yet."""
        super().__init__()
        self.words, self.sex, self.told = words, sex, set[Concept]()
        self._rng = rng
        self._used: dict[str, set[str]] = {}

    def __missing__(self, gap: str) -> str:
        """Fill a gap: a number, a chain of sites, or a term of a slot with a counting digit."""
        if gap in RANGES:
            value = self._number(*RANGES[gap])
        else:
            key = gap.rstrip("0123456789")
            value = self._composed(key, gap[len(key) :]) or self._term(key)
        self[gap] = value
        return value

    def take(self, other: Story, gaps: Iterable[str]) -> None:
        """Tell these gaps, where the other story has them, as it does."""
        self.update({gap: other[gap] for gap in gaps if gap in other})
        for key, names in other._used.items():
            self.bar(key, names)

    def bar(self, key: str, names: Iterable[str]) -> None:
        """Never draw these names for gaps of a slot."""
        self._used.setdefault(key, set()).update(names)

    def tell(self, patterns: Sequence[str]) -> str:
        """One of the patterns, the first ones more often, with its gaps filled."""
        text = by_rank(self._rng, patterns, 0.5).format_map(self)
        for doubled, single in _DOUBLED:
            text = text.replace(doubled, single)
        return text

    def some(self, items: Sequence[str], low: int, high: int) -> list[str]:
        """Between `low` and `high` of the items, filled, in their order."""
        count = self._rng.randint(low, high)
        chosen = sorted(self._rng.sample(range(len(items)), count))
        return [self.tell(items[i : i + 1]) for i in chosen]

    def pick(self, items: Sequence[_T], count: int) -> list[_T]:
        """At most `count` of the items, the first ones more often, in their order."""
        left = list(range(len(items)))
        while len(left) > max(0, len(items) - count):
            left.remove(by_rank(self._rng, left, _PICKED_BY_RANK))
        return [item for i, item in enumerate(items) if i not in left]

    def several(self, slot: Slot, count: int) -> list[Term]:
        """At most `count` terms of any slot, noted as told, in the order of their ranks."""
        return [
            self.say(slot, name) for name in self.pick(self.words.ranked(slot, self.sex), count)
        ]

    def bar_said(self, key: str, text: str) -> None:
        """Never draw for gaps of a slot what the text says."""
        ranked = self.words.ranked(SLOTS[key], self.sex)
        self.bar(key, [name for name in ranked if name in text])

    def often(self, share: float) -> bool:
        """True in this share of calls."""
        return self._rng.random() < share

    def draw(self, slot: Slot, barred: Collection[str] = ()) -> Term:
        """A term of any slot, noted as told."""
        return self._noted(slot, self.words.draw(self._rng, slot, self.sex, barred))

    def say(self, slot: Slot, name: str) -> Term:
        """The term of a name, noted as told."""
        return self._noted(slot, self.words.term(self._rng, slot, name))

    def measured(self, assays: Sequence[Assay], fall: float = 1.0) -> str:
        """Tests with values: 血沉62mm/h，CRP 35.1mg/L. Under treatment they `fall`."""
        return "，".join(self._value(assay, fall) for assay in assays)

    def sample_assays(self, low: int, high: int, barred: Collection[str] = ()) -> list[Assay]:
        """Some of the assays that are not barred, the commoner ones more often."""
        count = self._rng.randint(low, high)
        picked = {by_rank(self._rng, range(len(ASSAYS)), 0.6) for _ in range(count * 2)}
        assays = [ASSAYS[i] for i in sorted(picked)]
        return [assay for assay in assays if assay.name not in barred][:count]

    def _noted(self, slot: Slot, term: Term) -> Term:
        self.told.add((slot.type, term.name))
        return term

    def _term(self, key: str) -> str:
        slot, used = SLOTS[key], self._used.setdefault(key, set())
        term = self.draw(slot, used.union(self._kept_apart(key, used)))
        used.add(term.name)
        if key == "joint":
            return Term(self._side(term.name) + term, term.name)
        if key == "relief":
            return Term(term if term.endswith("后") else term + "后", term.name)
        return term

    def _kept_apart(self, key: str, used: set[str]) -> Collection[str]:
        """What may not stand beside what is told of the same or another slot."""
        if key == "drug":
            return TARGETED if used & TARGETED else ()
        return self._used.get(_KEPT_APART.get(key, ""), ())

    def _composed(self, key: str, number: str) -> str:
        """A gap made of others; empty if it is not such a gap."""
        if key == "joints":
            return self._joints()
        if key == "hurts":
            second = f"、{self[f'also{number}']}" if self.often(_SECOND_TAIL) else ""
            return self[f"tail{number}"] + second
        if key == "eases":
            return one_after([self[f"relief{number}"], self[f"relief{number}0"]])
        return self._region(key) if key in ("ache", "found") else ""

    def _joints(self) -> str:
        """One to three sites, those that the record calls joint1, joint2, joint3."""
        count = self._rng.choice(_JOINTS_AT_ONCE)
        return "、".join(self[f"joint{i}"] for i in range(1, count + 1))

    def _region(self, key: str) -> str:
        """Sites of one region with what is felt (`ache`) or found there, a region told once."""
        used = self._used.setdefault(key, set())
        region = by_rank(self._rng, [r for r in REGIONS if r.name not in used], _REGION_BY_RANK)
        used.add(region.name)
        felt = key == "ache"
        kind = EntityType.SYMPTOM if felt else EntityType.PHYSICAL_EXAMINATION
        names = self.pick(region.symptoms if felt else region.signs, self._count(_TOLD_AT_ONCE))
        told = [self.say(Slot(kind, (name,)), name) for name in names]
        return "、".join(self._sites(region)) + "、".join(told)

    def _sites(self, region: Region) -> list[str]:
        side = self._sided(region.sides) + region.of
        slot = Slot(EntityType.BODY_PART, region.sites, _SITE_ALIASES)
        picked = self.pick(region.sites, self._count(_SITES_AT_ONCE))
        return [side + self.say(slot, name) for name in picked]

    def _count(self, limits: tuple[int, int]) -> int:
        return self._rng.randint(*limits)

    def _sided(self, sides: Sequence[str]) -> str:
        return self._rng.choices(sides, (8, 1, 1))[0] if sides else ""

    def _side(self, name: str) -> str:
        return self._sided("双左右") + SIDED.get(name, "")

    def _number(self, low: float, high: float) -> str:
        if isinstance(low, int):
            return str(self._rng.randint(low, int(high)))
        return f"{self._rng.uniform(low, high):.1f}"

    def _value(self, assay: Assay, fall: float) -> str:
        name = self.say(Slot(EntityType.LAB_TEST, (assay.name,), 0.6), assay.name)
        number = self._rng.triangular(assay.low, assay.high, assay.low) * fall
        gap = " " if name[-1].isascii() else ""
        return f"{name}{gap}{number:.{assay.decimals}f}{assay.unit}"


def one_after(terms: Sequence[str]) -> str:
    """What relieves, with one 后 at the end: 休息、热敷后."""
    bare = [term.removesuffix("后") for term in terms]
    return "、".join(bare) + "后" * bool(bare)
