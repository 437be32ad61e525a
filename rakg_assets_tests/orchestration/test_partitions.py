from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from rakg_assets.orchestration.partitions import MONTHS, contiguous


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
