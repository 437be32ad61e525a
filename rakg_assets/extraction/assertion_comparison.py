"""The cue rules of assertion beside learned classifiers, on the same split and gold entities.

Belongs here: the rows that `rakg bench-assertion` compares, their runs and the table. Does not
belong here: the rules (`assertion.py`), the classifier (`assertion_training.py`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from rakg_assets.corpus.parts import Parts
from rakg_assets.extraction.assertion import AssertionRules
from rakg_assets.extraction.assertion_training import (
    AssertionConfig,
    load_assertion,
    train_assertion,
)
from rakg_assets.extraction.comparison import Spread
from rakg_assets.extraction.scoring import Figure, Scores, score_assertions
from rakg_assets.extraction.trials import BenchmarkError
from rakg_assets.ontology.schema import Assertion

RULES = "cue rules"
# What a training from an encoder does otherwise.
_WITH_ENCODER = {"learning_rate": 1e-3, "steps": 1_600}
CLASSIFIERS: Mapping[str, AssertionConfig] = {
    "learned": AssertionConfig(),
    "learned, knows the cues": AssertionConfig(cues=True),
}
_ASKED = (Assertion.ABSENT, Assertion.POSSIBLE, Assertion.FAMILY)
_NAME, _CELL = 26, 18

Tell = Callable[[str, float], None]
"""Called with a row and the F1 of one of its runs, over all assertions but present."""


def compare_assertions(
    labelled: pd.DataFrame,
    seeds: int,
    rules: AssertionRules,
    encoder: str | None = None,
    tell: Tell | None = None,
) -> dict[str, list[Scores]]:
    """Scores on the test split by row: one of the rules, one a seed of the classifiers.

    Assertions are those of gold entities. With an `encoder` the classifiers start from it. Raises
    `BenchmarkError` where a split is empty.
    """
    parts = Parts.of(labelled)
    if parts.empty:
        raise BenchmarkError("assertion needs records in train, dev and test; annotate more")
    scores = {RULES: [score_assertions(parts.test, [rules.classify(d) for d in parts.test])]}
    if tell:
        tell(RULES, scores[RULES][0].without(Assertion.PRESENT).f1)
    for seed in range(seeds):
        for row, config in CLASSIFIERS.items():
            started = replace(config, encoder=encoder, **_WITH_ENCODER) if encoder else config
            seeded = replace(started, seed=seed)
            scores.setdefault(row, []).append(_trial(parts, seeded, rules))
            if tell:
                tell(row, scores[row][-1].without(Assertion.PRESENT).f1)
    return scores


def assertion_table(scores: Mapping[str, Sequence[Scores]]) -> str:
    """One line a row: mean and sample standard deviation of F1, by assertion and over these."""
    first = next(iter(scores.values()))[0]
    support = [first.by_type.get(name, Figure()).gold for name in _ASKED]
    heads = [f"{name} ({gold})" for name, gold in zip(_ASKED, support, strict=True)]
    heads.append(f"these three ({sum(support)})")
    lines = [" " * _NAME + "".join(f"{head:>{_CELL}}" for head in heads)]
    for row, runs in scores.items():
        marked = [run.without(Assertion.PRESENT) for run in runs]
        columns = [[run.by_type.get(name, Figure()).f1 for run in runs] for name in _ASKED]
        cells = "".join(f"{_cell(c):>{_CELL}}" for c in [*columns, [m.f1 for m in marked]])
        lines.append(f"{row:<{_NAME}}{cells}")
    return "\n".join(lines)


def _trial(parts: Parts, config: AssertionConfig, rules: AssertionRules) -> Scores:
    with tempfile.TemporaryDirectory(prefix="assertion-") as name:
        folder = Path(name) / "model"
        train_assertion(parts.train, parts.dev, config, folder, rules)
        return score_assertions(parts.test, load_assertion(folder, rules).annotate(parts.test))


def _cell(values: Sequence[float]) -> str:
    return str(Spread(dict(enumerate(values))))
