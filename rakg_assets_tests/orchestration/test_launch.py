import os
from pathlib import Path

import dagster as dg
import pytest

from rakg_assets.orchestration.freshness import Ledger, Recipe
from rakg_assets.orchestration.launch import Launcher, LaunchError
from rakg_assets.orchestration.leftovers import BusyError, take_lock
from rakg_assets.orchestration.resources import Settings, SettingsError

CELLS = dg.MultiPartitionsDefinition(
    {
        "model": dg.StaticPartitionsDefinition(["small", "large"]),
        "seed": dg.StaticPartitionsDefinition(["0", "1"]),
    }
)


def is_locked(path: Path) -> bool:
    try:
        os.close(take_lock(path))
    except BusyError:
        return True
    return False


class Site:
    """A home with four toy assets: read, model (on demand), graph, bench (in cells)."""

    def __init__(self, home: Path) -> None:
        self.ran: list[str] = []
        self.lines: list[str] = []
        self.model_is_there = True
        self.error: Exception | None = None
        self.broken_cell = ""
        self.lock_is_free: bool | None = None
        self.note: str | None = None
        ledger = Ledger(
            Settings(home=str(home)), [Recipe("graph", extras=lambda settings, month: "v1")]
        )

        @dg.asset
        def read() -> None:
            self.ran.append("read")
            if self.error:
                raise self.error

        @dg.asset(deps=[read])
        def model() -> None:
            self.ran.append("model")

        @dg.asset(deps=[read, model])
        def graph() -> None:
            self.ran.append("graph")
            ledger.stamp("graph")

        @dg.asset(
            deps=[read],
            partitions_def=CELLS,
            config_schema={"note": dg.Field(str, default_value="")},
        )
        def bench(context: dg.AssetExecutionContext) -> None:
            self.ran.append(str(context.partition_key))
            self.note = context.op_execution_context.op_config["note"]
            self.lock_is_free = not is_locked(ledger.settings.place.dagster / "launcher.lock")
            if self.ran[-1] == self.broken_cell:
                raise KeyError(self.broken_cell)

        self.launcher = Launcher(
            dg.Definitions([read, model, graph, bench], executor=dg.in_process_executor),
            ledger,
            always=["read"],
            on_demand=["model", "bench"],
            missing_models=lambda settings: [] if self.model_is_there else ["model"],
            say=self.lines.append,
        )


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    for name in ("TMPDIR", "MPLCONFIGDIR", "HF_HOME", "XDG_CACHE_HOME", "GX_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return Site(tmp_path / "home")


def test_what_is_stale_runs_and_what_stands_does_not(site: Site) -> None:
    outcome = site.launcher.run()
    assert outcome.failures == []
    assert outcome.materialised == site.ran == ["read", "graph"]
    site.launcher.run()
    assert site.ran == ["read", "graph", "read"]


def test_a_model_is_trained_only_where_none_is_found(site: Site) -> None:
    site.model_is_there = False
    site.launcher.run()
    assert sorted(site.ran) == ["graph", "model", "read"]
    site.ran.clear()
    site.model_is_there = True
    site.launcher.run()
    assert site.ran == ["read"]


def test_a_launch_stops_at_the_asset_named(site: Site) -> None:
    site.launcher.run("read")
    assert site.ran == ["read"]
    with pytest.raises(LaunchError, match=r"no asset is named moon; the assets are \['bench'"):
        site.launcher.run("moon")


@pytest.mark.parametrize("there", [True, False])
def test_a_training_that_is_named_runs_once_after_what_it_is_made_from(
    site: Site, there: bool
) -> None:
    site.model_is_there = there
    site.launcher.run("model")
    assert site.ran == ["read", "model"]


def test_what_has_cells_is_not_run_whole(site: Site) -> None:
    with pytest.raises(LaunchError, match=r"bench has a cell for each model and seed; run `rakg b"):
        site.launcher.run("bench")
    assert site.ran == []


def test_our_own_error_is_told_in_its_words(site: Site) -> None:
    site.error = SettingsError("inbox: gone; name another")
    [failure] = site.launcher.run("read").failures
    assert failure.startswith("read (run ")
    assert failure.endswith("): inbox: gone; name another")


def test_of_any_other_error_only_the_kind_is_told(site: Site) -> None:
    site.error = KeyError("words of a record")
    [failure] = site.launcher.run("read").failures
    assert failure.endswith("): KeyError")
    assert "words" not in str(site.lines)


def test_cells_run_one_by_one_after_what_they_are_made_from(site: Site) -> None:
    cells = [{"model": "small", "seed": seed} for seed in ("0", "1")]
    outcome = site.launcher.run_cells({"bench": cells})
    assert outcome.failures == []
    assert site.ran == ["read", "small|0", "small|1"]


def test_cells_are_told_what_the_launchpad_would_tell(site: Site) -> None:
    cells = [{"model": "small", "seed": "0"}]
    site.launcher.run_cells({"bench": cells}, {"note": "briefly"})
    assert site.note == "briefly"


def test_a_cell_that_fails_keeps_no_other_from_running(site: Site) -> None:
    site.broken_cell = "small|0"
    cells = [{"model": model, "seed": "0"} for model in ("small", "large")]
    outcome = site.launcher.run_cells({"bench": cells})
    [failure] = outcome.failures
    assert failure.startswith("bench (small|0, run ")
    assert site.ran == ["read", "small|0", "large|0"]


def test_a_cell_runs_alone_on_its_home(site: Site) -> None:
    site.launcher.run_cells({"bench": [{"model": "small", "seed": "0"}]})
    assert site.lock_is_free is False
    assert not is_locked(site.launcher.ledger.settings.place.dagster / "launcher.lock")


def test_cells_do_not_run_on_what_failed(site: Site) -> None:
    site.error = KeyError("x")
    outcome = site.launcher.run_cells({"bench": [{"model": "small", "seed": "0"}]})
    assert len(outcome.failures) == 1
    assert site.ran == ["read"]
