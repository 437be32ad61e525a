"""Assets of stage 1: what lies in the inbox, what was refused, the records themselves.

Readers are imported where they are used: definitions load without them.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import pandas as pd

if TYPE_CHECKING:
    from rakg_assets.admissions.manifest import InboxSettings

from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.declare import table_asset
from rakg_assets.orchestration.freshness import Recipe
from rakg_assets.orchestration.progress import progress_bar
from rakg_assets.orchestration.resources import Settings
from rakg_assets.orchestration.storage import table_path

GROUP = "admissions"
# Writes the sample inbox into a folder: what is read while none is configured.
SampleInbox = dg.ResourceParam[Callable[[Path], Path]]


def inbox_settings(settings: Settings) -> "InboxSettings":
    """The part of the configuration that decides how records are read."""
    from rakg_assets.admissions import manifest

    mapping = manifest.load_mapping(settings.mapping) if settings.mapping else None
    return manifest.InboxSettings(
        first_month=settings.first_month,
        default_month=settings.default_month or None,
        max_file_bytes=settings.max_file_bytes,
        mapping=mapping,
    )


def parse_cache(settings: Settings) -> Path:
    """Where de-identified parses are kept."""
    return settings.place.cache / "parsed"


@dg.asset(**table_asset("inbox_manifest", GROUP, kinds={"pandas", "file"}))
def inbox_manifest(settings: Settings, sample_inbox: SampleInbox) -> pd.DataFrame:
    from rakg_assets.admissions import manifest

    return manifest.build_manifest(
        settings.inbox or str(sample_inbox(settings.place.sample_inbox)),
        inbox_settings(settings),
        parse_cache(settings),
        settings.place.quarantine,
        progress_bar("inbox", "file"),
    )


@dg.asset(**table_asset("quarantined_files", GROUP))
def quarantined_files(settings: Settings, inbox_manifest: pd.DataFrame) -> pd.DataFrame:
    from rakg_assets.admissions import manifest

    return manifest.quarantined_files(inbox_manifest, settings.place.quarantine)


@dg.asset(**table_asset("raw_records", GROUP))
def raw_records(
    context: dg.AssetExecutionContext, settings: Settings, inbox_manifest: pd.DataFrame
) -> pd.DataFrame:
    from rakg_assets.admissions import manifest

    return manifest.raw_records(inbox_manifest, context.partition_keys, parse_cache(settings))


def month_hashes(settings: Settings) -> Mapping[str, str]:
    """Content hash of each month's accepted records, by the stored manifest."""
    path = table_path(settings.place.tables, TABLES["inbox_manifest"])
    return _month_hashes(path, path.stat().st_mtime_ns) if path.exists() else {}


@lru_cache(maxsize=4)
def _month_hashes(path: Path, changed: int) -> Mapping[str, str]:
    """`changed` only keys the cache: every month asks for the same manifest."""
    from rakg_assets.admissions import manifest

    return manifest.month_hashes(pd.read_parquet(path))


def inbox_fingerprint(settings: Settings) -> str:
    """Hash of the inbox's listing, for the sensor's cursor; empty while no inbox is configured."""
    from rakg_assets.admissions import sources

    return sources.fingerprint(settings.inbox, [settings.place.root]) if settings.inbox else ""


RECIPES = [
    Recipe("inbox_manifest"),
    Recipe("quarantined_files", ("inbox_manifest",)),
    Recipe(
        "raw_records",
        extras=lambda settings, month: month_hashes(settings).get(month or "", ""),
        months=month_hashes,
    ),
]
