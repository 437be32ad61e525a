"""Texts with rare entity types shown more often, so that batches hold more of them.

Belongs here: how often a segment is read in an epoch. Does not belong here: changes to texts
(`augmentation.py`) or batches (`tagging.py`).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from rakg_assets.extraction.tagging import Segment

_MOST = 4.0  # times a segment may be read in an epoch


class Balance:
    """Repeats segments by their rarest type: (mentions of the commonest / of it) ** `power`."""

    def __init__(self, segments: Sequence[Segment], power: float) -> None:
        self.segments = segments
        counts = Counter(e.label for s in segments for e in s.entities)
        most = max(counts.values(), default=1)
        weight = {label: (most / count) ** power for label, count in counts.items()}
        self.times = [
            min(_MOST, max((weight[e.label] for e in s.entities), default=1.0)) for s in segments
        ]

    @property
    def mean(self) -> float:
        """How often a segment is read in an epoch, on average."""
        return sum(self.times) / max(1, len(self.times))

    def __call__(self, draw: random.Random) -> list[Segment]:
        """The segments of an epoch; a part of a time is a chance."""
        return [
            segment
            for segment, times in zip(self.segments, self.times, strict=True)
            for _ in range(int(times) + (draw.random() < times % 1))
        ]
