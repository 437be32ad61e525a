"""Materialise what is stale, with all that it needs, in this process: what `rakg run` does.

The daemon's sensors launch the same jobs for the same months (`automation.py`); both ask
`freshness.py` what is stale.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg

from rakg_assets.orchestration.freshness import Freshness, Ledger, Recipe
from rakg_assets.orchestration.leftovers import (
    LAUNCHER_TAG,
    BusyError,
    close_leftovers,
    take_lock,
)
from rakg_assets.orchestration.partitions import contiguous, months_of, range_tags
from rakg_assets.orchestration.resources import Settings

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class LaunchError(ValueError):
    """A launch that cannot begin; the message says what there is to choose from."""


@dataclass
class Outcome:
    """What a launch did: materialised assets, failed steps, checks that did not pass."""

    materialised: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    broken_checks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Launcher:
    """Runs assets of one home in this process, recorded in its Dagster instance."""

    definitions: dg.Definitions
    ledger: Ledger
    # Assets to refresh on every launch, and trainings to launch only where no model is found.
    always: Sequence[str]
    on_demand: Sequence[str]
    missing_models: Callable[[Settings], Sequence[str]]
    say: Callable[[str], None] = print

    def run(self, through: str | None = None) -> Outcome:
        """Bring `through` (default: everything but the trainings) up to date.

        A training is run where it is named, not where another asset could be made from it. Raises
        `LaunchError` for an asset that does not exist or is made a cell at a time.
        """
        return self._refresh(self._wanted(through))

    def _refresh(self, wanted: list[str]) -> Outcome:
        place = self.ledger.settings.place
        place.activate()
        outcome = Outcome()
        with (
            self._alone(place.prepare_dagster()),
            dg.DagsterInstance.from_config(str(place.dagster)) as instance,
        ):
            close_leftovers(instance, of_launcher=True)
            for phase in self._phases(wanted):
                phase(instance, outcome)
        return outcome

    def run_cells(
        self,
        cells: Mapping[str, Sequence[Mapping[str, str]]],
        config: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Materialise cells, {dimension: key}, of assets partitioned in several dimensions.

        `config` is what the launchpad would tell each of the assets.

        What the assets are made from is brought up to date first; where that fails no cell runs.
        A cell that fails keeps no other from running; between two cells another launcher of this
        home may have its turn.
        """
        outcome = Outcome()
        for asset in cells:
            before = self._refresh(self._needed(asset))
            outcome.failures += before.failures
            outcome.broken_checks += before.broken_checks
        if outcome.failures:
            return outcome
        for asset, keys in cells.items():
            for key in keys:
                self._run_cell(asset, dg.MultiPartitionKey(dict(key)), config or {}, outcome)
        return outcome

    def _run_cell(
        self, asset: str, cell: dg.MultiPartitionKey, config: Mapping[str, Any], outcome: Outcome
    ) -> None:
        folder = self.ledger.settings.place.prepare_dagster()
        # Opened before the lock is taken, which leaves those who wait the time to take it first.
        with dg.DagsterInstance.from_config(str(folder)) as instance, self._alone(folder):
            told = {asset: {"config": config}} if config else {}
            self._execute(instance, [asset], {}, outcome, cell, told)

    @contextmanager
    def _alone(self, folder: Path) -> Iterator[None]:
        """Wait until no other launcher works on this home."""
        lock = folder / "launcher.lock"
        try:
            descriptor = take_lock(lock)
        except BusyError:
            self.say("another `rakg run` or `rakg bench` is at work on this home; waiting for it")
            descriptor = take_lock(lock, wait=True)
        try:
            yield
        finally:
            os.close(descriptor)

    def _wanted(self, through: str | None) -> list[str]:
        """Selected assets in order of flow."""
        graph = self.definitions.resolve_asset_graph()
        order = [key.path[-1] for key in graph.toposorted_asset_keys]
        if through is None:
            return [name for name in order if name not in self.on_demand]
        if through not in order:
            raise LaunchError(f"no asset is named {through}; the assets are {sorted(order)}")
        cells = graph.get(dg.AssetKey(through)).partitions_def
        if isinstance(cells, dg.MultiPartitionsDefinition):
            dimensions = " and ".join(cells.partition_dimension_names)
            raise LaunchError(
                f"{through} has a cell for each {dimensions}; run `rakg bench --tables`, or choose "
                "cells in the UI"
            )
        return [*self._needed(through), through]

    def _needed(self, asset: str) -> list[str]:
        """What an asset is made from, in order of flow, without trainings."""
        graph = self.definitions.resolve_asset_graph()
        upstream = dg.AssetSelection.assets(asset).upstream(include_self=False).resolve(graph)
        order = [key.path[-1] for key in graph.toposorted_asset_keys if key in upstream]
        return [name for name in order if name not in self.on_demand]

    def _phases(self, wanted: list[str]) -> list[Callable[[dg.DagsterInstance, Outcome], None]]:
        """Before the months, the months, after the months."""
        monthly = [a for a in wanted if a in self._by_name and self._by_name[a].monthly]
        graph = self.definitions.resolve_asset_graph()
        months = dg.AssetSelection.assets(*monthly)
        feeding = {k.path[-1] for k in months.upstream().resolve(graph)} if monthly else set(wanted)
        before = [a for a in wanted if a in feeding and a not in monthly]
        after = [a for a in wanted if a not in feeding and a not in monthly]
        models = self._models_for(wanted)
        return [
            lambda instance, outcome: self._run_whole(instance, before, outcome),
            lambda instance, outcome: self._execute(instance, models, {}, outcome),
            lambda instance, outcome: self._run_months(instance, monthly, outcome),
            lambda instance, outcome: self._run_whole(instance, after, outcome),
        ]

    def _models_for(self, wanted: Iterable[str]) -> list[str]:
        graph = self.definitions.resolve_asset_graph()
        needed = dg.AssetSelection.assets(*wanted).upstream().resolve(graph)
        names = {key.path[-1] for key in needed} - set(wanted)
        return [name for name in self.missing_models(self.ledger.settings) if name in names]

    @property
    def _by_name(self) -> Mapping[str, Recipe]:
        return {recipe.asset: recipe for recipe in self.ledger.recipes}

    def _run_whole(
        self, instance: dg.DagsterInstance, assets: Sequence[str], outcome: Outcome
    ) -> None:
        freshness = self.ledger.now()
        due = [
            asset
            for asset in assets
            if asset in self.always or asset not in self._by_name or freshness.is_stale(asset)
        ]
        self._execute(instance, due, {}, outcome)

    def _run_months(
        self, instance: dg.DagsterInstance, assets: Sequence[str], outcome: Outcome
    ) -> None:
        """One run for each span of neighbouring months that lack the same assets."""
        freshness = self.ledger.now()
        for lacking, months in stale_months(freshness, assets).items():
            for first, last in contiguous(months):
                self._execute(instance, lacking, range_tags(first, last), outcome)

    def _execute(
        self,
        instance: dg.DagsterInstance,
        assets: Sequence[str],
        tags: Mapping[str, str],
        outcome: Outcome,
        partition: str | None = None,
        ops: Mapping[str, Any] | None = None,
    ) -> None:
        if not assets:
            return
        span = partition or months_of(tags)
        self.say(f"{span + ': ' if span else ''}{', '.join(assets)}")
        result = self.definitions.resolve_implicit_global_asset_job_def().execute_in_process(
            asset_selection=[dg.AssetKey(name) for name in assets],
            instance=instance,
            partition_key=partition,
            tags={**tags, **LAUNCHER_TAG},
            run_config={**_QUIET, "ops": ops or {}},
            raise_on_error=False,
        )
        made = _events(result, dg.DagsterEventType.ASSET_MATERIALIZATION)
        failed = _events(result, dg.DagsterEventType.STEP_FAILURE)
        outcome.materialised += [event.asset_key.path[-1] for event in made]
        place = f"{span}, run {result.run_id}" if span else f"run {result.run_id}"
        outcome.failures += [f"{event.step_key} ({place}): {_reason(event)}" for event in failed]
        outcome.broken_checks += [
            f"{e.asset_key.path[-1]}: {e.check_name} ({e.severity.value})"
            for e in result.get_asset_check_evaluations()
            if not e.passed
        ]


def stale_months(freshness: Freshness, assets: Sequence[str]) -> dict[tuple[str, ...], list[str]]:
    """Months grouped by which of the monthly assets are stale in them."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for month in freshness.months:
        if lacking := tuple(a for a in assets if freshness.is_stale(a, month)):
            groups[lacking].append(month)
    return groups


def _reason(failure: dg.DagsterEvent) -> str:
    """What our own error says, which holds no record text; of any other only its kind."""
    error, kind = failure.step_failure_data.error, "unknown"
    while error is not None:
        name, _, words = error.message.partition(": ")
        if name.startswith("rakg_assets."):
            return words.strip()
        kind, error = error.cls_name or kind, error.cause
    return kind


def months_to_launch(ledger: Ledger) -> list[str]:
    """Months with a stale asset; the last month where only what is made of all months is stale."""
    freshness = ledger.now()
    monthly = [recipe.asset for recipe in ledger.recipes if recipe.monthly]
    whole = [recipe.asset for recipe in ledger.recipes if not recipe.monthly]
    stale = {m for months in stale_months(freshness, monthly).values() for m in months}
    if not stale and any(map(freshness.is_stale, whole)):
        stale = set(freshness.months[-1:])
    return sorted(stale)


def _events(result: dg.ExecuteInProcessResult, kind: dg.DagsterEventType) -> list[dg.DagsterEvent]:
    return [event for event in result.all_events if event.event_type == kind]
