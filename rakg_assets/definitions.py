"""The code location: everything Dagster loads, put together from the stages.

`build_defs(**overrides)` changes configuration by keyword (see `Settings`); `defs` is what
`dagster dev` loads. Nothing heavy is imported here: the UI must load in seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dagster as dg

from rakg_assets.admissions import assets as admissions
from rakg_assets.admissions import checks as admissions_checks
from rakg_assets.corpus import assets as corpus
from rakg_assets.corpus import checks as corpus_checks
from rakg_assets.extraction import assets as extraction
from rakg_assets.extraction import checks as extraction_checks
from rakg_assets.extraction.resources import missing_models
from rakg_assets.fusion import assets as fusion
from rakg_assets.fusion import checks as fusion_checks
from rakg_assets.graph import assets as graph
from rakg_assets.graph import checks as graph_checks
from rakg_assets.graph.resources import Neo4jResource
from rakg_assets.orchestration.alerts import build_alert_sensor
from rakg_assets.orchestration.automation import (
    INGEST,
    ON_DEMAND,
    build_inbox_sensor,
    build_jobs,
    build_schedules,
)
from rakg_assets.orchestration.freshness import Ledger
from rakg_assets.orchestration.io_managers import TableIOManager
from rakg_assets.orchestration.launch import Launcher, months_to_launch
from rakg_assets.orchestration.resources import Settings
from rakg_assets.sample.inbox import write_sample_inbox

_STAGES = (admissions, corpus, extraction, fusion, graph)
_CHECKS = (admissions_checks, corpus_checks, extraction_checks, fusion_checks, graph_checks)


def ledger_of(settings: Settings) -> Ledger:
    """The recipes of all stages for one configuration."""
    return Ledger(settings, [recipe for stage in _STAGES for recipe in stage.RECIPES])


def build_defs(**overrides: Any) -> dg.Definitions:
    """All assets, checks, jobs, the schedule and the sensors.

    Configuration comes from RAKG_… environment variables and `overrides`, fields of `Settings`.
    """
    chosen = Settings.from_environment(**overrides)
    ledger = ledger_of(chosen)
    jobs = build_jobs()
    return dg.Definitions(
        assets=[a for stage in _STAGES for a in dg.load_assets_from_modules([stage])],
        asset_checks=[check for stage in _CHECKS for check in stage.CHECKS],
        jobs=jobs,
        schedules=build_schedules(lambda settings: months_to_launch(ledger_of(settings))),
        sensors=[
            build_inbox_sensor(
                jobs,
                admissions.inbox_fingerprint,
                admissions.month_hashes,
                chosen.sensor_seconds,
            ),
            build_alert_sensor(chosen.sensor_seconds),
        ],
        resources={
            "settings": chosen,
            "ledger": ledger,
            "tables": TableIOManager(ledger),
            "sample_inbox": write_sample_inbox,
            "neo4j": Neo4jResource.of(chosen),
        },
        # Starting a process a step costs 2 s; stages share loaded models within a run.
        executor=dg.in_process_executor,
    )


def build_launcher(say: Callable[[str], None], **overrides: Any) -> Launcher:
    """What `rakg run` drives: the same definitions, run in this process."""
    settings = Settings.from_environment(**overrides)
    return Launcher(
        build_defs(**overrides),
        ledger_of(settings),
        always=INGEST,
        on_demand=ON_DEMAND,
        missing_models=missing_models,
        say=say,
    )


defs = build_defs()
