"""Models of the zoo compared: trained on some texts, tuned on others, scored on the rest.

Belongs here: one seed or several of one model, on labelled files (`rakg benchmark`) or as one
cell of a benchmark asset. Does not belong here: the models (`zoo.py`), what counts as right
(`scoring.py`).
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rakg_assets.corpus.documents import Document, documents_of
from rakg_assets.corpus.splits import SPLITS
from rakg_assets.extraction.artifacts import write_json
from rakg_assets.extraction.labelled_lines import flat, read_labelled_lines
from rakg_assets.extraction.ner import load_ner
from rakg_assets.extraction.relation import load_relation
from rakg_assets.extraction.scoring import score_entities, score_relations
from rakg_assets.extraction.unseen import sentences_of, without_seen
from rakg_assets.extraction.workshop import Config, Progress, configured, fit, terms_of
from rakg_assets.extraction.zoo import MODELS, needs_encoder, started_from

_LOAD = {"ner": load_ner, "relation": load_relation}
_SCORE = {"ner": score_entities, "relation": score_relations}
_FIGURES = ("precision", "recall", "f1")


class BenchmarkError(ValueError):
    """A benchmark that cannot be run; the message names model, reason and remedy."""


@dataclass(frozen=True)
class Trial:
    """One model of a kind ("ner" or "relation"), how it is configured, and the dictionaries."""

    kind: str
    config: Config
    words: Path

    @classmethod
    def of(cls, kind: str, model: str, seed: int, words: Path, encoder: str | Path | None) -> Trial:
        """A model of the zoo by name. Raises `BenchmarkError`."""
        if model not in MODELS[kind]:
            raise BenchmarkError(
                f"no {kind} model is named {model}; take {', '.join(MODELS[kind])}"
            )
        start = started_from(kind, _usable(model, encoder)) if needs_encoder(model) else {}
        return cls(kind, configured(kind, {**start, **MODELS[kind][model], "seed": seed}), words)

    def run(
        self,
        train: Sequence[Document],
        dev: Sequence[Document],
        test: Sequence[Document],
        folder: Path,
        progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Train in `folder`, score on test: {"overall", "by_type", "unseen"}, in percent."""
        fit(self.config, train, dev, folder, terms_of(self.config, self.words), progress)
        predicted = _LOAD[self.kind](folder).annotate(test)
        score, seen = _SCORE[self.kind], sentences_of(train)
        unseen = score(without_seen(test, seen), without_seen(predicted, seen))
        return {**score(test, predicted).to_json(), "unseen": unseen.to_json()}


def benchmark_files(
    train: Path,
    dev: Path,
    test: Path,
    model: str,
    seeds: int,
    words: Path,
    encoder: str | Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Strict figures of a NER model on labelled JSON Lines, means over seeds 0 to `seeds` - 1.

    `overall`, each of `by_type` and `unseen` hold precision, recall, f1 and its standard
    deviation f1_sd (0 for one seed) in percent, and the number of gold entities. `unseen` leaves
    out the sentences of test that stand in train too. Where labelled spans overlap, training
    takes the longer; scoring takes all. Raises `BenchmarkError`, `LabelledLinesError`.
    """
    trials = [Trial.of("ner", model, seed, words, encoder) for seed in range(seeds)]
    learn, tune, check = (read_labelled_lines(path) for path in (train, dev, test))
    results = []
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        for seed, trial in enumerate(trials):
            working = Path(folder) / str(seed)
            results.append(trial.run(flat(learn), tune, check, working, progress))
    return _summary(model, results)


def benchmark_cell(
    kind: str,
    model: str,
    seed: int,
    labelled: pd.DataFrame,
    words: Path,
    encoder: str | Path | None,
    folder: Path,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """One cell of a benchmark on `labeled_splits`, also written to <kind>-<model>-<seed>.json.

    Relations are scored on gold entities (the paper's Table 4). A training that was cut short
    goes on where it was. Raises `BenchmarkError`.
    """
    trial = Trial.of(kind, model, seed, words, encoder)
    parts = [documents_of(labelled[labelled["split"] == split]) for split in SPLITS]
    if empty := [name for name, part in zip(SPLITS, parts, strict=True) if not part]:
        raise BenchmarkError(
            f"{kind} benchmark: no record is in {', '.join(empty)}; annotate three or more"
        )
    name = f"{kind}-{model}-{seed}"
    working = folder / "in_training" / name
    result = {"kind": kind, "model": model, "seed": seed, **trial.run(*parts, working, progress)}
    shutil.rmtree(working)
    write_json(folder / f"{name}.json", result)
    return result


def _usable(model: str, encoder: str | Path | None) -> str:
    """The encoder as a string: a folder, or what may be a hub id."""
    name = str(encoder or "")
    looks_like_path = isinstance(encoder, Path) or name.startswith((".", "/", "~"))
    if not name or (looks_like_path and not (Path(name) / "config.json").is_file()):
        place = f"{name} has no config.json" if name else "none is given"
        raise BenchmarkError(
            f"the model {model} starts from a pre-trained encoder and {place}; set RAKG_ENCODER "
            "to a BERT-like folder, or materialise the asset domain_encoder first"
        )
    return name


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
