"""Treatments of a disease by share of records, as a table and as a chart (the paper's Fig. 11).

Belongs here: ranking and drawing it as PNG. Does not belong here: the page around it
(`report.py`) or drawing the graph (`picture.py`).
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from rakg_assets.graph.content import text_of
from rakg_assets.ontology.files import write_atomically
from rakg_assets.ontology.fonts import chinese_font
from rakg_assets.ontology.schema import Relation
from rakg_assets.ontology.tables import TABLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

_BAR, _INK, _FAINT = "#1f6f78", "#1d2b30", "#6b7b80"
_BAR_INCHES, _MARGIN_INCHES, _DPI = 0.46, 1.15, 150


def treatment_ranking(filtered: pd.DataFrame, concepts: pd.DataFrame, disease: str) -> pd.DataFrame:
    """`TABLES["treatment_ranking"]`: treatments of the concept `disease`, most records first.

    `share` is records / sum of records over all its treatments. Equal records share a rank.
    """
    chosen = filtered[
        (filtered["relation"] == Relation.DISEASE_TREATMENT.value)
        & (filtered["head_id"] == disease)
    ]
    names = concepts.set_index("concept_id")[["name_zh", "name_en"]]
    ranking = (
        chosen[["tail_id", "records"]]
        .rename(columns={"tail_id": "concept_id"})
        .join(names, on="concept_id")
        .sort_values(["records", "concept_id"], ascending=[False, True], ignore_index=True)
    )
    for column in ("name_zh", "name_en"):
        ranking[column] = [text_of(name) for name in ranking[column]]
    ranking["records"] = ranking["records"].astype("int64")
    ranking["rank"] = ranking["records"].rank(method="min", ascending=False).astype("int64")
    ranking["share"] = ranking["records"] / max(int(ranking["records"].sum()), 1)
    return ranking[TABLES["treatment_ranking"].column_names]


def ranking_chart(ranking: pd.DataFrame, target: Path | None = None, top: int = 15) -> bytes:
    """A PNG bar chart of the first `top` treatments, labels in Chinese and English.

    Also written to `target` if one is given. An empty ranking gives a chart that says so.
    matplotlib keeps its font cache in MPLCONFIGDIR; the caller sets that before the first use.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shown = ranking.head(top)
    height = _MARGIN_INCHES + _BAR_INCHES * max(len(shown), 2)
    figure = Figure(figsize=(9, height), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    if shown.empty:
        figure.text(
            0.5,
            0.5,
            "尚无治疗排名  No treatment yet",
            ha="center",
            va="center",
            fontproperties=_font(13),
            color=_FAINT,
        )
    else:
        _draw_bars(figure, shown, height)
    png = _png(figure)
    if target is not None:
        write_atomically(target, lambda temporary: temporary.write_bytes(png))
    return png


def _draw_bars(figure: Figure, shown: pd.DataFrame, height: float) -> None:
    axes = figure.add_axes((0.40, 0.16 / height, 0.54, (height - _MARGIN_INCHES + 0.1) / height))
    places = range(len(shown))
    axes.barh(places, shown["share"] * 100, height=0.62, color=_BAR)
    axes.invert_yaxis()
    axes.set_xlim(0, float(shown["share"].max()) * 100 * 1.28)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    _label_bars(axes, shown)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color("#c5ced0")
    top = 1 - 0.38 / height
    figure.text(0.03, top, "类风湿关节炎的治疗", fontproperties=_font(15), color=_INK, va="center")
    figure.text(
        0.03,
        1 - 0.70 / height,
        "占全部治疗记录的比例  ·  Treatments of RA by share of records",
        fontproperties=_font(9.5),
        color=_FAINT,
        va="center",
    )


def _label_bars(axes: Axes, shown: pd.DataFrame) -> None:
    """Chinese over English left of the axis, share and records at the end of the bar."""
    left = {"xycoords": axes.get_yaxis_transform(), "textcoords": "offset points", "ha": "right"}
    for place, row in enumerate(shown.itertuples(index=False)):
        axes.annotate(
            _short(row.name_zh, 18),
            (0, place),
            (-8, 1),
            va="bottom",
            **left,
            fontproperties=_font(10.5),
            color=_INK,
        )
        axes.annotate(
            _short(row.name_en, 44),
            (0, place),
            (-8, -1),
            va="top",
            **left,
            fontproperties=_font(7.5),
            color=_FAINT,
        )
        axes.annotate(
            f"{row.share:.1%}  ({row.records})",
            (row.share * 100, place),
            (6, 0),
            textcoords="offset points",
            va="center",
            fontproperties=_font(9),
            color=_INK,
        )


def _short(name: str, length: int) -> str:
    return name if len(name) <= length else name[: length - 1] + "…"


def _font(size: float) -> FontProperties:
    """Noto Sans CJK by its file: nothing is registered, so nothing is written to a home."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(chinese_font()), size=size)


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()
