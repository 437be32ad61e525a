"""Regions of the body: what is felt there and what an examiner finds there.

They are rows of `regions.csv`, the commonest first; every name is one of `dictionaries/`. Does not
belong here: complaints and signs of a companion disease (`companions.py`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).with_name("regions.csv")


class Region(NamedTuple):
    """Sites that share their complaints and signs.

    `sides` are the words for a side, the commonest first, and `of` stands between it and the site:
    双 手 近端指间关节.
    """

    name: str
    sides: tuple[str, ...]
    of: str
    sites: tuple[str, ...]
    symptoms: tuple[str, ...]
    signs: tuple[str, ...]


def _region(row: Mapping[str, str]) -> Region:
    lists = (tuple(row[column].split()) for column in ("sites", "symptoms", "signs"))
    return Region(row["region"], tuple(row["sides"]), row["of"], *lists)


def _read() -> tuple[Region, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(map(_region, csv.DictReader(file)))


#: The commonest first.
REGIONS: tuple[Region, ...] = _read()
