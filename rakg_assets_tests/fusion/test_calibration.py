"""From likeness to probability: the file, the curve, and fitting it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.fusion.calibrating import fit_curves
from rakg_assets.fusion.calibration import (
    CalibrationError,
    Curve,
    Evidence,
    read_calibration,
    write_calibration,
)
from rakg_assets.fusion.normalise import Normaliser
from rakg_assets.ontology.dictionaries import load_dictionaries, shipped_dictionaries
from rakg_assets.ontology.schema import EntityType

_CURVE = Curve(-8, 10, 0, 0, 0, 0.5)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    curves = dict.fromkeys(EntityType, _CURVE)
    write_calibration(tmp_path, curves)
    assert read_calibration(tmp_path) == curves


def test_more_likeness_is_more_likely() -> None:
    chances = [_CURVE.probability(Evidence(s, 4, False, 0.3)) for s in (0.7, 0.8, 1.0)]
    assert chances == sorted(chances)
    assert chances[1] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "missing"),
        ("type,least\ndisease,0.8\n", "not a row of numbers a type"),
        ("type,intercept,likeness,length,akin,margin,least\n", "no row for disease"),
    ],
)
def test_a_wrong_file_names_the_remedy(tmp_path: Path, content: str | None, reason: str) -> None:
    if content is not None:
        (tmp_path / "calibration.csv").write_text(content, "utf-8")
    with pytest.raises(CalibrationError, match=rf"{reason}.*rakg dictionaries calibrate"):
        read_calibration(tmp_path)


def test_fitting_tells_slips_from_strangers() -> None:
    folder = shipped_dictionaries()
    kind = EntityType.MITIGATION_FACTOR
    dictionaries = {kind: load_dictionaries(folder)[kind]}
    normaliser = Normaliser(folder / "normalisation")
    curves = fit_curves(dictionaries, normaliser)
    assert curves == fit_curves(dictionaries, normaliser)
    near, far = Evidence(0.96, 6, True, 0.3), Evidence(0.72, 6, False, 0.05)
    curve = curves[kind]
    assert curve.probability(far) < curve.least < curve.probability(near)
