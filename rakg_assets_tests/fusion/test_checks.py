from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.fusion.checks import CHECKS
from rakg_assets_tests.promises import CheckedHome, Row

LINKED = {"concept_id": "DIS0001", "start": 0}
TRIPLE = {
    "head_id": "DIS0001",
    "relation": "disease_treatment",
    "tail_id": "TRT0001",
    "record_ids": ["R1", "R2"],
    "records": 2,
    "mentions": 3,
}
KEPT = {**TRIPLE, "records": 6, "mentions": 9}
GOOD: dict[str, list[Row]] = {
    "linked_entities": [LINKED, {**LINKED, "start": 1}, {"start": 2}],
    "triples": [TRIPLE],
    "filtered_triples": [KEPT],
}


@pytest.fixture
def home(tmp_path: Path) -> CheckedHome:
    home = CheckedHome(tmp_path / "home")
    for name, rows in GOOD.items():
        home.put(name, *rows)
    return home


@pytest.mark.parametrize("asset", list(GOOD))
def test_promises_that_are_kept_pass(home: CheckedHome, asset: str) -> None:
    assert home.broken(CHECKS, asset) == {}


@pytest.mark.parametrize(
    ("asset", "rows", "broken"),
    [
        ("linked_entities", [{"concept_id": "DIS9999"}], {"concepts_known": "ERROR"}),
        ("linked_entities", [LINKED, {"start": 1}], {"link_rate": "WARN"}),
        ("triples", [{**TRIPLE, "record_ids": ["R1", "R1"]}], {"support_counts_records": "ERROR"}),
        ("triples", [{**TRIPLE, "relation": "likes"}], {"relations_known": "ERROR"}),
        ("filtered_triples", [{**KEPT, "records": 5}], {"filter_honoured": "ERROR"}),
        ("filtered_triples", [KEPT, KEPT], {"triples_unique": "ERROR"}),
        ("filtered_triples", [], {"graph_not_empty": "WARN"}),
    ],
)
def test_what_breaks_a_promise_is_found(
    home: CheckedHome, asset: str, rows: list[Row], broken: dict[str, str]
) -> None:
    home.put(asset, *rows)
    assert home.broken(CHECKS, asset) == broken


def test_the_filter_is_the_one_configured(tmp_path: Path) -> None:
    home = CheckedHome(tmp_path / "home", support_by="mentions", minimum_support=10)
    home.put("filtered_triples", KEPT)
    assert home.broken(CHECKS, "filtered_triples") == {"filter_honoured": "ERROR"}


def test_no_mentions_break_no_promise(home: CheckedHome) -> None:
    home.put("linked_entities")
    assert home.broken(CHECKS, "linked_entities") == {}
