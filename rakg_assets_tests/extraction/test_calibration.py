import numpy as np
import pytest

from rakg_assets.extraction.calibration import (
    COLDEST,
    HOTTEST,
    calibrated,
    expected_calibration_error,
    fitted_temperature,
    shares,
)


def drawn(count: int, heat: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose labels come true as their shares at a temperature say."""
    draw = np.random.default_rng(0)
    scores = draw.normal(0, 4, (count, 3))
    labels = [draw.choice(3, p=row) for row in shares(scores, heat)]
    return scores, np.array(labels)


def test_shares_are_a_softmax_that_large_scores_do_not_break() -> None:
    found = shares(np.array([[1e4, 1e4, -1e4], [0.0, np.log(3), -1e4]]))
    assert found == pytest.approx(np.array([[0.5, 0.5, 0], [0.25, 0.75, 0]]))
    assert shares(np.array([[0.0, 4.0]]), 4) == pytest.approx(shares(np.array([[0.0, 1.0]])))


@pytest.mark.parametrize("heat", [0.7, 1.0, 2.5])
def test_the_temperature_that_scores_were_made_with_is_found(heat: float) -> None:
    assert fitted_temperature(*drawn(20_000, heat)) == pytest.approx(heat, rel=0.05)


def test_a_temperature_stays_within_its_bounds() -> None:
    scores = np.array([[9.0, 0.0, -1e4]] * 4)
    assert fitted_temperature(scores, np.zeros(4, int)) == pytest.approx(COLDEST)
    assert fitted_temperature(scores, np.ones(4, int)) == pytest.approx(HOTTEST)


def test_the_error_is_the_distance_of_confidence_from_accuracy() -> None:
    likely = np.array([[0.9, 0.1]] * 10 + [[0.4, 0.6]] * 10)
    labels = np.array([0] * 9 + [1] + [1] * 3 + [0] * 7)
    # Nine of ten are right at 0.9; three of ten at 0.6.
    assert expected_calibration_error(likely, labels) == pytest.approx((0 + 0.3) / 2)
    # In one bin: 12 of 20 are right, at 0.75.
    assert expected_calibration_error(likely, labels, 1) == pytest.approx(0.15)


def test_a_certain_score_has_a_bin_too() -> None:
    assert expected_calibration_error(np.array([[1.0, 0.0]]), np.array([0])) == 0
    assert expected_calibration_error(np.array([[1.0, 0.0]]), np.array([1])) == 1


def test_scores_that_are_too_sure_err_less_once_they_are_cooled() -> None:
    scores, labels = drawn(5_000, 3.0)
    found = calibrated(scores, labels)
    assert found.temperature == pytest.approx(3.0, rel=0.1)
    assert found.before > 0.1 > 0.03 > found.after
    assert found.count == 5_000


def test_without_scores_nothing_changes() -> None:
    found = calibrated(np.zeros((0, 3)), np.zeros(0, int))
    assert (found.temperature, found.count) == (1.0, 0)
