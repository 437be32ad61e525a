"""Facts about a generated corpus: what was written, how sentences repeat, how ranks fall off.

They tell whether the corpus is like a real one in size and shape; model quality is never measured
on it. Does not belong here: writing it (`generator.py`).
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rakg_assets.corpus.sentences import split_section
from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample.stays import Stay
from rakg_assets.sample.visits import WARD

#: Concepts in fewer records say more of chance than of the law that they follow.
_FEWEST_RECORDS = 6


@dataclass(frozen=True)
class ConceptFacts:
    """Concepts of one type: how many the dictionary has, how many were told in a record.

    `exponent`: frequency in records falls with rank as 1/rank**exponent, by least squares on
    logarithms over concepts of at least six records.
    """

    known: int
    told: int
    exponent: float


@dataclass(frozen=True)
class Defect:
    """A file that the inbox is not to take, or in part, as a path relative to the folder."""

    file: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class GeneratorReport:
    """What was written; for scale and demonstration, never to measure model quality on.

    `files`: good files by format; `months`: records by month of admission. Sentences are counted
    over the first `sentence_records` records only, so that memory does not grow.
    """

    records: int
    patients: int
    files: dict[str, int]
    months: dict[str, int]
    defects: tuple[Defect, ...]
    sentences: int
    distinct_sentences: int
    sentence_records: int
    concepts: dict[str, ConceptFacts] = field(default_factory=dict)

    @property
    def distinct_share(self) -> float:
        """The share of distinct sentences, 0..1."""
        return self.distinct_sentences / self.sentences if self.sentences else 0.0

    @property
    def defective(self) -> dict[str, int]:
        """Numbers of defective files by reason."""
        return dict(sorted(Counter(d.reason for d in self.defects).items()))

    def __str__(self) -> str:
        """One line for a person."""
        return (
            f"{self.records} generated records of {self.patients} patients in {len(self.months)} "
            f"months, {sum(self.files.values())} good files in {len(self.files)} formats, "
            f"{len(self.defects)} defective ones, {100 * self.distinct_share:.0f} % distinct "
            "sentences (for scale and demonstration: no model is measured on them)"
        )


class Census:
    """Counts stays as they go by."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self.months: Counter[str] = Counter()
        self.records = self.patients = self.sentences = self.sentence_records = 0
        self._concepts: Counter[tuple[EntityType, str]] = Counter()
        self._seen: set[int] = set()

    @property
    def distinct_sentences(self) -> int:
        """How many of the sentences were different."""
        return len(self._seen)

    def add(self, stay: Stay) -> None:
        """Count one accepted stay."""
        self.records += 1
        self.patients += not stay.comes_again
        self.months[stay.month] += 1
        self._concepts.update(stay.concepts)
        if self.records <= WARD:
            self._count_sentences(text for *_, text in stay.sections)

    def concepts(self, known: dict[EntityType, int]) -> dict[str, ConceptFacts]:
        """By type key; `known` are the numbers of concepts in the dictionaries."""
        return {
            kind.value: _facts(total, [n for (k, _), n in self._concepts.items() if k == kind])
            for kind, total in known.items()
        }

    def _count_sentences(self, texts: Iterable[str]) -> None:
        self.sentence_records += 1
        for text in texts:
            spans = split_section(text)
            self.sentences += len(spans)
            self._seen.update(hash(text[start:end]) for start, end in spans)


def _facts(known: int, counts: list[int]) -> ConceptFacts:
    ranked = [n for n in sorted(counts, reverse=True) if n >= _FEWEST_RECORDS]
    if len(set(ranked)) < 2:
        return ConceptFacts(known, len(counts), 0.0)
    ranks = [math.log(rank) for rank in range(1, len(ranked) + 1)]
    line = statistics.linear_regression(ranks, [math.log(n) for n in ranked])
    return ConceptFacts(known, len(counts), round(-line.slope, 2))
