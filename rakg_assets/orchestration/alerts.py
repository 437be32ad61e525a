"""Failed checks, crashed checks and failed runs, posted to a webhook.

Every run that ended is read once: a failed check that does not block leaves its run a success,
and a check that raises leaves no evaluation, so neither run states nor the latest state of a
check tell all. Messages name assets, checks and runs, never text of a record or of an error.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import dagster as dg
from dagster import DagsterEventType as Event

from rakg_assets.orchestration.partitions import months_of
from rakg_assets.orchestration.resources import Settings

_ENDS = (Event.RUN_SUCCESS, Event.RUN_FAILURE, Event.RUN_CANCELED)
_TOLD = {
    Event.ASSET_CHECK_EVALUATION_PLANNED,
    Event.ASSET_CHECK_EVALUATION,
    Event.STEP_START,
    Event.STEP_SUCCESS,
    Event.STEP_FAILURE,
}
_TIMEOUT = 10  # seconds to wait for the webhook
_RUNS_A_TICK = 100
_FIRST_LOOK_BACK = 24 * 3600  # seconds; a sensor that is switched on does not dig up old runs


@dataclass(frozen=True)
class Alert:
    """One message: check_failed, check_crashed or run_failed, of severity ERROR or WARN."""

    kind: str
    severity: str
    run: str
    job: str
    months: str = ""
    asset: str = ""
    check: str = ""
    steps: list[str] = field(default_factory=list)

    def message(self) -> dict[str, Any]:
        """The body to post; `text` is what chat webhooks show."""
        what = f"check {self.check} of {self.asset}" if self.check else f"run of {self.job}"
        state = "crashed" if self.kind == "check_crashed" else "failed"
        steps = f" in {', '.join(self.steps)}" if self.steps else ""
        months = f", {self.months}" if self.months else ""
        text = f"{self.severity}: {what} {state}{steps} (run {self.run[:8]}{months})"
        return {"text": text, **asdict(self)}


@dataclass
class Cursor:
    """Storage id of the last run dealt with, by kind of end, and what a broken-off tick posted."""

    after: dict[str, int] = field(default_factory=dict)
    posted: dict[str, int] = field(default_factory=dict)  # run id -> how many of its alerts


def build_alert_sensor(seconds: int = 60) -> dg.SensorDefinition:
    """The sensor that posts to `settings.alert_webhook`; it skips while none is configured."""

    @dg.sensor(
        name="alert_sensor",
        minimum_interval_seconds=seconds,
        description="Posts failed and crashed checks and failed runs to RAKG_ALERT_WEBHOOK.",
    )
    def alert_sensor(context: dg.SensorEvaluationContext, settings: Settings) -> dg.SkipReason:
        if not settings.alert_webhook:
            return dg.SkipReason("RAKG_ALERT_WEBHOOK is not set.")
        cursor = Cursor(**json.loads(context.cursor)) if context.cursor else Cursor()
        said = post_alerts(context.instance, settings.alert_webhook, cursor)
        context.update_cursor(json.dumps(asdict(cursor), sort_keys=True))
        return dg.SkipReason(said)

    return alert_sensor


def post_alerts(instance: dg.DagsterInstance, webhook: str, cursor: Cursor) -> str:
    """Post the alerts of the runs after the cursor and move it; returns what was done.

    The cursor moves with every alert taken, so that a webhook that fails in between neither loses
    nor repeats any: the rest follows at the next tick.
    """
    import requests  # 0.2 s: only where there is a webhook

    total = 0
    for end, storage_id, run in _ended(instance, cursor):
        for number, alert in enumerate(alerts_of(instance, run)):
            if number < cursor.posted.get(run.run_id, 0):
                continue
            try:
                answer = requests.post(webhook, json=alert.message(), timeout=_TIMEOUT)
                answer.raise_for_status()
            except requests.RequestException as error:
                reason = type(error).__name__  # its text may show a secret of the address
                return f"{total} alerts posted; {reason}: the rest follows at the next tick."
            cursor.posted[run.run_id], total = number + 1, total + 1
        cursor.after[end] = storage_id
        cursor.posted.pop(run.run_id, None)
    return f"{total} alerts posted."


def _ended(
    instance: dg.DagsterInstance, cursor: Cursor
) -> Iterator[tuple[str, int, dg.DagsterRun]]:
    """Kind of end, storage id and run of the runs that ended after the cursor."""
    since = time.time() - _FIRST_LOOK_BACK
    for end in _ENDS:
        seen = cursor.after.get(end.value)
        records = instance.fetch_run_status_changes(
            dg.RunStatusChangeRecordsFilter(
                end, after_storage_id=seen, after_timestamp=None if seen else since
            ),
            limit=_RUNS_A_TICK,
            ascending=True,
        ).records
        for record in records:
            if run := instance.get_run_by_id(record.event_log_entry.run_id):
                yield end.value, record.storage_id, run


def alerts_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[Alert]:
    """What is to be said of a run that ended; always in the same order."""
    entries = instance.all_logs(run.run_id, of_type=_TOLD)
    log = [entry.dagster_event for entry in entries if entry.dagster_event]
    broken = _broken_steps(log)
    frame = {"run": run.run_id, "job": run.job_name, "months": months_of(run.tags)}
    alerts, evaluated = [], set()
    for event in log:
        if event.event_type is Event.ASSET_CHECK_EVALUATION:
            result = event.asset_check_evaluation_data
            asset, check = result.asset_key.to_user_string(), result.check_name
            evaluated.add((asset, check))
            if not result.passed:
                severity = result.severity.value
                alerts.append(Alert("check_failed", severity, asset=asset, check=check, **frame))
    for event in log:
        if event.event_type is Event.ASSET_CHECK_EVALUATION_PLANNED and event.step_key in broken:
            plan = event.event_specific_data
            asset, check = plan.asset_key.to_user_string(), plan.check_name
            if (asset, check) not in evaluated:
                alerts.append(Alert("check_crashed", "ERROR", asset=asset, check=check, **frame))
    if run.status is dg.DagsterRunStatus.FAILURE:
        alerts.append(Alert("run_failed", "ERROR", steps=sorted(broken), **frame))
    return alerts


def _broken_steps(log: list[dg.DagsterEvent]) -> set[str]:
    """Steps that failed, or that were under way when the process of the run was killed."""
    steps: dict[Event, set[str]] = {}
    for event in log:
        if event.step_key and event.event_type:
            steps.setdefault(event.event_type, set()).add(event.step_key)
    begun, done = steps.get(Event.STEP_START, set()), steps.get(Event.STEP_SUCCESS, set())
    return begun - done | steps.get(Event.STEP_FAILURE, set())
