from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.extraction.checks import BANDS, CHECKS
from rakg_assets.ontology.schema import EntityType
from rakg_assets_tests.promises import TEXT, CheckedHome, Row

# Long enough that each type can be found as often as its band asks for.
LONG = TEXT * 3
_OFTEN = [kind.value for kind, (low, _) in BANDS.items() for _ in range(max(1, int(low)))]
GOOD = [{"start": i, "end": i + 1, "label": k, "text": LONG[i]} for i, k in enumerate(_OFTEN)]


@pytest.fixture
def home(tmp_path: Path) -> CheckedHome:
    home = CheckedHome(tmp_path / "home")
    home.put("raw_records", {"text": LONG})
    home.put("predicted_entities", *GOOD)
    home.put("predicted_relations", {"label": "aggravating_factor_symptom"})
    return home


@pytest.mark.parametrize("asset", ["predicted_entities", "predicted_relations"])
def test_promises_that_are_kept_pass(home: CheckedHome, asset: str) -> None:
    assert home.broken(CHECKS, asset) == {}


def moved(row: Row, **change: object) -> list[Row]:
    return [*GOOD[1:], {**row, **change}]


@pytest.mark.parametrize(
    ("rows", "broken"),
    [
        (moved(GOOD[0], text="它"), {"offsets_hold": "ERROR"}),
        (moved(GOOD[0], record_id="unknown"), {"offsets_hold": "ERROR"}),
        (
            [*GOOD, {"start": 30, "end": 31, "label": "person", "text": LONG[30]}],
            {"types_known": "ERROR"},
        ),
        (
            [row for row in GOOD if row["label"] != EntityType.LAB_TEST],
            {"every_type_seen": "WARN", "lab_test_count_in_band": "WARN"},
        ),
    ],
)
def test_mentions_that_break_a_promise_are_found(
    home: CheckedHome, rows: list[Row], broken: dict[str, str]
) -> None:
    home.put("predicted_entities", *rows)
    assert home.broken(CHECKS, "predicted_entities") == broken


def test_a_relation_that_is_not_learned_is_found(home: CheckedHome) -> None:
    home.put("predicted_relations", {"label": "disease_symptom"})
    assert home.broken(CHECKS, "predicted_relations") == {"relations_known": "ERROR"}


def test_a_month_without_records_breaks_no_band(home: CheckedHome) -> None:
    home.put("raw_records")
    home.put("predicted_entities")
    assert home.broken(CHECKS, "predicted_entities") == {}
