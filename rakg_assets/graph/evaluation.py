"""Scores that experts gave the graph: means by indicator and layer, agreement of the raters.

Belongs here: the eight indicators of Liu et al. 2023 with the paper's means, and the arithmetic.
Does not belong here: reading score sheets (`score_sheets.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from rakg_assets.ontology.tables import TABLES

NO_SHEETS = (
    "没有评分表 no score sheets: put CSV files with the columns rater, indicator, score "
    "(1 to 5, all eight indicators for every rater) into the score folder, then materialise "
    "expert_evaluation"
)


@dataclass(frozen=True)
class Indicator:
    """One indicator: key, Chinese name, layer of the evaluation, the paper's mean."""

    name: str
    zh: str
    layer: str
    paper: float


INDICATORS: tuple[Indicator, ...] = (
    Indicator("authority", "权威性", "data", 4.75),
    Indicator("value", "价值性", "data", 3.69),
    Indicator("rationality", "合理性", "schema", 4.73),
    Indicator("scalability", "可扩展性", "schema", 4.57),
    Indicator("consistency", "一致性", "application", 4.45),
    Indicator("ease of use", "易用性", "application", 3.71),
    Indicator("readability", "可读性", "application", 4.52),
    Indicator("practicability", "实用性", "application", 4.06),
)


@dataclass(frozen=True)
class Agreement:
    """Kendall's W with correction for ties, 0 (none) to 1 (all raters rank alike).

    `w`, `chi_square` and `p_value` are NaN with fewer than two raters, or if every rater gave
    all indicators the same score: then there is no order to agree on.
    """

    raters: int
    w: float
    chi_square: float
    p_value: float


@dataclass(frozen=True)
class Evaluation:
    """`table` is `TABLES["expert_evaluation"]`; `layers` has layer, mean, paper.

    `message` says what to do when there are no scores, else it is empty.
    """

    table: pd.DataFrame
    layers: pd.DataFrame
    agreement: Agreement
    message: str = ""


def evaluate(scores: pd.DataFrame) -> Evaluation:
    """Evaluate scores as `read_scores` gives them: rater, indicator, score, complete."""
    raters = int(scores["rater"].nunique())
    if raters == 0:
        none = Agreement(0, math.nan, math.nan, math.nan)
        empty = TABLES["expert_evaluation"].arrow_schema.empty_table().to_pandas()
        return Evaluation(empty, empty[["layer", "mean", "paper"]], none, NO_SHEETS)
    means = scores.groupby("indicator")["score"].mean()
    rows = [(i.layer, i.name, float(means[i.name]), raters, i.paper) for i in INDICATORS]
    table = pd.DataFrame(rows, columns=TABLES["expert_evaluation"].column_names)
    return Evaluation(table, _layer_means(table), kendalls_w(_by_rater(scores)))


def kendalls_w(scores: pd.DataFrame) -> Agreement:
    """Agreement of raters (rows) on the order of indicators (columns), no value missing.

    W = 12 S / (m² (n³ - n) - m Σ(t³ - t)), with S the squared deviations of the rank sums and t
    the sizes of a rater's groups of ties; m (n - 1) W is chi-square with n - 1 degrees of
    freedom (Kendall & Gibbons 1990, ch. 6).
    """
    from scipy.special import chdtrc  # only where scores are read: it is slow to load

    raters, items = scores.shape
    ranks = scores.rank(axis=1)
    sums = ranks.sum()
    ties = sum(
        int(size) ** 3 - int(size) for _, row in scores.iterrows() for size in row.value_counts()
    )
    most = raters**2 * (items**3 - items) - raters * ties
    if raters < 2 or most == 0:
        return Agreement(raters, math.nan, math.nan, math.nan)
    w = 12 * float(((sums - sums.mean()) ** 2).sum()) / most
    chi_square = raters * (items - 1) * w
    return Agreement(raters, w, chi_square, float(chdtrc(items - 1, chi_square)))


def _by_rater(scores: pd.DataFrame) -> pd.DataFrame:
    return scores.pivot(index="rater", columns="indicator", values="score")


def _layer_means(table: pd.DataFrame) -> pd.DataFrame:
    """Means of the indicators of a layer; every indicator has the same number of votes."""
    means = table.groupby("layer", sort=False)[["mean", "paper"]].mean()
    return means.reset_index()
