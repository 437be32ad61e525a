"""What each method of training from few records brings: one model, a method less or more.

Belongs here: which methods, and their runs on a part of the labelled records. Does not belong
here: how the methods work (`regularising.py`, `sampling.py`, `augmentation.py`,
`self_training.py`), how a model is scored (`trials.py`), layers left out (`zoo.py`).
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.parts import Parts, some_records
from rakg_assets.extraction.artifacts import write_json
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.ner import load_ner
from rakg_assets.extraction.self_training import sure_sentences
from rakg_assets.extraction.training import training_key
from rakg_assets.extraction.trials import BenchmarkError, Supplies, Trial

BASE = "all methods"
# Learns also from what the model of all methods is sure of in records that are left over.
SELF_TRAINING = "with self-training"
# Changes to `encoder-bilstm-crf-features`; the paper's few-sample methods come first.
ABLATIONS: Mapping[str, Mapping[str, Any]] = {
    BASE: {},
    "no pre-trained encoder": {"encoder": None, "learning_rate": 3e-3, "dropout": 0.4},
    "no up-sampling of rare types": {"balance": 0.0},
    "no exchange of mentions": {"exchange": 0.0, "glue": 0.0},
    "no dictionary features": {"lexicon": False},
    "no section name": {"sections": False},
    "no averaged weights": {"average": 0.0},
    "with R-Drop": {"agreement": 0.5},
    "with adversarial vectors": {"adversarial": 0.5},
    SELF_TRAINING: {},
}
_MODEL = "encoder-bilstm-crf-features"
_NAME = 32
_LEFT = 2  # records without labels for one with

Tell = Callable[[str, float], None]
"""Called with a method and the F1 of one of its runs."""


def ablate(
    labelled: pd.DataFrame,
    records: int,
    seeds: int,
    supplies: Supplies,
    folder: Path,
    methods: Sequence[str] = tuple(ABLATIONS),
    epochs: int | None = None,
    tell: Tell | None = None,
) -> dict[str, list[float]]:
    """Strict F1 on the test split by method, one figure a seed, in percent.

    Every run trains on the same `records` of the training split (all where there are fewer),
    chosen by chance, for `epochs` (else as many as the amount of data asks for). A run that was
    done before, with the same encoder, records and dictionaries, is not done again: `folder` keeps
    its figures. Raises `BenchmarkError`.
    """
    whole = Parts.of(labelled)
    if whole.empty:
        raise BenchmarkError("an ablation needs records in train, dev and test; annotate more")
    parts = whole.with_train_records(records)
    left = some_records([d for d in whole.train if d not in parts.train], _LEFT * records)
    study = _Study(parts, left, folder / str(records), Lexicon.load(supplies.words).terms)
    figures: dict[str, list[float]] = {}
    for seed in range(seeds):
        trial = Trial.of("ner", _MODEL, seed, supplies)
        trial = replace(trial, config=replace(trial.config, epochs=epochs or trial.config.epochs))
        for method in methods:
            f1 = study.run(trial, method)
            figures.setdefault(method, []).append(f1)
            if tell:
                tell(method, f1)
    return figures


def ablation_table(figures: Mapping[str, Sequence[float]]) -> str:
    """One line a method: mean, standard deviation over seeds, difference from all methods."""
    base = statistics.fmean(figures[BASE]) if BASE in figures else None
    lines = []
    for method, scores in figures.items():
        mean = statistics.fmean(scores)
        spread = f"± {statistics.stdev(scores):5.2f}" if len(scores) > 1 else " " * 7
        apart = f"{mean - base:+6.2f}" if base is not None and method != BASE else ""
        lines.append(f"  {method:<{_NAME}} {mean:6.2f} {spread} {apart}".rstrip())
    return "\n".join(lines)


@dataclass(frozen=True)
class _Study:
    """The runs of one ablation: what they learn from, what is left over, and where they stand."""

    parts: Parts
    left: Sequence[Document]
    folder: Path
    terms: Mapping[str, Sequence[str]]

    def run(self, trial: Trial, method: str) -> float:
        """F1 of a method, from its file if it was run before."""
        changed = replace(trial, config=replace(trial.config, **ABLATIONS[method]))
        place = self._place(changed, method)
        done = place.with_suffix(".json")
        if not done.is_file():
            result = changed.run(self._parts(trial, method), place)
            write_json(done, result)
        return json.loads(done.read_text("utf-8"))["overall"]["f1"]

    def _parts(self, trial: Trial, method: str) -> Parts:
        if method != SELF_TRAINING:
            return self.parts
        self.run(trial, BASE)
        sure = sure_sentences(load_ner(self._place(trial, BASE)), self.left)
        return replace(self.parts, train=[*self.parts.train, *sure])

    def _place(self, trial: Trial, method: str) -> Path:
        key = training_key(trial.config, list(chain(*self.parts.each)), self.terms)[:12]
        return self.folder / f"{_slug(method)}-{trial.config.seed}-{key}"


def _slug(method: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in method)
