"""Cells of the benchmarks: what one is called, and the results that a home holds.

Belongs here: names and files, without torch. Does not belong here: how a cell is run
(`benchmark.py`) or what the results say together (`comparison.py`, `result_tables.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rakg_assets.extraction.zoo import MODELS, SEEDS, needs_encoder, usual_seeds

# How many records of train a learning curve learns from.
CURVE_RECORDS: tuple[int | None, ...] = (20, 40, 80, None)
ALL = "all"
# What every result has.
_ALWAYS = {"kind", "model", "seed", "sizes", "overall"}

Result = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """One training of a benchmark: a model of the zoo and a seed.

    It learns from as many `records` of train, chosen by the seed; None means all.
    """

    kind: str
    model: str
    seed: int
    records: int | None = None

    @classmethod
    def of(cls, kind: str, keys: Mapping[str, str], model: str = "") -> Cell:
        """The cell that partition keys by dimension name; `model` where they name none."""
        chosen = keys.get("model", model)
        return cls(kind, chosen, int(keys["seed"]), records_of(keys.get("records", ALL)))

    @property
    def name(self) -> str:
        """What its file is called; the whole of train is the same cell in every benchmark."""
        few = "" if self.records is None else f"-{self.records}"
        return f"{self.kind}-{self.model}-{self.seed}{few}"

    def file(self, folder: Path) -> Path:
        """Where its result stands."""
        return folder / f"{self.name}.json"


def records_key(records: int | None) -> str:
    """A number of records as a partition key."""
    return ALL if records is None else str(records)


def records_of(key: str) -> int | None:
    """The number of records that a partition key names."""
    return None if key == ALL else int(key)


def read_result(path: Path) -> Result:
    """The result of a cell; empty where there is none, or what is there is damaged."""
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def read_results(folder: Path) -> Sequence[Result]:
    """The results of all cells in a folder, in order of their files' names; no others."""
    found = (read_result(path) for path in sorted(folder.glob("*.json")))
    return [r for r in found if r.keys() >= _ALWAYS and "train" in r["sizes"]]


def cells_to_run(large: bool, seeds: int | None = None) -> dict[str, list[dict[str, str]]]:
    """Partition keys, by dimension, of the benchmark assets: those of the small models, or all.

    `large` takes in the models that start from an encoder and the learning curves. Without
    `seeds` there are as many as `usual_seeds` says.
    """
    curves = {
        f"{kind}_learning_curve": [
            {"records": records_key(records), "seed": str(seed)}
            for records in CURVE_RECORDS
            for seed in range(seeds or len(SEEDS))
        ]
        for kind in MODELS
    }
    models = {
        f"{kind}_benchmark": [
            {"model": model, "seed": str(seed)}
            for model in names
            if large or not needs_encoder(model)
            for seed in range(seeds or len(usual_seeds(model)))
        ]
        for kind, names in MODELS.items()
    }
    return (curves if large else {}) | models
