from __future__ import annotations

from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from rakg_assets.orchestration.quality import (
    Inspection,
    Promise,
    always_zero,
    checks_of,
    every_row,
    validate,
)
from rakg_assets.orchestration.resources import Settings

FRAME = pd.DataFrame({"label": ["disease", "symptom", "病人张三"], "count": [1, 2, 30]})


@pytest.mark.parametrize(
    ("expectation", "arguments", "passed"),
    [
        ("ExpectColumnValuesToBeUnique", {"column": "label"}, True),
        ("ExpectColumnValuesToBeBetween", {"column": "count", "max_value": 3}, False),
        ("ExpectTableRowCountToBeBetween", {"min_value": 4}, False),
        ("ExpectColumnDistinctValuesToContainSet", {"column": "label", "value_set": ["x"]}, False),
    ],
)
def test_an_expectation_is_evaluated(expectation: str, arguments: dict, passed: bool) -> None:
    assert validate(FRAME, expectation, arguments)[0] is passed


def test_only_numbers_are_observed() -> None:
    _, observed = validate(
        FRAME, "ExpectColumnValuesToBeInSet", {"column": "label", "value_set": ["disease"]}
    )
    assert observed["unexpected_count"] == 2
    assert "张三" not in str(observed)
    assert all(isinstance(value, float) for value in observed.values())


def test_no_rows_keep_a_promise_about_rows_but_not_one_about_their_number() -> None:
    empty = FRAME.iloc[:0]
    assert validate(empty, "ExpectColumnValuesToBeUnique", {"column": "label"}) == (True, {})
    assert validate(empty, "ExpectTableRowCountToBeBetween", {"min_value": 1})[0] is False


def test_an_expectation_that_cannot_be_evaluated_is_no_passed_check() -> None:
    with pytest.raises(RuntimeError, match="ExpectColumnValuesToBeUnique"):
        validate(FRAME, "ExpectColumnValuesToBeUnique", {"column": "nowhere"})


def launched(home: Path, *promises: Promise) -> dg.ExecuteInProcessResult:
    """An asset with these promises and one made from it."""

    @dg.asset
    def first() -> None: ...

    @dg.asset(deps=[first])
    def second() -> None: ...

    return dg.materialize(
        [first, second, checks_of("first", promises)],
        resources={"settings": Settings(home=str(home))},
        raise_on_error=False,
    )


def numbers(*values: int):
    return lambda seen: pd.DataFrame({"value": values})


def made(result: dg.ExecuteInProcessResult) -> set[str]:
    return {event.asset_key.path[-1] for event in result.get_asset_materialization_events()}


def test_a_promise_that_is_kept_lets_the_next_stage_go_on(tmp_path: Path) -> None:
    result = launched(tmp_path, always_zero("zero", "Nothing.", "value", numbers(0, 0)))
    assert result.success
    assert made(result) == {"first", "second"}
    [check] = result.get_asset_check_evaluations()
    assert check.passed
    assert check.metadata["rows"].value == 2


@pytest.mark.parametrize(
    "promise",
    [
        always_zero("zero", "Nothing.", "value", numbers(0, 3)),
        every_row("true", "All.", "value", lambda seen: pd.DataFrame({"value": [True, False]})),
    ],
    ids=["zero", "true"],
)
def test_a_broken_promise_on_truth_blocks_the_next_stage(tmp_path: Path, promise: Promise) -> None:
    result = launched(tmp_path, promise)
    assert made(result) == {"first"}
    [check] = result.get_asset_check_evaluations()
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert check.metadata["severity"].value == "ERROR"
    assert check.metadata["unexpected_count"].value == 1


def test_a_broken_promise_on_volume_warns_and_blocks_nothing(tmp_path: Path) -> None:
    few = Promise(
        "few",
        "Enough rows.",
        "ExpectTableRowCountToBeBetween",
        {"min_value": 9},
        truth=False,
        view=numbers(1),
    )
    result = launched(tmp_path, few)
    assert result.success
    assert made(result) == {"first", "second"}
    [check] = result.get_asset_check_evaluations()
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)


def test_a_check_that_crashes_is_not_passed_and_blocks(tmp_path: Path) -> None:
    def crash(seen: Inspection) -> pd.DataFrame:
        raise KeyError("words")

    result = launched(tmp_path, always_zero("zero", "Nothing.", "value", crash))
    assert not result.success
    assert made(result) == {"first"}
    assert list(result.get_asset_check_evaluations()) == []
