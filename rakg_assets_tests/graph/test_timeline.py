from __future__ import annotations

import pandas as pd

from rakg_assets.graph.timeline import BASE, draw_timeline


def support(**months: int) -> pd.DataFrame:
    rows = [(key[1:].replace("_", "-"), n, 1) for key, n in months.items()]
    return pd.DataFrame(rows, columns=["month", "records", "edges"])


def test_months_without_support_stand_empty() -> None:
    timeline = draw_timeline(support(m2018_12=10, m2019_02=5))
    assert [bar.month for bar in timeline.bars] == ["2018-12", "2019-01", "2019-02"]
    heights = [bar.height for bar in timeline.bars]
    assert heights[1] == 0
    assert heights[0] == 2 * heights[2]
    assert all(bar.y + bar.height == BASE for bar in timeline.bars)


def test_labels_do_not_crowd() -> None:
    timeline = draw_timeline(support(m2000_01=1, m2024_12=1))
    assert len(timeline.bars) == 300
    assert len([bar for bar in timeline.bars if bar.label]) <= 14


def test_no_support_no_picture() -> None:
    assert draw_timeline(support()) is None
