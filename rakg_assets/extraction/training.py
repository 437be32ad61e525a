"""The one training loop: seed, device, schedule, early stopping, checkpoint and resume.

Belongs here: what NER, relation and encoder training share. Does not belong here: models, data
and figures, which come in as a `Task` (`ner.py`, `relation.py`, `encoders/pretraining.py`).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Protocol, Self

import torch
from torch import Tensor, nn

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.artifacts import encoder_content
from rakg_assets.extraction.checkpoints import Checkpoint, read_checkpoint, write_checkpoint
from rakg_assets.extraction.processor import cores
from rakg_assets.extraction.regularising import MovingAverage, adversarial

FEWEST, MOST = 4, 16  # epochs
_BACKBONE = "encoder.backbone."  # where a model keeps its pre-trained parameters

Progress = Callable[[int, int], None]
"""Called with about (batches done, batches of a full run) after every batch."""


class TrainingError(RuntimeError):
    """Training that cannot go on; the message names place, reason and remedy."""


@dataclass(frozen=True)
class TrainingSettings:
    """What the loop needs to know; configs of models extend it.

    Without `epochs` there are as many as make about `steps` batches, within `FEWEST` and `MOST`:
    few records are gone over more often. Learning rates rise for the `warmup` share of all
    batches, then fall linearly to 0. Training ends early after `patience` epochs without a better
    `metric` on dev. `average` is the decay of a moving average of the weights, which is then
    judged and kept; `adversarial` the length of a step of the character vectors against which
    every batch is learnt a second time. One CPU thread is the default: small models hardly gain
    from a second, and on a busy machine threads that wait for each other took 15 times as long.
    """

    epochs: int | None = None
    steps: int = 1_300
    patience: int = 8
    seed: int = 0
    device: str = "auto"
    threads: int = 1
    learning_rate: float = 2e-3
    weight_decay: float = 1e-2
    warmup: float = 0.05
    clip: float = 5.0
    average: float = 0.0
    adversarial: float = 0.0
    metric: str = "f1"

    def to_json(self) -> dict[str, Any]:
        """All values by name."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Known values of a mapping; names of other versions are passed over."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: v for name, v in value.items() if name in known})


class Task(Protocol):
    """A model with its data."""

    name: str
    module: nn.Module
    batch_count: int
    """About how many batches an epoch has: for the number of epochs and for progress."""

    def parameter_groups(self) -> list[dict[str, Any]]:
        """Optimiser groups; a group may bring its own `lr` and `weight_decay`."""

    def batches(self, epoch: int) -> Sequence[Any]:
        """The batches of an epoch; the same for the same epoch, whatever ran before."""

    def loss(self, batch: Any) -> Tensor:
        """The mean loss of a batch, a scalar."""

    def evaluate(self) -> Mapping[str, float] | None:
        """Figures on dev, one named as the settings' `metric`; None without dev data."""


@dataclass(frozen=True)
class EpochReport:
    """One epoch: mean training loss and the figures on dev (empty without dev data)."""

    epoch: int
    loss: float
    dev: Mapping[str, float] = field(default_factory=dict)


@dataclass
class TrainingReport:
    """The curves of a training and which epoch's weights were kept."""

    epochs: list[EpochReport] = field(default_factory=list)
    best_epoch: int = 0
    best_metric: float | None = None

    def to_json(self) -> dict[str, Any]:
        """For metrics.json; no timings, so that equal trainings write equal files."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> TrainingReport:
        """The report that `to_json` wrote."""
        epochs = [EpochReport(**epoch) for epoch in value["epochs"]]
        return cls(epochs, value["best_epoch"], value["best_metric"])


def parameter_groups(module: nn.Module, encoder_rate: float) -> list[dict[str, Any]]:
    """Optimiser groups of a model; a pre-trained backbone, if it has one, has its own rate."""
    named = [(n, p) for n, p in module.named_parameters() if p.requires_grad]
    outer = [p for n, p in named if not n.startswith(_BACKBONE)]
    inner = [p for n, p in named if n.startswith(_BACKBONE)]
    groups: list[dict[str, Any]] = [{"params": outer}]
    if inner:
        groups.append({"params": inner, "lr": encoder_rate})
    return groups


def training_key(settings: TrainingSettings, documents: Sequence[Document], terms: Any) -> str:
    """A hash of config, encoder, data and words: another training's checkpoint is left alone."""
    config = settings.to_json()
    config["encoder"] = encoder_content(config.get("encoder"))  # wherever its folder lies
    read = [config, [d.to_json() for d in documents], terms]
    text = json.dumps(read, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def enough_epochs(steps: int, batches: int) -> int:
    """How many epochs of so many batches make about `steps` batches, within `FEWEST` and `MOST`."""
    return min(MOST, max(FEWEST, round(steps / max(1, batches))))


def pick_device(name: str) -> torch.device:
    """`auto` is cuda when there, else the CPU; any other name is taken as given."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def train(
    task: Task,
    settings: TrainingSettings,
    checkpoint: Path,
    fingerprint: str,
    progress: Progress | None = None,
    enough: Callable[[], bool] | None = None,
) -> TrainingReport:
    """Train `task.module` in place and leave it with its best weights.

    After every epoch the whole state is written to `checkpoint`; a later call with the same
    `fingerprint` (of config and data) goes on from there and ends as if never interrupted.
    `enough`, asked after every epoch, may end the training early.
    The caller removes the checkpoint once the model is saved. Raises `TrainingError`.
    """
    with cpu_threads(settings.threads):
        return _Loop(task, settings, checkpoint, fingerprint, progress).run(enough)


class _Loop:
    def __init__(
        self,
        task: Task,
        settings: TrainingSettings,
        checkpoint: Path,
        fingerprint: str,
        progress: Progress | None,
    ) -> None:
        self.task, self.settings, self.progress = task, settings, progress
        self.path, self.fingerprint = checkpoint, fingerprint
        self.module = task.module.to(pick_device(settings.device))
        self.optimizer = torch.optim.AdamW(
            task.parameter_groups(),
            lr=settings.learning_rate,
            weight_decay=settings.weight_decay,
            fused=True,  # one kernel for all parameters: a third of the time, same rule
        )
        self.rates = [group["lr"] for group in self.optimizer.param_groups]
        self.epochs = settings.epochs or enough_epochs(settings.steps, task.batch_count)
        self.report = TrainingReport()
        self.best: dict[str, Tensor] = {}
        self.average = MovingAverage(self.module, settings.average) if settings.average else None

    def run(self, enough: Callable[[], bool] | None) -> TrainingReport:
        self._resume()
        for epoch in range(len(self.report.epochs) + 1, self.epochs + 1):
            if self._exhausted():
                break
            # Seeding each epoch makes a resumed run equal to an uninterrupted one.
            torch.manual_seed(self.settings.seed * 10_007 + epoch)
            loss = self._epoch(epoch)
            with self.average.in_place() if self.average else nullcontext():
                self._judge(EpochReport(epoch, round(loss, 6), self._evaluate()))
            self._save()
            if enough and enough():
                break
        self.module.load_state_dict(self.best or self.module.state_dict())
        self.module.eval()
        return self.report

    def _epoch(self, epoch: int) -> float:
        self.module.train()
        total, batches = 0.0, self.task.batches(epoch)
        for number, batch in enumerate(batches):
            done = epoch - 1 + (number + 1) / len(batches)
            self._schedule(done / self.epochs)
            total += self._step(batch, f"epoch {epoch}, batch {number + 1}")
            if self.progress:
                # Epochs may differ in batches; the bar must not go back.
                count = max(1, self.task.batch_count)
                self.progress(round(done * count), self.epochs * count)
        return total / max(1, len(batches))

    def _step(self, batch: Any, place: str) -> float:
        loss = self.task.loss(batch)
        value = loss.item()
        if not math.isfinite(value):
            rates = ", ".join(f"{rate:g}" for rate in self.rates)
            raise TrainingError(
                f"{self.task.name}, {place}: the loss is {value}; lower the learning rate "
                f"(now {rates}) or look for broken training data"
            )
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if self.settings.adversarial:
            with adversarial(self.module, self.settings.adversarial):
                self.task.loss(batch).backward()
        nn.utils.clip_grad_norm_(self.module.parameters(), self.settings.clip)
        self.optimizer.step()
        if self.average:
            self.average.update()
        return value

    def _schedule(self, done: float) -> None:
        """Set learning rates for the share `done` (0..1] of the whole training."""
        warmup = self.settings.warmup
        factor = done / warmup if done < warmup else (1 - done) / max(1 - warmup, 1e-9)
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * max(factor, 0.0)

    def _evaluate(self) -> dict[str, float]:
        self.module.eval()
        with torch.no_grad():
            return dict(self.task.evaluate() or {})

    def _judge(self, epoch: EpochReport) -> None:
        """Note an epoch; keep its weights if they are the best. Without dev the last is best."""
        self.report.epochs.append(epoch)
        value = epoch.dev.get(self.settings.metric)
        best = self.report.best_metric
        if value is None or best is None or value > best:
            self.report.best_epoch, self.report.best_metric = epoch.epoch, value
            self.best = {n: t.detach().clone() for n, t in self.module.state_dict().items()}

    def _exhausted(self) -> bool:
        return len(self.report.epochs) - self.report.best_epoch >= self.settings.patience

    def _save(self) -> None:
        model, optimizer = self.module.state_dict(), self.optimizer.state_dict()
        average = self.average.saved() if self.average else {}
        state = Checkpoint(
            self.fingerprint, self.report.to_json(), model, self.best, optimizer, average
        )
        write_checkpoint(self.path, state)

    def _resume(self) -> None:
        state = read_checkpoint(self.path, self.fingerprint, self.optimizer.state_dict())
        if state is not None:
            self.report = TrainingReport.from_json(state.report)
            self.module.load_state_dict(state.model)
            self.optimizer.load_state_dict(state.optimizer)
            self.best = state.best
            if self.average:
                self.average.restore(state.average)


@contextmanager
def cpu_threads(count: int) -> Iterator[None]:
    """Compute on `count` CPU threads, 0 means all cores; then leave the process as it was."""
    before = torch.get_num_threads()
    torch.set_num_threads(count or cores())
    try:
        yield
    finally:
        torch.set_num_threads(before)
