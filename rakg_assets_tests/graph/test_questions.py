from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rakg_assets.graph.named_reads import READS, surroundings, top_treatments, treatments_of
from rakg_assets.graph.questions import ReadError
from rakg_assets.graph.store import GraphStore, StoreError
from rakg_assets_tests.graph.conftest import RA
from rakg_assets_tests.graph.filled import embedded, filled

__all__ = ["filled"]


def test_an_answer_comes_with_names_shares_and_support(filled: GraphStore) -> None:
    first, second = treatments_of(filled, "类风湿关节炎")
    assert (first.rank, first.id, first.type) == (1, "TRT1", "treatment")
    assert (first.records, first.mentions) == (12, 13)
    assert first.months == {"2018-03": 6, "2018-05": 6}
    assert (first.share, first.share_of_concept) == (12 / 20, 12 / 12)
    assert (second.rank, second.name_zh) == (2, "来氟米特, 片")
    assert second.name_en == 'leflunomide "tablet" <b>'
    assert (second.share, second.share_of_concept) == (8 / 20, 8 / 12)


def test_the_limit_leaves_the_shares_as_they_are(filled: GraphStore) -> None:
    (only,) = top_treatments(filled, limit=1)
    assert (only.id, only.share) == ("TRT1", 12 / 20)


@pytest.mark.parametrize("concept", ["NOBODY", "SYM1", "MINE", "x' OR 1=1 //"])
def test_what_is_not_asked_about_has_no_answer(filled: GraphStore, concept: str) -> None:
    assert treatments_of(filled, concept) == []


def test_rows_of_an_answer_and_of_a_subgraph_are_plain(filled: GraphStore) -> None:
    row = treatments_of.rows(filled, concept=RA)[1]
    assert row["months"] == {"2018-03": 8}
    assert row["share"] == 8 / 20
    assert surroundings.rows(filled, concept="BDP1", limit=1) == [
        {
            "head": "BDP1",
            "head_zh": "双腕",
            "relation": "body_part_symptom",
            "tail": "SYM1",
            "tail_zh": "肿痛",
            "records": 8,
            "mentions": 9,
            "months": {"2018-03": 8},
        }
    ]


def test_why_there_is_no_answer(filled: GraphStore) -> None:
    assert "SYM9 is no concept of the graph; give" in treatments_of.reason_of_none(filled, "SYM9")
    said = treatments_of.reason_of_none(filled, "肿痛")
    assert said == "肿痛 is a symptom; treatments_of asks about a disease"
    improved = READS["treatments_that_improved"]
    assert improved.reason_of_none(filled, "BDP1").endswith("asks about a disease or symptom")
    assert "no triple has enough support" in improved.reason_of_none(filled, "SYM2")


@pytest.mark.parametrize("given", [{}, {"concept": RA, "depth": 2}, {"concept": None}])
def test_parameters_that_are_not_right_are_told(tmp_path: Path, given: dict) -> None:
    with pytest.raises(ReadError, match="treatments_of takes concept, limit; give exactly those"):
        treatments_of.rows(embedded(tmp_path), **given)


def test_equal_records_share_a_rank(tmp_path: Path) -> None:
    flat = replace(treatments_of, cypher=treatments_of.cypher.replace("r.records AS", "7 AS"))
    assert [answer.rank for answer in flat(embedded(tmp_path), RA)] == [1, 1]


def test_damaged_support_is_told(tmp_path: Path) -> None:
    damaged = treatments_of.cypher.replace("r.support AS", "'edited' AS")
    with pytest.raises(StoreError, match="support by month is no JSON; materialise"):
        replace(treatments_of, cypher=damaged)(embedded(tmp_path), RA)
