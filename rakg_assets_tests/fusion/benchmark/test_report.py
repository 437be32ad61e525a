"""The rivals, their fairest threshold, throughput and the tables, on small dictionaries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import rakg_assets
from rakg_assets.fusion.benchmark.pairs import Pair, read_pairs
from rakg_assets.fusion.benchmark.report import accuracy_tables, linker_score, throughput_table
from rakg_assets.fusion.benchmark.rivals import (
    Cdist,
    ExtractOne,
    TfidfTopn,
    answers,
    fairest_threshold,
)
from rakg_assets.fusion.benchmark.throughput import OURS, large_dictionary, measure, noisy_mentions
from rakg_assets.fusion.calibration import Curve
from rakg_assets.fusion.linking import Linker
from rakg_assets.fusion.normalise import Normaliser
from rakg_assets.ontology.dictionaries import (
    Dictionary,
    load_dictionaries,
    shipped_dictionaries,
)
from rakg_assets.ontology.schema import EntityType

Dictionaries = Mapping[EntityType, Dictionary]
_PAIRS = [
    Pair(EntityType.TREATMENT, "来福米特", frozenset({"来氟米特"}), "slip"),
    Pair(EntityType.TREATMENT, "羟氯喹片", frozenset({"羟氯喹"}), "form"),
    Pair(EntityType.TREATMENT, "关爱门诊", frozenset(), "nil"),
    Pair(EntityType.DISEASE, "类风关", frozenset({"类风湿关节炎"}), "short"),
]


@pytest.mark.parametrize("rival", [ExtractOne, Cdist, TfidfTopn])
def test_rivals_give_the_best_name_of_the_type(rival: type, dictionaries: Dictionaries) -> None:
    found = answers(rival, dictionaries, _PAIRS)
    names = [concept.name_zh if concept else None for concept in found.concepts]
    assert names[0] == "来氟米特"
    assert names[3] == "类风湿关节炎"
    assert found.scores.min() >= 0
    assert found.scores.max() <= 1.000001


def test_a_threshold_keeps_the_right_and_drops_the_strangers(dictionaries: Dictionaries) -> None:
    found = answers(Cdist, dictionaries, _PAIRS)
    taken = found.above(fairest_threshold(_PAIRS, found))
    assert [concept is not None for concept in taken] == [True, True, False, True]
    nothing = [pair for pair in _PAIRS if not pair.names]
    assert fairest_threshold(nothing, answers(Cdist, dictionaries, nothing)) > 1


def test_a_large_dictionary_has_distinct_terms_and_mentions_that_are_none(
    dictionaries: Dictionaries,
) -> None:
    dictionary = large_dictionary(dictionaries, 40)
    names = [concept.name_zh for concept in dictionary.concepts]
    assert len(set(names)) == 40
    mentions, truth = noisy_mentions(names, 20)
    assert all(mention != names[at] for mention, at in zip(mentions, truth, strict=True))
    assert (mentions, truth) == noisy_mentions(names, 20)


def test_every_matcher_is_measured_and_told(
    dictionaries: Dictionaries,
    normaliser: Normaliser,
    curves: Mapping[EntityType, Curve],
    linker: Linker,
) -> None:
    large = large_dictionary(dictionaries, 40)
    speeds = measure(large, normaliser, curves[EntityType.DISEASE], mentions=10, rounds=1)
    assert speeds[0].title == OURS
    assert all(speed.mentions_a_second > 0 and speed.megabytes >= 0 for speed in speeds)
    table = throughput_table(speeds, 40, 10)
    assert table.count("\n") == 1 + len(speeds)
    assert f"| {OURS}" in table
    accuracy = accuracy_tables(linker, dictionaries, _PAIRS, _PAIRS)
    for title in ("rapidfuzz alone", "TF-IDF alone", "by type", "by kind", "by step"):
        assert title in accuracy


def test_the_shipped_linker_keeps_its_promise_on_pairs_it_was_not_tuned_on() -> None:
    words = shipped_dictionaries()
    pairs = read_pairs(Path(rakg_assets.__file__).parent / "sample" / "linking" / "test.tsv")
    assert len(pairs) == 1000
    assert sum(not pair.names for pair in pairs) == 150
    overall = linker_score(Linker.load(words), load_dictionaries(words), pairs).overall
    assert overall.percent(overall.right) >= 95
    assert overall.percent(overall.wrong) < 2
