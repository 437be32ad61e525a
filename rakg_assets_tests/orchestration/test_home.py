from __future__ import annotations

import os
from pathlib import Path

import dagster as dg
import pytest

from rakg_assets.orchestration.home import DAGSTER_YAML, Home

ROOT = Path(__file__).resolve().parents[2]


def test_an_instance_has_pools_of_one_slot_and_calls_nobody(tmp_path: Path) -> None:
    folder = Home(tmp_path).prepare_dagster()
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        assert instance.event_log_storage.get_pool_config().default_pool_limit == 1
        assert instance.telemetry_enabled is False
        assert instance.nux_enabled is False
        assert instance.run_monitoring_settings["free_slots_after_run_end_seconds"] > 0


def test_a_configuration_that_someone_wrote_is_kept(tmp_path: Path) -> None:
    written = Home(tmp_path).prepare_dagster() / "dagster.yaml"
    written.write_text("telemetry:\n  enabled: true\n", encoding="utf-8")
    Home(tmp_path).prepare_dagster()
    assert "true" in written.read_text("utf-8")


def test_plain_dagster_dev_at_the_root_has_the_same_settings_and_the_default_home() -> None:
    text = (ROOT / "dagster.yaml").read_text("utf-8")
    assert text.endswith(DAGSTER_YAML)
    assert "base_dir: .rakg/dagster\n" in text


def test_libraries_keep_their_files_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMPDIR", "MPLCONFIGDIR", "HF_HOME", "XDG_CACHE_HOME", "GX_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, "")
    Home(tmp_path).activate()
    assert Path(os.environ["TMPDIR"]).is_dir()
    assert all(
        str(tmp_path) in os.environ[name] for name in ("TMPDIR", "MPLCONFIGDIR", "XDG_CACHE_HOME")
    )
