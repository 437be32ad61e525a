"""What each method of training from few records brings: one model, a method less or more.

Belongs here: which methods, and their runs on a part of the labelled records. Does not belong
here: how the methods work (`regularising.py`, `sampling.py`, `augmentation.py`), how a model is
scored (`benchmark.py`).
"""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from rakg_assets.corpus.documents import Document, documents_of
from rakg_assets.corpus.splits import SPLITS
from rakg_assets.extraction.benchmark import BenchmarkError, Trial
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.training import training_key
from rakg_assets.ontology.dictionaries import load_dictionaries
from rakg_assets.ontology.files import write_text

BASE = "all methods"
# Changes to `encoder-bilstm-crf-features`; the paper's few-sample methods come first.
ABLATIONS: Mapping[str, Mapping[str, Any]] = {
    BASE: {},
    "no pre-trained encoder": {"encoder": None, "learning_rate": 3e-3, "dropout": 0.4},
    "no up-sampling of rare types": {"balance": 0.0},
    "no exchange of mentions": {"exchange": 0.0, "glue": 0.0},
    "no characters' features": {"features": False},
    "no dictionary features": {"lexicon": False},
    "no section name": {"sections": False},
    "no BiLSTM": {"bilstm": False},
    "no CRF": {"crf": False},
    "no averaged weights": {"average": 0.0},
    "with R-Drop": {"agreement": 0.5},
    "with adversarial vectors": {"adversarial": 0.5},
}
_MODEL = "encoder-bilstm-crf-features"
_NAME = 32

Tell = Callable[[str, float], None]
"""Called with a method and the F1 of one of its runs."""


def ablate(
    labelled: pd.DataFrame,
    records: int,
    seeds: int,
    words: Path,
    encoder: str | Path | None,
    folder: Path,
    methods: Sequence[str] = tuple(ABLATIONS),
    tell: Tell | None = None,
) -> dict[str, list[float]]:
    """Strict F1 on the test split by method, one figure a seed, in percent.

    Every run trains on the same `records` of the training split (all where there are fewer),
    chosen by chance. A run that was done before, with the same encoder, records and dictionaries,
    is not done again: `folder` keeps its figures.
    Raises `BenchmarkError`.
    """
    learn, tune, check = (documents_of(labelled[labelled["split"] == s]) for s in SPLITS)
    if not (learn and tune and check):
        raise BenchmarkError("an ablation needs records in train, dev and test; annotate more")
    learn = some_records(learn, records)
    terms = Lexicon.of(load_dictionaries(words)).terms
    figures: dict[str, list[float]] = {}
    for seed in range(seeds):
        trial = Trial.of("ner", _MODEL, seed, words, encoder)
        for method in methods:
            changed = replace(trial, config=replace(trial.config, **ABLATIONS[method]))
            key = training_key(changed.config, [*learn, *tune, *check], terms)[:12]
            name = f"{records}-{_slug(method)}-{seed}-{key}"
            f1 = _run(changed, (learn, tune, check), folder / name)
            figures.setdefault(method, []).append(f1)
            if tell:
                tell(method, f1)
    return figures


def some_records(documents: Sequence[Document], count: int) -> list[Document]:
    """The sections of `count` records, the same ones whenever asked."""
    names = sorted({document.id for document in documents})
    chosen = set(random.Random(0).sample(names, min(count, len(names))))
    return [document for document in documents if document.id in chosen]


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


def _run(trial: Trial, parts: tuple[list[Document], ...], place: Path) -> float:
    done = place.with_suffix(".json")
    if not done.is_file():
        result = trial.run(*parts, place)
        write_text(done, json.dumps(result, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return json.loads(done.read_text("utf-8"))["overall"]["f1"]


def _slug(method: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in method)
