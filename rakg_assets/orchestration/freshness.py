"""What every output was made from, so that a run redoes exactly what changed.

A recipe names an output's sources and whatever else decides it; its fingerprint is a hash over
both, stored beside the output. An output is stale when the stored fingerprint is not the one
expected now. Does not belong here: how outputs are computed (the stages' `assets.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rakg_assets.ontology.files import write_text
from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.resources import Settings
from rakg_assets.orchestration.storage import (
    read_fingerprint,
    stored_months,
    table_path,
)


@dataclass(frozen=True)
class Recipe:
    """How an output comes about.

    `sources` are other outputs with a recipe; `extras(settings, month)` names what else decides
    it (a model version, a dictionary version, a hash of input files); `months(settings)` are
    months that it should have beside those stored; `version` is raised when the code changes
    the result.
    """

    asset: str
    sources: tuple[str, ...] = ()
    version: str = "1"
    extras: Callable[[Settings, str | None], str] = field(default=lambda settings, month: "")
    months: Callable[[Settings], Iterable[str]] = field(default=lambda settings: ())

    @property
    def monthly(self) -> bool:
        """Whether the output has one part a month."""
        return self.asset in TABLES and TABLES[self.asset].monthly


class Freshness:
    """Fingerprints of one home; `Ledger.now` makes a new one after anything has changed."""

    def __init__(self, settings: Settings, recipes: Iterable[Recipe]) -> None:
        self.settings = settings
        self.recipes: Mapping[str, Recipe] = {r.asset: r for r in recipes}
        self._expected: dict[tuple[str, str | None], str] = {}

    @cached_property
    def months(self) -> list[str]:
        """Every month that any monthly output or record of the inbox has."""
        root, found = self.settings.place.tables, set()
        for recipe in self.recipes.values():
            found.update(recipe.months(self.settings))
            if recipe.monthly:
                found.update(stored_months(root, TABLES[recipe.asset]))
        return sorted(found)

    def expected(self, asset: str, month: str | None = None) -> str:
        """The fingerprint that the output would get if it and all it comes from were made now."""
        if (asset, month) not in self._expected:
            self._expected[asset, month] = self._fingerprint(asset, month, self.expected)
        return self._expected[asset, month]

    def made_now(self, asset: str, month: str | None = None) -> str:
        """The fingerprint of an output that has just been made from its sources as they stand.

        Another than `expected` where a source is itself stale: a graph made while a month still
        waits must not pass for one that holds it.
        """
        return self._fingerprint(asset, month, lambda *source: self.stored(*source) or "none")

    def _fingerprint(
        self, asset: str, month: str | None, of: Callable[[str, str | None], str]
    ) -> str:
        recipe = self.recipes[asset]
        parts = [asset, recipe.version, recipe.extras(self.settings, month)]
        for source in recipe.sources:
            if not self.recipes[source].monthly:
                parts.append(of(source, None))
            else:
                months = [month] if month else self.months
                parts += [f"{m}={of(source, m)}" for m in months]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

    def stored(self, asset: str, month: str | None = None) -> str | None:
        """The fingerprint of the output on disk; None if it was never made."""
        if asset in TABLES:
            return read_fingerprint(table_path(self.settings.place.tables, TABLES[asset], month))
        stamp = self.settings.place.stamps / asset
        return stamp.read_text("ascii") if stamp.exists() else None

    def is_stale(self, asset: str, month: str | None = None) -> bool:
        """Whether the output is missing or was made from something else."""
        return self.stored(asset, month) != self.expected(asset, month)


@dataclass(frozen=True)
class Ledger:
    """All recipes with the configuration: asked what is stale, told what has been made."""

    settings: Settings
    recipes: Sequence[Recipe]

    def now(self) -> Freshness:
        """The fingerprints as they are at this moment."""
        return Freshness(self.settings, self.recipes)

    def stamp(self, asset: str) -> None:
        """Note that an output that is no table has just been made."""
        write_text(self.settings.place.stamps / asset, self.now().made_now(asset))


def hash_files(*places: Path) -> str:
    """Hash of the names and bytes of files and of folders' files; missing places count as empty."""
    digest = hashlib.sha256()
    for place in places:
        files = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file())
        for path in files:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
