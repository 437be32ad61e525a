"""How likely a similar name is the right one: from likeness to probability, and how much is enough.

Belongs here: the curves by type, read from `dictionaries/normalisation/calibration.csv` and fitted
on slips. Does not belong here: likeness itself (`similarity.py`).
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from rakg_assets.ontology.files import write_text
from rakg_assets.ontology.schema import EntityType

FILE_NAME = "calibration.csv"
#: No term less alike is asked about: below it hardly any is right.
LEAST_LIKENESS = 0.72
#: Further off than this, the second-best concept says nothing more.
WIDEST_MARGIN = 0.3
_DIGITS = 4


class CalibrationError(ValueError):
    """A calibration that cannot be read; the message names file, reason and remedy."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the best term: its likeness, the characters of the mention, whether they
    sound or look the same, and how much less alike the best term of another concept is."""

    likeness: float
    length: int
    akin: bool
    margin: float

    @property
    def features(self) -> tuple[float, float, float, float]:
        """The numbers that the curve weighs."""
        margin = min(self.margin, WIDEST_MARGIN)
        return (self.likeness, math.log(self.length), float(self.akin), margin)


@dataclass(frozen=True, slots=True)
class Curve:
    """A logistic curve over `Evidence.features`; `least` is the probability that is enough."""

    intercept: float
    likeness: float
    length: float
    akin: float
    margin: float
    least: float

    def probability(self, evidence: Evidence) -> float:
        """How likely the term names the right concept, 0..1."""
        weights = (self.likeness, self.length, self.akin, self.margin)
        pairs = zip(weights, evidence.features, strict=True)
        return 1 / (1 + math.exp(-self.intercept - sum(w * f for w, f in pairs)))


def read_calibration(folder: Path) -> dict[EntityType, Curve]:
    """The curves of all types. Raises `CalibrationError`."""
    path = folder / FILE_NAME
    remedy = "run `rakg dictionaries calibrate`, or restore the file that ships"
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        names = [field.name for field in fields(Curve)]
        found = {EntityType(row["type"]): Curve(*(_finite(row[n]) for n in names)) for row in rows}
    except FileNotFoundError:
        raise CalibrationError(f"{path.name}: missing in {folder}; {remedy}") from None
    except (ValueError, KeyError, TypeError):
        raise CalibrationError(f"{path.name}: not a row of numbers a type; {remedy}") from None
    if missing := [kind.value for kind in EntityType if kind not in found]:
        raise CalibrationError(f"{path.name}: no row for {', '.join(missing)}; {remedy}")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number


def write_calibration(folder: Path, curves: Mapping[EntityType, Curve]) -> None:
    """Write the curves for `read_calibration`."""
    lines = [",".join(("type", *(field.name for field in fields(Curve))))]
    for kind, curve in curves.items():
        numbers = (f"{value:.{_DIGITS}f}" for value in astuple(curve))
        lines.append(",".join((kind.value, *numbers)))
    write_text(folder / FILE_NAME, "\n".join(lines) + "\n")
