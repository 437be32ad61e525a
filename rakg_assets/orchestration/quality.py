"""Great Expectations turned into asset checks: one check an expectation.

A check is a promise to the next stage. Promises on truth block it when broken (ERROR, blocking);
promises on volume only warn. Metadata holds numbers alone: an unexpected value may be text of a
record. Does not belong here: what is promised (the stages' `checks.py`).
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import dagster as dg
import pandas as pd

from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.partitions import month_list
from rakg_assets.orchestration.resources import Settings
from rakg_assets.orchestration.storage import read_table


@dataclass(frozen=True)
class Inspection:
    """What a check may look at: the tables, in the months that the run covers."""

    settings: Settings
    months: Sequence[str] | None

    def table(self, name: str) -> pd.DataFrame:
        """A table; a monthly one in the run's months (all months if the run has none)."""
        months = self.months if TABLES[name].monthly else None
        return read_table(self.settings.place.tables, TABLES[name], months)


View = Callable[[Inspection], pd.DataFrame]


@dataclass(frozen=True)
class Promise:
    """One expectation on a view of the tables.

    `expectation` is the name of a Great Expectations class, `arguments` its keywords. The view
    is the asset's own table unless another is given.
    """

    name: str
    meaning: str
    expectation: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    truth: bool = True
    view: View | None = None


def every_row(name: str, meaning: str, column: str, view: View) -> Promise:
    """A promise on truth: the view's column is true in every row."""
    arguments = {"column": column, "value_set": [True]}
    return Promise(name, meaning, "ExpectColumnValuesToBeInSet", arguments, view=view)


def always_zero(name: str, meaning: str, column: str, view: View, truth: bool = True) -> Promise:
    """A promise that the view's column is 0 in every row."""
    arguments = {"column": column, "min_value": 0, "max_value": 0}
    return Promise(name, meaning, "ExpectColumnValuesToBeBetween", arguments, truth, view)


def checks_of(asset: str, promises: Sequence[Promise]) -> dg.AssetChecksDefinition:
    """The asset checks of one asset, evaluated in one step (the library loads once)."""
    specs = [
        dg.AssetCheckSpec(
            promise.name,
            asset=asset,
            description=promise.meaning,
            blocking=promise.truth,
            metadata={"expectation": promise.expectation},
        )
        for promise in promises
    ]

    # A check has no partitions of its own: a run for a range of months would leave the result of
    # each month open. It looks at the months that the run covers, which the tags tell.
    @dg.multi_asset_check(name=f"{asset}_checks", specs=specs, can_subset=True)
    def evaluate(
        context: dg.AssetCheckExecutionContext, settings: Settings
    ) -> Iterator[dg.AssetCheckResult]:
        wanted = {key.name for key in context.selected_asset_check_keys}
        inspection = Inspection(settings, month_list(context.run.tags))
        frames: dict[View | None, pd.DataFrame] = {}  # promises share views
        for promise in (p for p in promises if p.name in wanted):
            if promise.view not in frames:
                frames[promise.view] = (
                    promise.view(inspection) if promise.view else inspection.table(asset)
                )
            yield _evaluate(asset, promise, frames[promise.view])

    return evaluate


def _evaluate(asset: str, promise: Promise, frame: pd.DataFrame) -> dg.AssetCheckResult:
    passed, observed = validate(frame, promise.expectation, promise.arguments)
    severity = dg.AssetCheckSeverity.ERROR if promise.truth else dg.AssetCheckSeverity.WARN
    metadata = {"severity": severity.value, "rows": len(frame), **observed}
    return dg.AssetCheckResult(
        passed=passed,
        asset_key=asset,
        check_name=promise.name,
        severity=severity,
        metadata=metadata,
    )


def validate(
    frame: pd.DataFrame, expectation: str, arguments: Mapping[str, Any]
) -> tuple[bool, dict[str, float]]:
    """Evaluate one expectation on a frame; returns whether it holds and the numbers observed.

    An empty frame keeps every promise about its rows; only table-wide expectations (`ExpectTable…`)
    and aggregates are evaluated on it. Raises RuntimeError if the expectation itself fails.
    """
    if frame.empty and not expectation.startswith("ExpectTable"):
        return True, {}
    import great_expectations as gx  # 3 s of CPU: only where a check runs

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_or_update_pandas("frames")
    definition = source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("all")
    batch = definition.get_batch(batch_parameters={"dataframe": frame})
    result = batch.validate(getattr(gx.expectations, expectation)(**arguments))
    if _raised(result.exception_info):
        raise RuntimeError(f"{expectation} could not be evaluated; is its column in the view?")
    return bool(result.success), _numbers(result.result)


def _raised(info: Mapping[str, Any]) -> bool:
    """Whether an exception was raised; the report is flat or has one entry a metric."""
    entries = [info, *(entry for entry in info.values() if isinstance(entry, Mapping))]
    return any(entry.get("raised_exception") for entry in entries)


def _numbers(result: Mapping[str, Any]) -> dict[str, float]:
    """The numeric entries of a result: counts, shares, the observed value."""
    return {
        key: float(value)
        for key, value in result.items()
        if isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    }
