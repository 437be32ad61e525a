import re
from pathlib import Path

import pandas as pd
import pytest

from rakg_assets.corpus.annotations import annotation_table, read_annotations
from rakg_assets.extraction import assertion_comparison
from rakg_assets.extraction.assertion import AssertionRules
from rakg_assets.extraction.assertion_comparison import (
    CLASSIFIERS,
    RULES,
    assertion_table,
    compare_assertions,
)
from rakg_assets.extraction.assertion_training import AssertionConfig
from rakg_assets.extraction.scoring import Figure, Scores
from rakg_assets.extraction.trials import BenchmarkError

ROOT = Path(__file__).parents[2]
TINY = AssertionConfig(epochs=1, character_size=4, hidden_size=4, feature_size=2)


@pytest.fixture(scope="module")
def rules() -> AssertionRules:
    return AssertionRules.load(ROOT / "dictionaries")


@pytest.fixture(scope="module")
def split() -> pd.DataFrame:
    records, _ = read_annotations(ROOT / "rakg_assets" / "sample" / "records")
    table = annotation_table(records[:3])
    parts = dict(zip(sorted(table["record_id"].unique()), ("train", "dev", "test"), strict=True))
    return table.assign(split=table["record_id"].map(parts))


def test_rules_and_classifiers_are_scored_on_the_same_entities(
    split: pd.DataFrame, rules: AssertionRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assertion_comparison, "CLASSIFIERS", {"tiny": TINY})
    told: list[str] = []
    scores = compare_assertions(split, 2, rules, tell=lambda row, f1: told.append(row))
    assert {row: len(runs) for row, runs in scores.items()} == {RULES: 1, "tiny": 2}
    assert told == [RULES, "tiny", "tiny"]
    assert len({run.overall.gold for runs in scores.values() for run in runs}) == 1
    assert scores[RULES][0].by_type["absent"].gold > 0


def test_a_classifier_that_is_told_to_starts_from_an_encoder(
    split: pd.DataFrame, rules: AssertionRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[AssertionConfig] = []

    def trial(parts: object, config: AssertionConfig, rules: object) -> Scores:
        seen.append(config)
        return Scores()

    monkeypatch.setattr(assertion_comparison, "_trial", trial)
    compare_assertions(split, 2, rules, "some/encoder")
    assert [(c.encoder, c.seed, c.cues) for c in seen] == [
        ("some/encoder", seed, cues) for seed in (0, 1) for cues in (False, True)
    ]
    assert len(CLASSIFIERS) == 2


def test_every_split_is_needed(split: pd.DataFrame, rules: AssertionRules) -> None:
    with pytest.raises(BenchmarkError, match="train, dev and test"):
        compare_assertions(split[split["split"] != "dev"], 1, rules)


def test_the_table_has_mean_and_spread_by_assertion() -> None:
    def run(correct: int) -> Scores:
        types = {"absent": Figure(correct, 10, 10), "present": Figure(5, 5, 5)}
        return Scores(Figure(correct + 5, 15, 15), types)

    table = assertion_table({RULES: [run(9)], "learned": [run(8), run(10)]})
    heads, ruled, learnt = (re.split(r"  +", line.strip()) for line in table.splitlines())
    assert heads == ["absent (10)", "possible (0)", "family (0)", "these three (10)"]
    assert ruled == [RULES, "90.00", "0.00", "0.00", "90.00"]
    assert learnt == ["learned", "90.00 ± 14.14", *["0.00 ± 0.00"] * 2, "90.00 ± 14.14"]
