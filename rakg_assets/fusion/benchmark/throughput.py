"""How fast mentions are linked: 2,000 noisy ones against a dictionary of 50,000 terms.

Belongs here: making terms and mentions, timing, memory. The terms are compounds of the shipped
dictionaries (a part of the body with a disease), as classifications of diseases are full of.
"""

from __future__ import annotations

import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rakg_assets.fusion.benchmark.pairs import PairsError
from rakg_assets.fusion.benchmark.rivals import Best, Cdist, ExtractOne, Matcher, TfidfTopn
from rakg_assets.fusion.calibration import Curve
from rakg_assets.fusion.name_index import NameIndex
from rakg_assets.fusion.normalise import Normaliser
from rakg_assets.fusion.slips import Slips
from rakg_assets.ontology.dictionaries import Concept, Dictionary
from rakg_assets.ontology.schema import EntityType

TERMS, MENTIONS, ROUNDS = 50_000, 2_000, 5
#: What the tables call the linker.
OURS = "rakg"
_VARIANTS: tuple[Callable[[str], str], ...] = (
    lambda name: f"左侧{name}",
    lambda name: f"{name}（待查）",
    lambda name: f"{name}3级",
    lambda name: f" {name[:2]} {name[2:]}",
)
_SLIPPED = 0.75
# Chance finds distinct compounds quickly while there are somewhat more than are wanted.
_SPARE = 1.2


@dataclass(frozen=True)
class Speed:
    """One matcher's measures: seconds to build its index, megabytes it holds, mentions a second
    (the median round), and the shares of mentions answered right and wrong, in percent."""

    title: str
    build_seconds: float
    megabytes: float
    mentions_a_second: float
    right: float
    wrong: float


def large_dictionary(
    dictionaries: Mapping[EntityType, Dictionary], size: int = TERMS, seed: int = 0
) -> Dictionary:
    """All disease names, and parts of the body with a disease, until there are `size` of them.

    Raises `PairsError` where there are hardly so many.
    """
    diseases = [c.name_zh for c in dictionaries[EntityType.DISEASE].concepts]
    parts = [c.name_zh for c in dictionaries[EntityType.BODY_PART].concepts]
    names = dict.fromkeys(diseases)
    if len(diseases) * (1 + len(parts)) < _SPARE * size:
        raise PairsError(f"the dictionaries are too small for {size} terms; use those that ship")
    rng = random.Random(seed)
    while len(names) < size:
        names[rng.choice(parts) + rng.choice(diseases)] = None
    concepts = tuple(Concept(f"DIS{n:05d}", name, "") for n, name in enumerate(names))
    return Dictionary(EntityType.DISEASE, concepts[:size], "large")


def noisy_mentions(
    names: Sequence[str], count: int = MENTIONS, seed: int = 0
) -> tuple[list[str], list[int]]:
    """Mentions with the position of the name of each: three in four with a slip, the others with
    words around the name."""
    slips, rng = Slips(names, seed), random.Random(seed)
    drawn = rng.sample(range(len(names)), count)
    mentions = [
        slips.slip(names[at]) if rng.random() < _SLIPPED else rng.choice(_VARIANTS)(names[at])
        for at in drawn
    ]
    return mentions, drawn


def measure(
    dictionary: Dictionary,
    normaliser: Normaliser,
    curve: Curve,
    mentions: int = MENTIONS,
    rounds: int = ROUNDS,
) -> list[Speed]:
    """Every matcher on the same mentions, turn by turn in one run, so that noise hits all alike."""
    names = [concept.name_zh for concept in dictionary.concepts]
    asked, truth = noisy_mentions(names, mentions)
    builders: dict[str, Callable[[], Matcher]] = {
        OURS: lambda: _Ours(dictionary, normaliser, curve),
        ExtractOne.title: lambda: ExtractOne(names),
        Cdist.title: lambda: Cdist(names),
        TfidfTopn.title: lambda: TfidfTopn(names),
    }
    built = {title: _built(build) for title, build in builders.items()}
    seconds: dict[str, list[float]] = {title: [] for title in built}
    found: dict[str, np.ndarray] = {}
    for _ in range(rounds):
        for title, (matcher, _, _) in built.items():
            start = time.perf_counter()
            found[title], _ = matcher.best(asked)
            seconds[title].append(time.perf_counter() - start)
    return [
        Speed(
            *(title, took, held, mentions / statistics.median(seconds[title])),
            right=100 * float(np.mean(found[title] == truth)),
            wrong=100 * float(np.mean((found[title] != truth) & (found[title] >= 0))),
        )
        for title, (_, took, held) in built.items()
    ]


class _Ours:
    """The linker's index of one type, asked like the others."""

    def __init__(self, dictionary: Dictionary, normaliser: Normaliser, curve: Curve) -> None:
        self._index = NameIndex(dictionary, normaliser, curve)
        self._positions = {c.concept_id: at for at, c in enumerate(dictionary.concepts)}
        self._index.prepare()

    def best(self, mentions: Sequence[str]) -> Best:
        """The linked concept of each mention, -1 where none is linked."""
        found = self._index.matches(mentions)
        linked = [self._positions[m.concept.concept_id] if m.concept else -1 for m in found]
        return np.array(linked), np.array([m.score for m in found])


def _built(build: Callable[[], Matcher]) -> tuple[Matcher, float, float]:
    """A matcher with the seconds of its making and, from a second making, the megabytes it holds;
    to count them slows the making down."""
    start = time.perf_counter()
    matcher = build()
    took = time.perf_counter() - start
    tracemalloc.start()
    again = build()
    held = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    del again
    return matcher, took, held
