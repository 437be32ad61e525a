"""What the trainings on texts without labels share: passes over rows, in parts, and a report.

Belongs here: how rows are gone over and what is said of it. Does not belong here: what a row is
and what is learnt of it (`pretraining.py`, `character_lm_training.py`), the loop (`training.py`).
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence, Sized
from dataclasses import asdict, dataclass
from typing import ClassVar, Generic, TypeVar

from rakg_assets.extraction.training import (
    EpochReport,
    TrainingError,
    TrainingReport,
    TrainingSettings,
)

R = TypeVar("R", bound=Sized)


@dataclass(frozen=True)
class PassConfig:
    """How texts are gone over; configs of trainings extend it and say what each value does."""

    warmup: ClassVar[float]

    minimum: int = 2
    passes: int = 3
    row_length: int = 128
    batch_rows: int = 8
    checkpoint_rows: int = 2_000
    held_out: float = 0.02
    learning_rate: float = 3.5e-4
    seed: int = 0
    device: str = "auto"
    threads: int = 2
    half: bool = False

    def settings(self, parts: int) -> TrainingSettings:
        """What the loop needs, an "epoch" of it being one of `parts` a pass."""
        rounds = parts * self.passes
        return TrainingSettings(
            epochs=rounds,
            patience=rounds + 1,
            seed=self.seed,
            device=self.device,
            threads=self.threads,
            learning_rate=self.learning_rate,
            warmup=self.warmup,
            clip=1.0,
            metric="accuracy",
        )


@dataclass(frozen=True)
class PretrainReport:
    """What a pre-training started from (a folder by its own name), read and came to.

    Of all rows `held_rows` were kept back; `rows_read` counts each row as often as it was read.
    """

    start: str
    seed: int
    rows: int
    held_rows: int
    characters: int
    rows_read: int
    training: TrainingReport

    @property
    def first(self) -> EpochReport:
        """The figures at the first checkpoint."""
        return self.training.epochs[0]

    @property
    def kept(self) -> EpochReport:
        """The figures of the weights that were kept."""
        return self.training.epochs[self.training.best_epoch - 1]

    def to_text(self) -> str:
        """For metrics.json; no timings, so that equal trainings write equal files."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class RowPasses(Generic[R]):
    """The rows of a training; an epoch of the loop is one of `parts` of a pass.

    `held` are kept back for the figures. Raises `TrainingError` where one of both is empty.
    """

    def __init__(self, rows: Sequence[R], held: Sequence[R], config: PassConfig) -> None:
        if not (rows and held):
            raise TrainingError("too little text to train an encoder on; give more records")
        self.rows, self.held, self.config = rows, held, config
        self.parts = math.ceil(len(rows) / config.checkpoint_rows)
        self.batch_count = math.ceil(len(rows) / self.parts / config.batch_rows)

    def of_epoch(self, epoch: int) -> list[R]:
        """The rows of an epoch, counted from 1; every pass has an order of its own."""
        number, part = divmod(epoch - 1, self.parts)
        draw = random.Random(self.config.seed * 10_007 + number)
        return draw.sample(self.rows, len(self.rows))[part :: self.parts]

    def report(self, training: TrainingReport, start: str) -> PretrainReport:
        """The report of a training on these rows that began with `start`."""
        passes, rest = divmod(len(training.epochs), self.parts)
        read = passes * len(self.rows)
        read += sum(len(self.rows[part :: self.parts]) for part in range(rest))
        rows = (*self.rows, *self.held)
        return PretrainReport(
            start=start,
            seed=self.config.seed,
            rows=len(rows),
            held_rows=len(self.held),
            characters=sum(map(len, rows)),
            rows_read=read,
            training=training,
        )
