from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from rakg_assets.definitions import build_defs
from rakg_assets.orchestration.automation import (
    ON_DEMAND,
    build_inbox_sensor,
    build_jobs,
    build_schedules,
    touched_months,
)
from rakg_assets.orchestration.partitions import months_of
from rakg_assets.orchestration.resources import Settings


class Inbox:
    """What the sensor sees of an inbox."""

    def __init__(self) -> None:
        self.listing, self.months = "empty", {}

    def tick(self, cursor: str | None) -> dg.SensorResult:
        sensor = build_inbox_sensor(
            build_jobs(), lambda settings: self.listing, lambda settings: self.months
        )
        context = dg.build_sensor_context(cursor=cursor, resources={"settings": Settings()})
        return sensor(context)


def launched(result: dg.SensorResult) -> list[tuple[str, str | None]]:
    requests = result.run_requests or []
    return [(request.job_name, months_of(request.tags) or None) for request in requests]


def test_a_changed_inbox_is_read_and_then_its_months_are_launched() -> None:
    inbox = Inbox()
    first = inbox.tick(None)
    assert launched(first) == [("ingest", None)]

    inbox.months = {"2018-04": "a", "2018-05": "b", "2018-09": "c"}
    second = inbox.tick(first.cursor)
    assert launched(second) == [("pipeline", "2018-04–2018-05"), ("pipeline", "2018-09")]

    third = inbox.tick(second.cursor)
    assert launched(third) == []
    assert third.skip_reason is not None


def test_a_correction_and_a_deletion_launch_their_months_alone() -> None:
    inbox = Inbox()
    inbox.months = {"2018-04": "a", "2018-05": "b", "2018-06": "c"}
    cursor = inbox.tick(None).cursor
    inbox.months = {"2018-04": "corrected", "2018-05": "b"}
    result = inbox.tick(cursor)
    assert launched(result) == [("pipeline", "2018-04"), ("pipeline", "2018-06")]


def test_the_same_content_has_the_same_run_key() -> None:
    inbox = Inbox()
    inbox.months = {"2018-04": "a"}
    keys = [[r.run_key for r in inbox.tick(None).run_requests or []] for _ in range(2)]
    assert keys[0] == keys[1]


def test_the_cursor_holds_hashes_only() -> None:
    inbox = Inbox()
    inbox.months = {"2018-04": "0f"}
    assert json.loads(inbox.tick(None).cursor or "") == {
        "inbox": "empty",
        "months": {"2018-04": "0f"},
    }


@pytest.mark.parametrize(
    ("seen", "now", "touched"),
    [
        ({}, {"2018-04": "a"}, ["2018-04"]),
        ({"2018-04": "a"}, {}, ["2018-04"]),
        ({"2018-04": "a"}, {"2018-04": "b"}, ["2018-04"]),
        ({"2018-04": "a"}, {"2018-04": "a"}, []),
    ],
)
def test_months_are_touched_by_what_differs(seen: dict, now: dict, touched: list[str]) -> None:
    assert touched_months(seen, now) == touched


def test_pipeline_leaves_the_trainings_out() -> None:
    job = build_defs().resolve_job_def("pipeline")
    names = {key.path[-1] for key in job.asset_layer.selected_asset_keys}
    assert not names & set(ON_DEMAND)
    assert {"inbox_manifest", "triples", "knowledge_graph"} <= names


def catch_up(stale: list[str], instance: dg.DagsterInstance) -> list[str] | str:
    """The months that the nightly catch-up launches, or why it launches none."""
    schedule = {s.name: s for s in build_schedules(lambda settings: stale)}["nightly_catch_up"]
    with dg.build_schedule_context(
        instance=instance,
        scheduled_execution_time=datetime(2026, 3, 1, 3, tzinfo=ZoneInfo("Asia/Shanghai")),
        resources={"settings": Settings(home=instance.root_directory)},
    ) as context:
        answer = schedule(context)
    if isinstance(answer, dg.SkipReason):
        return answer.skip_message
    return [f"{request.run_key} {months_of(request.tags)}" for request in answer]


def test_what_is_not_up_to_date_at_night_is_launched_again() -> None:
    with dg.instance_for_test() as instance:
        assert catch_up([], instance) == "Everything is up to date."
        assert catch_up(["2018-04", "2018-05", "2018-09", "1999-01"], instance) == [
            "night-2026-03-01-2018-04 2018-04–2018-05",
            "night-2026-03-01-2018-09 2018-09",
        ]


def test_the_catch_up_waits_for_a_pipeline_under_way() -> None:
    with dg.instance_for_test() as instance:
        job = dg.GraphDefinition("pipeline").to_job()
        instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
        assert catch_up(["2018-04"], instance) == "A run of `pipeline` is under way."


def test_the_schedule_reads_the_inbox_at_night_in_shanghai() -> None:
    schedule = build_defs().resolve_schedule_def("nightly")
    assert (schedule.job_name, schedule.execution_timezone) == ("ingest", "Asia/Shanghai")
