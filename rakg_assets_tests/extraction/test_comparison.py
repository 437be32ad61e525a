import pytest

from rakg_assets.extraction.comparison import Spread, spread_of


def result(seed: int, f1: float) -> dict:
    return {"seed": seed, "overall": {"f1": f1}, "predicted": {"overall": {"f1": f1 - 10}}}


def test_mean_and_deviation_over_seeds() -> None:
    spread = spread_of([result(0, 60.0), result(1, 64.0)])
    assert (spread.mean, str(spread)) == (62.0, "62.00 ± 2.83")
    assert str(spread_of([result(0, 60.0)])) == "60.00"
    assert spread_of([result(0, 60.0)]).deviation is None


def test_a_figure_that_is_not_there_is_missing_and_not_made_up() -> None:
    results = [result(0, 60.0), {"seed": 1, "overall": {"f1": 70.0}}]
    assert spread_of(results, ("predicted", "overall")).values == {0: 50.0}
    assert str(spread_of([])) == "–"
    assert str(spread_of(results, ("by_type", "disease"))) == "–"


def test_p_is_that_of_a_paired_t_test() -> None:
    # Differences 1, 2, 3: t = 2 / (1 / sqrt(3)); for two degrees of freedom
    # p = 1 - t / sqrt(t**2 + 2).
    ours, theirs = Spread({0: 61.0, 1: 72.0, 2: 53.0}), Spread({0: 60.0, 1: 70.0, 2: 50.0})
    assert ours.p_against(theirs) == pytest.approx(1 - 12**0.5 / 14**0.5)


def test_only_seeds_of_both_are_compared() -> None:
    ours, theirs = Spread({0: 61.0, 1: 72.0, 5: 1.0}), Spread({0: 60.0, 1: 70.0, 2: 50.0})
    both = Spread({0: 61.0, 1: 72.0}).p_against(Spread({0: 60.0, 1: 70.0}))
    assert ours.p_against(theirs) == both
    assert both is not None


def test_what_cannot_be_tested_has_no_p() -> None:
    one, same = Spread({0: 61.0}), Spread({0: 61.0, 1: 70.1})
    assert one.p_against(same) is None
    assert same.p_against(same) is None
    assert same.p_against(Spread({0: 60.0, 1: 69.1})) is None
