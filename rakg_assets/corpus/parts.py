"""Labelled documents by what they are used for: train, dev and test.

Belongs here: the parts as trainings and benchmarks hold them, and fewer records of one. Does not
belong here: which record goes into which part (`splits.py`).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import pandas as pd

from rakg_assets.corpus.documents import Document, documents_of
from rakg_assets.corpus.splits import SPLITS


@dataclass(frozen=True)
class Parts:
    """Labelled documents by their use."""

    train: Sequence[Document]
    dev: Sequence[Document]
    test: Sequence[Document]

    @classmethod
    def of(cls, labelled: pd.DataFrame, **more: Any) -> Self:
        """The parts of a table `labeled_splits`; `more` are fields of a class that has more."""
        parts = (documents_of(labelled[labelled["split"] == split]) for split in SPLITS)
        return cls(*parts, **more)

    @property
    def each(self) -> tuple[Sequence[Document], ...]:
        """Train, dev and test, in this order."""
        return self.train, self.dev, self.test

    @property
    def empty(self) -> list[str]:
        """The names of parts without any document."""
        return [name for name, part in zip(SPLITS, self.each, strict=True) if not part]

    @property
    def records(self) -> dict[str, int]:
        """How many records each part has."""
        counts = (len({d.id for d in part}) for part in self.each)
        return dict(zip(SPLITS, counts, strict=True))

    def with_train_records(self, count: int, seed: int = 0) -> Self:
        """The same with `some_records` of train."""
        return replace(self, train=some_records(self.train, count, seed))


def some_records(documents: Sequence[Document], count: int, seed: int = 0) -> list[Document]:
    """The documents of `count` records (all where there are fewer), the same for the same seed."""
    names = sorted({document.id for document in documents})
    chosen = set(random.Random(seed).sample(names, min(count, len(names))))
    return [document for document in documents if document.id in chosen]
