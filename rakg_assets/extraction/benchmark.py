"""Models of the zoo compared, over seeds or a cell at a time.

Belongs here: trials on labelled files (`rakg benchmark`), and the cells of the benchmark assets
with the results that are kept. Does not belong here: a single trial (`trials.py`), the names of
cells (`cells.py`), what results say together (`comparison.py`).
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd

from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.parts import Parts
from rakg_assets.extraction.artifacts import write_json
from rakg_assets.extraction.cells import Cell, Result, read_result
from rakg_assets.extraction.inference import Extractor
from rakg_assets.extraction.labelled_lines import flat, read_labelled_lines
from rakg_assets.extraction.trials import BenchmarkError, Supplies, Trial
from rakg_assets.extraction.workshop import Progress, digest_of

_FIGURES = ("precision", "recall", "f1")


def benchmark_files(
    train: Path,
    dev: Path,
    test: Path,
    model: str,
    seeds: int,
    supplies: Supplies,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Strict figures of a NER model on labelled JSON Lines, means over seeds 0 to `seeds` - 1.

    `overall`, each of `by_type` and `unseen` hold precision, recall, f1 and its standard
    deviation f1_sd (0 for one seed) in percent, and the number of gold entities. `unseen` leaves
    out the sentences of test that stand in train too. Where labelled spans overlap, training
    takes the longer; scoring takes all. Raises `BenchmarkError`, `LabelledLinesError`.
    """
    trials = [Trial.of("ner", model, seed, supplies) for seed in range(seeds)]
    learn, tune, check = (read_labelled_lines(path) for path in (train, dev, test))
    parts = Parts(flat(learn), tune, check)
    results = []
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        for seed, trial in enumerate(trials):
            results.append(trial.run(parts, Path(folder) / str(seed), progress))
    return _summary(model, results)


def benchmark_cell(
    cell: Cell,
    labelled: pd.DataFrame,
    supplies: Supplies,
    folder: Path,
    extractor: Extractor | None = None,
    retrain: bool = False,
    progress: Progress | None = None,
) -> Result:
    """One cell of a benchmark on `labeled_splits`; its result is also written to `folder`.

    A result that was made from the same inputs is kept unless `retrain`, and a training that was
    cut short goes on from its checkpoint. Relations are scored between gold entities (the paper's
    Table 4) and, given an `extractor`, between those that it finds (Table 5). Raises
    `BenchmarkError`.
    """
    whole = Parts.of(labelled)
    if whole.empty:
        raise BenchmarkError(
            f"{cell.kind} benchmark: no record is in {', '.join(whole.empty)}; annotate three "
            "or more"
        )
    trial = Trial.of(cell.kind, cell.model, cell.seed, supplies)
    parts = whole if cell.records is None else whole.with_train_records(cell.records, cell.seed)
    found = _found(extractor, whole.test) if extractor else None
    inputs, place = trial.inputs(parts, found), cell.file(folder)
    if not retrain and (before := read_result(place)).get("inputs") == inputs:
        return before
    working = folder / "in_training" / cell.name
    scores = trial.run(parts, working, progress, found)
    made = {
        "inputs": inputs,
        "setting": trial.setting(found),
        "data": digest_of(whole.each),
        "sizes": parts.records,
    }
    result = {**asdict(cell), **made, **scores}
    write_json(place, result)
    shutil.rmtree(working)
    return result


def _found(extractor: Extractor, documents: Sequence[Document]) -> list[Document]:
    """Documents with predicted entities, without their probabilities: no relation depends on them,
    and they differ in the last place from one processor to the next."""
    return [
        replace(d, entities=tuple(replace(e, score=1.0) for e in d.entities))
        for d in extractor.entities(documents)
    ]


def _summary(model: str, results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    types = sorted({name for result in results for name in result["by_type"]})
    return {
        "model": model,
        "overall": _mean([result["overall"] for result in results]),
        "by_type": {
            name: _mean([r["by_type"][name] for r in results if name in r["by_type"]])
            for name in types
        },
        "unseen": _mean([result["unseen"]["overall"] for result in results]),
        "seeds": [{"seed": seed, **result} for seed, result in enumerate(results)],
    }


def _mean(figures: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Means of the figures of several seeds, and the standard deviation of F1."""
    scores = [figure["f1"] for figure in figures]
    means = {name: round(statistics.fmean(f[name] for f in figures), 2) for name in _FIGURES}
    spread = round(statistics.stdev(scores), 2) if len(scores) > 1 else 0.0
    return {**means, "f1_sd": spread, "gold": figures[0]["gold"]}
