"""Jobs, the nightly schedules and the inbox sensor.

Two steps, because the months touched are known only once the inbox has been read: `ingest`
refreshes the manifest, then the sensor launches `pipeline` for the months whose content differs
from its cursor. The cursor moves on although a run may fail: what is still stale at night is
launched again. Does not belong here: alerts (`alerts.py`).
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from rakg_assets.orchestration.partitions import MONTHS, contiguous, range_tags
from rakg_assets.orchestration.resources import Settings

# Asked for by a person: they cost hours or need a GPU.
ON_DEMAND = (
    "domain_encoder",
    "ner_model",
    "relation_model",
    "ner_benchmark",
    "relation_benchmark",
    "ner_learning_curve",
    "relation_learning_curve",
)
STAGES = ("admissions", "corpus", "extraction", "fusion", "graph")
INGEST = ("inbox_manifest", "quarantined_files")
TIMEZONE = "Asia/Shanghai"
UNFINISHED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]

MonthHashes = Callable[[Settings], Mapping[str, str]]
Fingerprint = Callable[[Settings], str]
StaleMonths = Callable[[Settings], Sequence[str]]


def build_jobs() -> list[Any]:
    """`pipeline` (all but the trainings), `ingest`, and one job a stage, trainings left out."""
    trainings = dg.AssetSelection.assets(*ON_DEMAND)
    pipeline = dg.define_asset_job(
        "pipeline",
        dg.AssetSelection.all() - trainings,
        description="From the inbox to the graph, without the trainings.",
    )
    ingest = dg.define_asset_job(
        "ingest",
        dg.AssetSelection.assets(*INGEST),
        description="Read the inbox: what is new, changed, gone or refused.",
    )
    stages = [
        dg.define_asset_job(
            stage,
            dg.AssetSelection.groups(stage) - trainings,
            description=f"All assets of the stage {stage}, without the trainings.",
        )
        for stage in STAGES
    ]
    return [pipeline, ingest, *stages]


def build_schedules(stale: StaleMonths) -> list[dg.ScheduleDefinition]:
    """At 02:00 in Shanghai read the inbox; at 03:00 launch what is not up to date by then.

    `stale(settings)` are the months to launch: after a failed run, a new model or new words.
    """
    read = dg.ScheduleDefinition(
        name="nightly",
        job_name="ingest",
        cron_schedule="0 2 * * *",
        execution_timezone=TIMEZONE,
        description="Reads the inbox every night; the sensor launches the months touched.",
    )

    @dg.schedule(
        name="nightly_catch_up",
        job_name="pipeline",
        cron_schedule="0 3 * * *",
        execution_timezone=TIMEZONE,
        description="Launches the months that are not up to date: what failed is tried again.",
    )
    def catch_up(
        context: dg.ScheduleEvaluationContext, settings: Settings
    ) -> list[dg.RunRequest] | dg.SkipReason:
        if _under_way(context.instance):
            return dg.SkipReason("A run of `pipeline` is under way.")
        night = context.scheduled_execution_time.strftime("%Y-%m-%d")
        spans = contiguous([month for month in stale(settings) if month in _partitions()])
        requests = [
            dg.RunRequest(run_key=f"night-{night}-{first}", tags=range_tags(first, last))
            for first, last in spans
        ]
        return requests or dg.SkipReason("Everything is up to date.")

    return [read, catch_up]


def _under_way(instance: dg.DagsterInstance) -> bool:
    """Whether `pipeline` waits or runs: its months are stale until it has made them."""
    return instance.get_runs_count(dg.RunsFilter(job_name="pipeline", statuses=UNFINISHED)) > 0


def build_inbox_sensor(
    jobs: Sequence[Any], fingerprint: Fingerprint, months: MonthHashes, seconds: int = 60
) -> dg.SensorDefinition:
    """Launch `ingest` when the inbox changes and `pipeline` for the months whose content changed.

    `fingerprint(settings)` hashes the listing of the inbox; `months(settings)` gives the content
    hash of each month in the stored manifest. Both stand in the cursor, so nothing runs twice.
    """

    @dg.sensor(
        name="inbox_sensor",
        minimum_interval_seconds=seconds,
        jobs=jobs,
        description="New, changed or deleted records launch exactly the months they touch.",
    )
    def inbox_sensor(context: dg.SensorEvaluationContext, settings: Settings) -> dg.SensorResult:
        seen = json.loads(context.cursor or '{"inbox": "", "months": {}}')
        now = {"inbox": fingerprint(settings), "months": dict(months(settings))}
        requests = list(_requests(seen, now))
        if not requests:
            return dg.SensorResult(skip_reason="The inbox and its months are as they were.")
        return dg.SensorResult(run_requests=requests, cursor=json.dumps(now, sort_keys=True))

    return inbox_sensor


def _requests(seen: Mapping, now: Mapping) -> Iterator[dg.RunRequest]:
    if now["inbox"] != seen["inbox"]:
        yield dg.RunRequest(job_name="ingest", run_key=f"inbox-{now['inbox']}")
    touched = [m for m in touched_months(seen["months"], now["months"]) if m in _partitions()]
    for first, last in contiguous(touched):
        contents = {m: now["months"].get(m, "") for m in touched if first <= m <= last}
        key = hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()[:16]
        yield dg.RunRequest(
            job_name="pipeline",
            run_key=f"months-{first}-{last}-{key}",
            tags=range_tags(first, last),
        )


def touched_months(seen: Mapping[str, str], now: Mapping[str, str]) -> Sequence[str]:
    """Months that are new, have other content, or are gone."""
    return sorted(m for m in seen.keys() | now.keys() if seen.get(m) != now.get(m))


def _partitions() -> set[str]:
    return set(MONTHS.get_partition_keys())
