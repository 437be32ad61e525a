from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from rakg_assets.graph.evaluation import INDICATORS, evaluate, kendalls_w
from rakg_assets.ontology.tables import TABLES

NAMES = [i.name for i in INDICATORS]


def scores(**raters: list[float]) -> pd.DataFrame:
    rows = [(r, n, s) for r, given in raters.items() for n, s in zip(NAMES, given, strict=True)]
    return pd.DataFrame(rows, columns=["rater", "indicator", "score"])


def test_the_papers_means_stand_beside_ours() -> None:
    result = evaluate(scores(a=[5, 4, 5, 5, 4, 4, 5, 4], b=[4, 3, 5, 4, 4, 3, 4, 4]))
    assert list(result.table.columns) == TABLES["expert_evaluation"].column_names
    assert result.table["mean"].tolist() == [4.5, 3.5, 5, 4.5, 4, 3.5, 4.5, 4]
    assert result.table["paper"].tolist() == [4.75, 3.69, 4.73, 4.57, 4.45, 3.71, 4.52, 4.06]
    assert set(result.table["raters"]) == {2}
    assert result.layers["layer"].tolist() == ["data", "schema", "application"]
    assert result.layers["mean"].tolist() == [4, 4.75, 4]
    assert result.layers["paper"].tolist() == pytest.approx([4.22, 4.65, 4.185])
    assert result.message == ""


def test_without_scores_it_says_what_to_do() -> None:
    result = evaluate(scores())
    assert result.table.empty
    assert list(result.table.columns) == TABLES["expert_evaluation"].column_names
    assert "rater, indicator, score" in result.message
    assert math.isnan(result.agreement.w)


def test_raters_who_rank_alike_agree_fully() -> None:
    order = pd.DataFrame([[1, 2, 3, 4, 5, 6, 7, 8]] * 3)
    agreement = kendalls_w(order)
    assert agreement.w == pytest.approx(1)
    assert agreement.chi_square == pytest.approx(21)
    assert agreement.p_value == pytest.approx(0.003770, abs=1e-5)


def test_opposite_raters_do_not_agree() -> None:
    assert kendalls_w(pd.DataFrame([[1, 2, 3], [3, 2, 1]])).w == pytest.approx(0)


def test_ties_are_corrected_for() -> None:
    """W is (mean Spearman correlation x (m - 1) + 1) / m where all raters tie alike."""
    given = pd.DataFrame([[1, 1, 2, 3, 3, 4], [2, 2, 1, 4, 4, 3], [1, 1, 3, 4, 4, 2]])
    correlations = given.T.corr(method="spearman").to_numpy()[np.triu_indices(3, 1)]
    assert kendalls_w(given).w == pytest.approx((correlations.mean() * 2 + 1) / 3)


@pytest.mark.parametrize("given", [[[3, 3, 3], [4, 4, 4]], [[1, 2, 3]]])
def test_no_order_to_agree_on_is_not_a_number(given: list[list[int]]) -> None:
    assert math.isnan(kendalls_w(pd.DataFrame(given)).w)
