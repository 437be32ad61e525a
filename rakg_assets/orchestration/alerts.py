"""Failed checks, crashed checks and failed runs, posted to a webhook.

Two sources are joined: a failed check that does not block leaves its run a success, so a
run-failure sensor never hears of it; a check that raises leaves no evaluation, only its
execution. Messages name assets, checks and runs, never text of a record or of an error.
"""

import json
from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster import AssetCheckKey, RunsFilter

from rakg_assets.orchestration.resources import Settings

_TIMEOUT = 10  # seconds to wait for the webhook


def build_alert_sensor() -> dg.SensorDefinition:
    """The sensor that posts to `settings.alert_webhook`; it skips while none is configured."""

    @dg.sensor(
        name="alert_sensor",
        minimum_interval_seconds=60,
        description="Posts failed and crashed checks and failed runs to RAKG_ALERT_WEBHOOK.",
    )
    def alert_sensor(context: dg.SensorEvaluationContext, settings: Settings) -> dg.SkipReason:
        if not settings.alert_webhook:
            return dg.SkipReason("RAKG_ALERT_WEBHOOK is not set.")
        seen = json.loads(context.cursor or "{}")
        checks = _check_alerts(context.instance, _check_keys(context), seen.get("checks", {}))
        runs = _run_alerts(context.instance, set(seen.get("runs", [])))
        import requests  # only where there is something to post

        for alert in [*checks.values(), *runs.values()]:
            # The cursor moves only after all were taken: a webhook that is down loses nothing.
            requests.post(settings.alert_webhook, json=alert, timeout=_TIMEOUT).raise_for_status()
        now = {
            "checks": seen.get("checks", {}) | {key: alert["run"] for key, alert in checks.items()},
            "runs": sorted({*seen.get("runs", []), *runs})[-1000:],
        }
        context.update_cursor(json.dumps(now, sort_keys=True))
        return dg.SkipReason(f"{len(checks) + len(runs)} alerts posted.")

    return alert_sensor


def _check_keys(context: dg.SensorEvaluationContext) -> list[AssetCheckKey]:
    repository = context.repository_def
    return sorted(repository.asset_graph.asset_check_keys) if repository else []


def _check_alerts(
    instance: dg.DagsterInstance, keys: list[AssetCheckKey], seen: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Alerts for checks whose latest execution failed or crashed in a run not yet reported."""
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    alerts = {}
    for key, record in latest.items():
        status, name = record.status.value, key.to_user_string()
        broken = status in ("FAILED", "EXECUTION_FAILED") or _crashed(instance, record)
        if broken and seen.get(name) != record.run_id:
            alerts[name] = {
                "kind": "check_failed" if status == "FAILED" else "check_crashed",
                "asset": key.asset_key.to_user_string(),
                "check": key.name,
                "run": record.run_id,
                "severity": _severity(record),
            }
    return alerts


def _crashed(instance: dg.DagsterInstance, record: Any) -> bool:
    """A check that was planned but whose run ended without an evaluation."""
    if record.status.value != "PLANNED":
        return False
    run = instance.get_run_by_id(record.run_id)
    return run is not None and run.is_finished


def _severity(record: Any) -> str:
    event = record.event.dagster_event if record.event else None
    data = event.event_specific_data if event else None
    severity = getattr(data, "severity", None)
    return severity.value if severity else "ERROR"


def _run_alerts(instance: dg.DagsterInstance, seen: set[str]) -> dict[str, dict[str, Any]]:
    """Alerts for the latest failed runs that were not yet reported."""
    failed = instance.get_runs(RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE]), limit=100)
    return {
        run.run_id: {
            "kind": "run_failed",
            "job": run.job_name,
            "run": run.run_id,
            "steps": sorted(
                s.step_key
                for s in instance.get_run_step_stats(run.run_id, None)
                if s.status and s.status.value == "FAILURE"
            ),
        }
        for run in failed
        if run.run_id not in seen
    }
