"""Scores that mean what they say: of relations given 0.9, nine in ten hold.

Temperature scaling and the expected calibration error of Guo et al. 2017 (On Calibration of Modern
Neural Networks, arXiv 1706.04599). Belongs here: arithmetic on scores. Does not belong here: where
scores come from or how a model takes its temperature in (`relation_network.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

COLDEST, HOTTEST = 0.5, 5.0
"""Bounds: a few dev records that all happen to be right must not make every score 1."""

_BINS = 15
_STEPS = 60  # of the search; each leaves 0.62 of the interval


@dataclass(frozen=True)
class Calibration:
    """A temperature and the expected calibration error on `count` scores without and with it."""

    temperature: float = 1.0
    before: float = 0.0
    after: float = 0.0
    count: int = 0


def shares(scores: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Softmax of `scores` / `temperature` over the labels, the last dimension."""
    cooled = scores / temperature
    powers = np.exp(cooled - cooled.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def calibrated(scores: np.ndarray, labels: np.ndarray) -> Calibration:
    """The best temperature for scores (n, labels) whose right labels are known (n), and the error.

    Without scores the temperature is 1.
    """
    if not len(labels):
        return Calibration()
    temperature = round(fitted_temperature(scores, labels), 4)
    errors = [
        round(expected_calibration_error(shares(scores, t), labels), 4) for t in (1.0, temperature)
    ]
    return Calibration(temperature, *errors, len(labels))


def fitted_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """The temperature, within the bounds, at which the right labels are likeliest.

    The negative log-likelihood is convex in 1 / temperature, so golden-section search finds it.
    """
    ratio = (5**0.5 - 1) / 2
    low, high = 1 / HOTTEST, 1 / COLDEST
    for _ in range(_STEPS):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if _surprise(scores * left, labels) < _surprise(scores * right, labels):
            high = right
        else:
            low = left
    return 2 / (low + high)


def expected_calibration_error(likely: np.ndarray, labels: np.ndarray, bins: int = _BINS) -> float:
    """How far confidence is from accuracy, 0 to 1 (Guo et al. 2017, equation 3).

    `likely` (n, labels) are shares. Items fall in `bins` of equal width by their highest share;
    the error is the mean distance of a bin's accuracy from its mean confidence, by its items.
    """
    return distance(likely.max(-1), likely.argmax(-1) == labels, bins)


def distance(confidence: np.ndarray, right: np.ndarray, bins: int = _BINS) -> float:
    """The same error of confidences (n) in answers that are right or not (n); 0 without any."""
    places = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    apart = np.bincount(places, confidence - right, minlength=bins)
    return float(np.abs(apart).sum() / max(1, len(right)))


def _surprise(scores: np.ndarray, labels: np.ndarray) -> float:
    """Mean negative log-likelihood of the right labels."""
    highest = scores.max(-1)
    logs = np.log(np.exp(scores - highest[:, None]).sum(-1)) + highest
    return float((logs - scores[np.arange(len(labels)), labels]).mean())
