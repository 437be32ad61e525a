from __future__ import annotations

import pandas as pd
import pytest

from rakg_assets.orchestration.quality import validate

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
