"""The month partitions that every monthly asset shares."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

import dagster as dg


class FirstMonthError(ValueError):
    """RAKG_FIRST_MONTH is no month; the message says how to write one."""


def is_month(text: str) -> bool:
    """Whether a text is a month YYYY-MM."""
    return re.fullmatch(r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])", text) is not None


# A partitions definition is part of an asset's declaration, so it cannot come from a resource.
FIRST_MONTH = os.environ.get("RAKG_FIRST_MONTH") or "2010-01"
if not is_month(FIRST_MONTH):
    raise FirstMonthError("RAKG_FIRST_MONTH: no month; write it as YYYY-MM, e.g. 2010-01")
# end_offset=1: without it the partitions end before the current month.
MONTHS = dg.MonthlyPartitionsDefinition(
    start_date=FIRST_MONTH, fmt="%Y-%m", timezone="Asia/Shanghai", end_offset=1
)


_ONE, _FIRST, _LAST = (
    "dagster/partition",
    "dagster/asset_partition_range_start",
    "dagster/asset_partition_range_end",
)


def range_tags(first: str, last: str) -> dict[str, str]:
    """Run tags that make one run cover the months first..last."""
    return {_ONE: first} if first == last else {_FIRST: first, _LAST: last}


def months_of(tags: Mapping[str, str]) -> str:
    """The months that a run with these tags covers, to be read: 2018-04 or 2018-04–2018-06."""
    return "–".join(tags[name] for name in (_ONE, _FIRST, _LAST) if name in tags)


def month_list(tags: Mapping[str, str]) -> list[str] | None:
    """The months that a run with these tags covers, in order; None if it covers none."""
    if _ONE in tags:
        return [tags[_ONE]]
    if _FIRST not in tags:
        return None
    months = [tags[_FIRST]]
    while months[-1] < tags[_LAST]:
        months.append(_following(months[-1]))
    return months


def contiguous(months: list[str]) -> list[tuple[str, str]]:
    """Group months into runs of neighbours: [(first, last), …], in order."""
    spans: list[tuple[str, str]] = []
    for month in sorted(set(months)):
        if spans and _following(spans[-1][1]) == month:
            spans[-1] = (spans[-1][0], month)
        else:
            spans.append((month, month))
    return spans


def _following(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"
