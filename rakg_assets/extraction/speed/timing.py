"""Readers of entities timed on the same texts, in one run.

Belongs here: warm-up, rounds, what each found. Does not belong here: the readers (`rivals.py`,
`onnx/ner.py`, `ner.py`) or the table (`report.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.scoring import score_entities

ROUNDS, WARM_UP = 2, 64


class Reader(Protocol):
    """Whatever finds entities."""

    def predict(self, documents: Sequence[Document]) -> list[list[Entity]]:
        """The entities of each document in order."""


class Stopwatch:
    """A function that sums the `seconds` spent in it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function, self.seconds = function, 0.0

    def __call__(self, *args: Any, **names: Any) -> Any:
        """What the function returns."""
        start = time.perf_counter()
        given = self._function(*args, **names)
        self.seconds += time.perf_counter() - start
        return given


@dataclass(frozen=True)
class Contender:
    """A reader, and the watch on its network; readers of the same weights may share one."""

    reader: Reader
    network: Stopwatch


@dataclass(frozen=True)
class Speed:
    """One reader's measures: seconds from texts to entities, those of them spent in its network,
    both of the best round, and F1 of what it found against the reference, in percent."""

    title: str
    seconds: float
    network_seconds: float
    agreement: float


def measure(
    contenders: Mapping[str, Contender],
    documents: Sequence[Document],
    reference: str,
    rounds: int = ROUNDS,
) -> list[Speed]:
    """Every reader on the same texts; what the one titled `reference` finds is the truth.

    Readers take turns, so that noise hits all alike.
    """
    for contender in contenders.values():
        contender.reader.predict(documents[:WARM_UP])
    best: dict[str, tuple[float, float]] = {}
    found: dict[str, list[list[Entity]]] = {}
    for _ in range(rounds):
        for title, contender in contenders.items():
            before, start = contender.network.seconds, time.perf_counter()
            found[title] = contender.reader.predict(documents)
            took = time.perf_counter() - start, contender.network.seconds - before
            best[title] = min(best.get(title, took), took)
    truth = _labelled(documents, found[reference])
    return [
        Speed(title, *best[title], score_entities(truth, _labelled(documents, found[title])).f1)
        for title in contenders
    ]


def _labelled(documents: Sequence[Document], found: Sequence[Sequence[Entity]]) -> list[Document]:
    return [replace(d, entities=tuple(e)) for d, e in zip(documents, found, strict=True)]
