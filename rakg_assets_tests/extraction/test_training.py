import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from rakg_assets.extraction.training import (
    TrainingError,
    TrainingReport,
    TrainingSettings,
    enough_epochs,
    pick_device,
    train,
)

SETTINGS = TrainingSettings(epochs=6, patience=6, device="cpu", threads=1, learning_rate=0.05)


class Line:
    """Fits y = 2x with dropout, so that random numbers matter."""

    name = "line"
    batch_count = 3

    def __init__(self, scores: list[float] | None = None) -> None:
        torch.manual_seed(3)
        self.module = nn.Sequential(nn.Linear(1, 4), nn.Dropout(0.5), nn.Linear(4, 1))
        self.scores = scores
        self.evaluated = 0

    def parameter_groups(self) -> list[dict[str, Any]]:
        return [{"params": self.module[0].parameters()}, {"params": self.module[2].parameters()}]

    def batches(self, epoch: int) -> list[Tensor]:
        return [torch.full((4, 1), float(epoch + i)) for i in range(3)]

    def loss(self, batch: Tensor) -> Tensor:
        return (self.module(batch) - 2 * batch).pow(2).mean()

    def evaluate(self) -> Mapping[str, float] | None:
        if self.scores is None:
            return None
        self.evaluated += 1
        return {"f1": self.scores[self.evaluated - 1]}


def weights(task: Line) -> list[Tensor]:
    return [p.detach().clone() for p in task.module.parameters()]


def stop_after(batches: int) -> Any:
    def progress(done: int, total: int) -> None:
        if done == batches:
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("batches", [4, 8, 18])
def test_an_interrupted_run_ends_as_if_it_had_not_been(tmp_path: Path, batches: int) -> None:
    whole, part = Line(), Line()
    expected = train(whole, SETTINGS, tmp_path / "a", "same")
    with pytest.raises(KeyboardInterrupt):
        train(part, SETTINGS, tmp_path / "b", "same", stop_after(batches))
    assert (tmp_path / "b").is_file()
    again = Line()
    assert train(again, SETTINGS, tmp_path / "b", "same") == expected
    assert all(map(torch.equal, weights(whole), weights(again)))


def test_a_checkpoint_of_another_training_or_a_damaged_one_is_not_used(tmp_path: Path) -> None:
    expected = train(Line(), SETTINGS, tmp_path / "a", "one")
    assert train(Line(), SETTINGS, tmp_path / "a", "two") == expected
    (tmp_path / "a").write_bytes(b"\x10broken")
    assert train(Line(), SETTINGS, tmp_path / "a", "two") == expected


def test_the_best_epoch_on_dev_is_kept_and_patience_ends_the_run(tmp_path: Path) -> None:
    settings = TrainingSettings(epochs=6, patience=2, device="cpu", threads=1)
    task = Line(scores=[10, 30, 20, 25, 90, 90])
    states: list[list[Tensor]] = []
    task.evaluate = lambda: (states.append(weights(task)), Line.evaluate(task))[1]  # type: ignore
    report = train(task, settings, tmp_path / "a", "x")
    assert [epoch.dev["f1"] for epoch in report.epochs] == [10, 30, 20, 25]
    assert (report.best_epoch, report.best_metric) == (2, 30)
    assert all(map(torch.equal, weights(task), states[1]))
    assert not all(map(torch.equal, weights(task), states[3]))


def test_without_dev_the_last_epoch_counts(tmp_path: Path) -> None:
    report = train(Line(), SETTINGS, tmp_path / "a", "x")
    assert (report.best_epoch, report.best_metric, len(report.epochs)) == (6, None, 6)
    assert TrainingReport.from_json(report.to_json()) == report


def test_a_loss_that_is_no_number_stops_with_a_reason(tmp_path: Path) -> None:
    task = Line()
    task.loss = lambda batch: task.module(batch).mean() * math.nan  # type: ignore[method-assign]
    with pytest.raises(TrainingError, match=r"line, epoch 1, batch 1: the loss is nan; lower"):
        train(task, SETTINGS, tmp_path / "a", "x")


def test_progress_counts_batches(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    train(Line(), SETTINGS, tmp_path / "a", "x", lambda done, total: seen.append((done, total)))
    assert seen == [(i, 18) for i in range(1, 19)]


def test_threads_are_given_back_even_after_an_error(tmp_path: Path) -> None:
    before = torch.get_num_threads()
    settings = TrainingSettings(epochs=1, threads=before + 1, device="cpu")
    with pytest.raises(KeyboardInterrupt):
        train(Line(), settings, tmp_path / "a", "x", stop_after(1))
    assert torch.get_num_threads() == before


def test_auto_takes_cuda_only_where_it_is() -> None:
    assert pick_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
    assert pick_device("cpu").type == "cpu"


@pytest.mark.parametrize(
    ("steps", "batches", "epochs"),
    [(1300, 205, 6), (1300, 40, 16), (1300, 5000, 4), (10, 0, 10)],
)
def test_few_records_are_gone_over_more_often(steps: int, batches: int, epochs: int) -> None:
    assert enough_epochs(steps, batches) == epochs
