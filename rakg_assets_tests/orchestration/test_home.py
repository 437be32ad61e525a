from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
import yaml

from rakg_assets.orchestration.home import Home

VARIABLES = ("TMPDIR", "MPLCONFIGDIR", "HF_HOME", "XDG_CACHE_HOME")


def test_libraries_write_inside_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, "GX_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setattr(tempfile, "tempdir", None)
    home = Home(tmp_path / "home")
    home.activate()
    assert all(home.root in Path(os.environ[name]).parents for name in VARIABLES)
    assert home.root in Path(tempfile.gettempdir()).parents
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


def test_an_instance_calls_nobody_and_keeps_its_own_configuration(tmp_path: Path) -> None:
    home = Home(tmp_path)
    config = home.prepare_dagster() / "dagster.yaml"
    assert yaml.safe_load(config.read_text("utf-8"))["telemetry"] == {"enabled": False}
    config.write_text("# mine\n", encoding="utf-8")
    home.prepare_dagster()
    assert config.read_text("utf-8") == "# mine\n"


def test_everything_lies_in_the_home() -> None:
    home = Home(Path("/h"))
    names = [n for n, v in vars(Home).items() if isinstance(v, property)]
    places = [getattr(home, name) for name in names]
    assert all(home.root in place.parents for place in places)
    assert len(set(places)) == len(places)
