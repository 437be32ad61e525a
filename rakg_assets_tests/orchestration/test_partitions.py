from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from rakg_assets.orchestration.partitions import (
    MONTHS,
    contiguous,
    month_list,
    months_of,
    range_tags,
)


def test_the_current_month_is_a_partition() -> None:
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    assert MONTHS.get_last_partition_key() == now.strftime("%Y-%m")


def test_neighbouring_months_make_one_span() -> None:
    months = ["2018-12", "2019-01", "2018-04", "2018-05", "2019-03", "2018-05"]
    assert contiguous(months) == [
        ("2018-04", "2018-05"),
        ("2018-12", "2019-01"),
        ("2019-03", "2019-03"),
    ]


def test_no_months_make_no_span() -> None:
    assert contiguous([]) == []


def test_a_run_says_which_months_it_covers() -> None:
    assert range_tags("2018-04", "2018-04") == {"dagster/partition": "2018-04"}
    assert months_of(range_tags("2018-04", "2018-04")) == "2018-04"
    assert months_of(range_tags("2018-04", "2018-06")) == "2018-04–2018-06"
    assert months_of({"other": "tag"}) == ""


def test_the_months_of_a_run_are_listed() -> None:
    assert month_list(range_tags("2018-11", "2019-02")) == [
        *("2018-11", "2018-12"),
        *("2019-01", "2019-02"),
    ]
    assert month_list(range_tags("2018-04", "2018-04")) == ["2018-04"]
    assert month_list({}) is None
