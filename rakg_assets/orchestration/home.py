"""The folder that holds everything a run writes.

Belongs here: which path is for what, and keeping libraries from writing elsewhere. Does not
belong here: how a table is stored (`storage.py`).
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

# No telemetry and no sign-up window: a hospital's machine does not call home. Pools have one slot,
# which a run that was killed gives back. The file at the root of the checkout says the same for
# plain `dagster dev`.
DAGSTER_YAML = """\
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    granularity: op
    default_limit: 1
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 30
"""


@dataclass(frozen=True)
class Home:
    """The home folder; see `contracts` in the README for what lies where."""

    root: Path

    @property
    def tables(self) -> Path:
        """Parquet tables, one folder a table, one file a month."""
        return self.root / "tables"

    @property
    def models(self) -> Path:
        """Trained models, one folder a version."""
        return self.root / "models"

    @property
    def graph(self) -> Path:
        """The embedded graph."""
        return self.root / "graph"

    @property
    def exports(self) -> Path:
        """Files to load into other graph stores."""
        return self.root / "exports"

    @property
    def reports(self) -> Path:
        """Pages and charts to look at."""
        return self.root / "reports"

    @property
    def benchmarks(self) -> Path:
        """Results of the benchmarks, a file a cell."""
        return self.reports / "benchmarks"

    @property
    def dagster(self) -> Path:
        """Runs, events and logs of Dagster."""
        return self.root / "dagster"

    @property
    def quarantine(self) -> Path:
        """Copies of refused material, the one place where identifying text may stand."""
        return self.root / "quarantine"

    @property
    def cache(self) -> Path:
        """De-identified parses, predictions by text hash, libraries' own caches."""
        return self.root / "cache"

    @property
    def stamps(self) -> Path:
        """What the outputs that are no tables were made from."""
        return self.root / "stamps"

    @property
    def sample_inbox(self) -> Path:
        """Where the sample inbox is written while none is configured."""
        return self.root / "sample" / "inbox"

    def activate(self) -> None:
        """Make the folder and point every library that writes caches or temp files into it."""
        temporary = self.cache / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        os.environ.update(
            TMPDIR=str(temporary),
            MPLCONFIGDIR=str(self.cache / "matplotlib"),
            HF_HOME=str(self.cache / "huggingface"),
            XDG_CACHE_HOME=str(self.cache),
            GX_ANALYTICS_ENABLED="false",
        )
        tempfile.tempdir = None  # forget a folder chosen before TMPDIR was set

    def prepare_dagster(self) -> Path:
        """Make the folder of Dagster's instance, with its configuration unless there is one."""
        self.dagster.mkdir(parents=True, exist_ok=True)
        config = self.dagster / "dagster.yaml"
        if not config.exists():
            config.write_text(DAGSTER_YAML, encoding="utf-8")
        return self.dagster
