"""The alert sensor on real runs of a small location, with a webhook on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import dagster as dg
import pytest

from rakg_assets.orchestration.alerts import Cursor, build_alert_sensor, post_alerts
from rakg_assets.orchestration.partitions import range_tags
from rakg_assets.orchestration.resources import Settings
from rakg_assets_tests.orchestration.webhook import Webhook

SECRET = "张三反复关节痛"


@dg.asset
def words() -> None: ...


@dg.asset
def broken() -> None:
    raise ValueError(SECRET)


class Verdict:
    """What the check of `words` says next."""

    passed, severity, raises = True, dg.AssetCheckSeverity.ERROR, False


@dg.asset_check(asset="words")
def is_true() -> dg.AssetCheckResult:
    if Verdict.raises:
        raise ValueError(SECRET)
    metadata = {"seen": SECRET}
    return dg.AssetCheckResult(
        passed=Verdict.passed, severity=Verdict.severity, description=SECRET, metadata=metadata
    )


DEFS = dg.Definitions(assets=[words, broken], asset_checks=[is_true])
Run = Callable[..., str]


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as instance:  # SQLite, as the daemon has it
        yield instance


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as hook:
        yield hook


@pytest.fixture
def run(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run an asset with what its check is to say; returns the run's id."""

    def execute(asset: str = "words", tags: dict | None = None, **verdict: object) -> str:
        for name, value in {"passed": True, "raises": False, **verdict}.items():
            monkeypatch.setattr(Verdict, name, value)
        job = DEFS.resolve_implicit_global_asset_job_def()
        keys = [dg.AssetKey(asset)]
        result = job.execute_in_process(
            asset_selection=keys, instance=instance, raise_on_error=False, tags=tags or {}
        )
        return result.run_id

    return execute


def test_a_failed_check_of_a_successful_run_is_told_once(
    instance: dg.DagsterInstance, webhook: Webhook, run: Run
) -> None:
    run_id, cursor = run(passed=False, tags=range_tags("2018-04", "2018-05")), Cursor()
    assert post_alerts(instance, webhook.url, cursor) == "1 alerts posted."
    [alert] = webhook.taken
    assert alert | {"text": ""} == {
        "text": "",
        "kind": "check_failed",
        "severity": "ERROR",
        "run": run_id,
        "job": "__ASSET_JOB",
        "months": "2018-04–2018-05",
        "asset": "words",
        "check": "is_true",
        "steps": [],
    }
    assert alert["text"].startswith("ERROR: check is_true of words failed (run ")
    assert post_alerts(instance, webhook.url, cursor) == "0 alerts posted."
    assert len(webhook.taken) == 1


def test_a_failure_is_told_although_the_next_run_passed(
    instance: dg.DagsterInstance, webhook: Webhook, run: Run
) -> None:
    failed = run(passed=False)
    run()
    post_alerts(instance, webhook.url, Cursor())
    assert [alert["run"] for alert in webhook.taken] == [failed]


def test_a_warning_says_that_it_is_one(
    instance: dg.DagsterInstance, webhook: Webhook, run: Run
) -> None:
    run(passed=False, severity=dg.AssetCheckSeverity.WARN)
    post_alerts(instance, webhook.url, Cursor())
    assert webhook.taken[0]["severity"] == "WARN"
    assert webhook.taken[0]["text"].startswith("WARN: ")


def test_a_check_that_raises_and_its_run_are_told(
    instance: dg.DagsterInstance, webhook: Webhook, run: Run
) -> None:
    run(raises=True)
    post_alerts(instance, webhook.url, Cursor())
    assert [alert["kind"] for alert in webhook.taken] == ["check_crashed", "run_failed"]
    assert webhook.taken[0]["check"] == "is_true"


def test_a_failed_run_names_its_steps(
    instance: dg.DagsterInstance, webhook: Webhook, run: Run
) -> None:
    run("broken")
    post_alerts(instance, webhook.url, Cursor())
    [alert] = webhook.taken
    assert (alert["kind"], alert["steps"]) == ("run_failed", ["broken"])


def test_a_webhook_that_is_down_loses_and_repeats_nothing(
    instance: dg.DagsterInstance, webhook: Webhook, run: Run
) -> None:
    run(raises=True)
    run("broken")
    cursor, webhook.room = Cursor(), 1
    said = post_alerts(instance, webhook.url, cursor)
    assert said == "1 alerts posted; HTTPError: the rest follows at the next tick."
    run(passed=False)  # ends well: comes from another query than the run that is half told

    webhook.room = 100
    assert post_alerts(instance, webhook.url, cursor) == "3 alerts posted."
    kinds = sorted(alert["kind"] for alert in webhook.taken)
    assert kinds == ["check_crashed", "check_failed", "run_failed", "run_failed"]


def test_no_message_holds_text_of_a_record_or_an_error(
    instance: dg.DagsterInstance, webhook: Webhook, run: Run
) -> None:
    for values in ({"passed": False}, {"raises": True}, {"asset": "broken"}):
        run(**values)
    post_alerts(instance, webhook.url, Cursor())
    assert len(webhook.taken) == 4
    assert SECRET not in json.dumps(webhook.taken, ensure_ascii=False)


def tick(instance: dg.DagsterInstance, webhook: str, cursor: str | None = None) -> tuple[str, str]:
    """What the sensor says and its cursor after it."""
    settings = Settings(home=instance.root_directory, alert_webhook=webhook)
    with dg.build_sensor_context(
        instance=instance, resources={"settings": settings}, cursor=cursor
    ) as context:
        return build_alert_sensor()(context).skip_message, context.cursor


def test_the_sensor_keeps_its_place_in_the_cursor(
    instance: dg.DagsterInstance, webhook: Webhook, run: Run
) -> None:
    run("broken")
    said, cursor = tick(instance, webhook.url)
    assert said == "1 alerts posted."
    said, _ = tick(instance, webhook.url, cursor)
    assert said == "0 alerts posted."


def test_without_a_webhook_the_sensor_says_so(instance: dg.DagsterInstance) -> None:
    assert tick(instance, "")[0] == "RAKG_ALERT_WEBHOOK is not set."
