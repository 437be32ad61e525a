"""Triples, their support, the filter, and that a record can be taken back."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from rakg_assets.fusion.triples import filter_triples, month_triples
from rakg_assets.ontology.schema import EntityType
from rakg_assets.ontology.tables import TABLES
from rakg_assets_tests.fusion.test_rules import RA, linked_rows

_TYPES = [kind.value for kind in EntityType]


def _relations(linked: pd.DataFrame, pairs: list[tuple[int, int, str]]) -> pd.DataFrame:
    """`predicted_relations` between rows of `linked`, given by their positions."""
    heads = linked.iloc[[head for head, _, _ in pairs]].reset_index(drop=True)
    tails = linked.iloc[[tail for _, tail, _ in pairs]].reset_index(drop=True)
    table = heads[["record_id", "month", "note", "section", "origin"]].assign(
        label=[label for _, _, label in pairs],
        head_start=heads["start"],
        head_end=heads["end"],
        tail_start=tails["start"],
        tail_end=tails["end"],
        score=1.0,
    )
    return table[TABLES["predicted_relations"].column_names]


def _corpus(records: int, per_record: int, seed: int = 7) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Random mentions and body_part_symptom relations of two months."""
    random = np.random.default_rng(seed)
    size = records * per_record
    labels = random.choice(_TYPES, size)
    ids = [f"{label}{n}" for label, n in zip(labels, random.integers(0, 30, size), strict=True)]
    record = np.repeat(np.arange(records), per_record)
    linked = linked_rows(
        [
            (f"r{r}", "现病史", label, key if keep else None, assertion)
            for r, label, key, keep, assertion in zip(
                *(record, labels, ids, random.random(size) < 0.9),
                random.choice(["present", "present", "absent"], size),
                strict=True,
            )
        ]
    )
    linked["month"] = np.where(record % 2, "2018-03", "2018-04")
    linked.loc[::per_record, ["section", "label", "concept_id"]] = ["出院诊断", "disease", "D1"]
    linked.loc[::per_record, "assertion"] = "present"
    order = linked.groupby("record_id", sort=False).head(per_record).index
    pairs = [(i, i + 1, "body_part_symptom") for i in order[:-1] if (i + 1) % per_record]
    return linked, _relations(linked, pairs)


def test_learned_relations_join_present_linked_mentions() -> None:
    linked = linked_rows(
        [
            ("r1", "现病史", "body_part", "B1", "present"),
            ("r1", "现病史", "symptom", "S1", "present"),
            ("r1", "现病史", "symptom", "S1", "present"),
            ("r1", "现病史", "symptom", "S2", "absent"),
            ("r1", "现病史", "symptom", None, "present"),
            ("r2", "现病史", "body_part", "B1", "present"),
            ("r2", "现病史", "symptom", "S1", "present"),
        ]
    )
    pairs = [(0, 1), (0, 2), (0, 3), (0, 4), (5, 6)]
    relations = _relations(linked, [(h, t, "body_part_symptom") for h, t in pairs])
    triples = month_triples(linked, relations, RA)
    assert list(triples.columns) == TABLES["triples"].column_names
    assert len(triples) == 1
    row = triples.iloc[0]
    assert (row["head_id"], row["relation"], row["tail_id"]) == ("B1", "body_part_symptom", "S1")
    assert (row["records"], row["mentions"], list(row["record_ids"])) == (2, 3, ["r1", "r2"])


def test_types_that_the_relation_does_not_allow_and_self_loops_are_dropped() -> None:
    linked = linked_rows(
        [
            ("r1", "出院诊断", "disease", "D1", "present"),
            ("r1", "现病史", "symptom", "D1", "present"),
            ("r1", "现病史", "body_part", "B1", "present"),
        ]
    )
    relations = _relations(linked, [(1, 2, "body_part_symptom")])
    assert month_triples(linked, relations, RA).empty


def test_rule_relations_count_the_mentions_of_their_tail() -> None:
    linked = linked_rows(
        [
            ("r1", "出院诊断", "disease", "D1", "present"),
            ("r1", "诊疗经过", "treatment", "T1", "present"),
            ("r1", "出院医嘱", "treatment", "T1", "present"),
        ]
    )
    triples = month_triples(linked, _relations(linked, []), RA)
    assert triples[["head_id", "relation", "tail_id", "records", "mentions"]].values.tolist() == [
        ["D1", "disease_treatment", "T1", 1, 2]
    ]


def test_a_record_can_be_taken_back_exactly() -> None:
    linked, relations = _corpus(30, 40)
    whole = month_triples(linked, relations, RA)
    fewer = month_triples(
        linked[linked["record_id"] != "r4"], relations[relations["record_id"] != "r4"], RA
    )
    alone = month_triples(
        linked[linked["record_id"] == "r4"], relations[relations["record_id"] == "r4"], RA
    )
    keys = ["month", "head_id", "relation", "tail_id"]
    both = pd.concat([fewer, alone]).groupby(keys)[["records", "mentions"]].sum()
    pd.testing.assert_frame_equal(whole.set_index(keys)[["records", "mentions"]].sort_index(), both)
    assert not any("r4" in ids for ids in fewer["record_ids"])


def test_months_are_independent_of_each_other() -> None:
    linked, relations = _corpus(30, 40)
    whole = month_triples(linked, relations, RA)
    for month in ("2018-03", "2018-04"):
        alone = month_triples(
            linked[linked["month"] == month], relations[relations["month"] == month], RA
        )
        same = whole[whole["month"] == month].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, same)


def test_the_order_of_rows_does_not_matter() -> None:
    linked, relations = _corpus(20, 30)
    shuffled = month_triples(
        linked.sample(frac=1, random_state=1), relations.sample(frac=1, random_state=1), RA
    )
    pd.testing.assert_frame_equal(month_triples(linked, relations, RA), shuffled)


@pytest.mark.parametrize("by", ["records", "mentions"])
def test_the_filter_keeps_support_above_five(by: str) -> None:
    linked, relations = _corpus(60, 60)
    triples = month_triples(linked, relations, RA)
    kept = filter_triples(triples, linked, by=by)
    assert list(kept.columns) == TABLES["filtered_triples"].column_names
    keys = ["head_id", "relation", "tail_id"]
    support = triples.groupby(keys)[["records", "mentions"]].sum()
    expected = support[support[by] > 5].reset_index()
    pd.testing.assert_frame_equal(kept[expected.columns], expected)
    assert (kept["tail_records"] >= kept["records"]).all()
    assert not kept.duplicated(keys).any()


def test_a_record_counts_once_over_all_months() -> None:
    linked = linked_rows(
        [
            ("r1", "出院诊断", "disease", "D1", "present"),
            ("r1", "诊疗经过", "treatment", "T1", "present"),
        ]
    )
    triples = month_triples(linked, _relations(linked, []), RA)
    twice = pd.concat([triples, triples.assign(month="2018-04")])
    assert filter_triples(twice, linked, minimum=1)["records"].tolist() == [1]
    assert filter_triples(twice, linked, minimum=2).empty
    assert filter_triples(triples, linked, minimum=1)["head_records"].tolist() == [1]


def test_empty_inputs_give_empty_tables_of_the_declared_types() -> None:
    linked = TABLES["linked_entities"].arrow_schema.empty_table().to_pandas()
    relations = TABLES["predicted_relations"].arrow_schema.empty_table().to_pandas()
    triples = month_triples(linked, relations, RA)
    kept = filter_triples(triples, linked)
    for name, table in (("triples", triples), ("filtered_triples", kept)):
        declared = TABLES[name].arrow_schema.empty_table().to_pandas()
        pd.testing.assert_frame_equal(table, declared)


def test_mentions_without_relations_and_relations_without_mentions() -> None:
    linked, relations = _corpus(4, 20)
    assert not month_triples(linked, relations[:0], RA).empty
    assert month_triples(linked[:0], relations, RA).empty


def test_an_unknown_way_to_count_is_refused() -> None:
    linked, relations = _corpus(2, 10)
    triples = month_triples(linked, relations, RA)
    with pytest.raises(ValueError, match="by records or by mentions"):
        filter_triples(triples, linked, by="patients")  # type: ignore[arg-type]


def test_two_thousand_records_take_seconds() -> None:
    linked, relations = _corpus(2000, 125)
    start = time.perf_counter()
    filter_triples(month_triples(linked, relations, RA), linked)
    assert time.perf_counter() - start < 15
