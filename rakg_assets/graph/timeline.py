"""Bars by month: how much support each month gives to the graph.

Belongs here: the months between first and last and the size of their bars. Does not belong
here: how it looks (`templates/report.html.j2`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

WIDTH, HEIGHT, BASE = 1000.0, 210.0, 170.0
_LEFT, _TOP = 56.0, 14.0
_MOST_LABELS = 14
_LABEL_STEPS = (1, 2, 3, 6, 12, 24, 60)


@dataclass(frozen=True)
class Bar:
    """One month; `label` is empty where there is no room for one."""

    month: str
    records: int
    edges: int
    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """Bars in SVG user units; `most` is the support of the highest one, at the height `top`."""

    bars: tuple[Bar, ...]
    most: int
    width: float = WIDTH
    height: float = HEIGHT
    base: float = BASE
    top: float = _TOP
    left: float = _LEFT


def draw_timeline(support: pd.DataFrame) -> Timeline | None:
    """Bars for `summary.support_by_month`; months between that support nothing stand empty."""
    if support.empty:
        return None
    found = support.set_index("month")
    months = [str(m) for m in pd.period_range(found.index.min(), found.index.max(), freq="M")]
    filled = found.reindex(months, fill_value=0)
    most, step = int(filled["records"].max()), (WIDTH - _LEFT) / len(months)
    every = next((n for n in _LABEL_STEPS if n * _MOST_LABELS >= len(months)), 120)
    bars = []
    for place, row in enumerate(filled.itertuples()):
        height = (BASE - _TOP) * row.records / most
        width = min(step * 0.72, 46)
        x = _LEFT + step * place + (step - width) / 2
        label = row.Index if place % every == 0 else ""
        bars.append(
            Bar(
                row.Index,
                int(row.records),
                int(row.edges),
                round(x, 2),
                round(BASE - height, 2),
                round(width, 2),
                round(height, 2),
                label,
            )
        )
    return Timeline(tuple(bars), most)
