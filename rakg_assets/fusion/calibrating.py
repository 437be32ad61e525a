"""Fitting the linker's curves on slips of the dictionaries' own names.

A slip is looked up among all concepts; names and slips are looked up too with their own concept
taken out, so that whatever is found then is wrong. Does not belong here: using the curves
(`calibration.py`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping

import numpy as np
from sklearn.linear_model import LogisticRegression

from rakg_assets.fusion.calibration import CalibrationError, Curve, Evidence
from rakg_assets.fusion.form_index import names_elsewhere
from rakg_assets.fusion.name_index import NameIndex
from rakg_assets.fusion.normalise import Normaliser
from rakg_assets.fusion.slips import Slips
from rakg_assets.ontology.dictionaries import Dictionary
from rakg_assets.ontology.schema import EntityType

_MOST_SLIPS = 6000
# A wrong link costs the graph more than a mention that waits for a person.
_COST_OF_WRONG = 4
# How often what a mention is most like is right before anything else is known: somewhat less than
# the 144 of 148 such mentions of the tuning pairs.
_RIGHT = 0.95
_NO_CURVE = Curve(0, 0, 0, 0, 0, 1)


def fit_curves(
    dictionaries: Mapping[EntityType, Dictionary], normaliser: Normaliser, seed: int = 0
) -> dict[EntityType, Curve]:
    """One curve a type; the same dictionaries and seed give the same curves.

    Raises `CalibrationError` for a dictionary of too few names to tell right from wrong.
    """
    curves = {}
    for kind, dictionary in dictionaries.items():
        elsewhere = names_elsewhere(kind, dictionaries, normaliser)
        index = NameIndex(dictionary, normaliser, _NO_CURVE, elsewhere=elsewhere)
        found, right = _examples(dictionary, index, seed)
        if len(set(right)) < 2:
            reason = "too few names to calibrate on; keep the calibration that ships"
            raise CalibrationError(f"{dictionary.file or kind}: {reason}")
        curves[kind] = _fit(found, right)
    return curves


def _examples(
    dictionary: Dictionary, index: NameIndex, seed: int
) -> tuple[list[Evidence], list[bool]]:
    """What is found for slips, and whether it is right."""
    names = [(n, c.concept_id) for c in dictionary.concepts for n in c.names if len(n) > 1]
    if not names:
        return [], []
    slips = Slips((name for name, _ in names), seed)
    drawn = random.Random(seed).sample(names, min(len(names), _MOST_SLIPS))
    mentions = [slips.slip(name) for name, _ in drawn]
    truths = [concept for _, concept in drawn]
    asked = [
        (truths, index.evidence(mentions)),
        (truths, index.evidence(mentions, truths)),
        (truths, index.evidence([name for name, _ in drawn], truths)),
    ]
    pairs = [p for names, bests in asked for p in zip(names, bests, strict=True) if p[1]]
    return [best[1] for _, best in pairs], [best[0] == truth for truth, best in pairs]


def _fit(found: list[Evidence], right: list[bool]) -> Curve:
    features, truth = np.array([evidence.features for evidence in found]), np.array(right)
    weights = np.where(truth, _RIGHT / truth.sum(), (1 - _RIGHT) / (~truth).sum())
    model = LogisticRegression(C=10.0, max_iter=1000)
    model.fit(features, truth, sample_weight=weights * len(truth))
    probabilities = model.predict_proba(features)[:, 1]
    worth = np.where(truth, weights, -_COST_OF_WRONG * weights)
    least = _enough(probabilities, worth)
    return Curve(float(model.intercept_[0]), *map(float, model.coef_[0]), least)


def _enough(probabilities: np.ndarray, worth: np.ndarray) -> float:
    """The probability from which on taking the best term gains most."""
    order = np.argsort(-probabilities, kind="stable")
    return float(probabilities[order][int(np.cumsum(worth[order]).argmax())])
