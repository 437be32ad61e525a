from __future__ import annotations

import stat
from pathlib import Path

import pytest

from rakg_assets.graph.embedded import EmbeddedStore
from rakg_assets_tests.commands import empty_folder, rakg
from rakg_assets_tests.graph.conftest import SUPPORT, made_from
from rakg_assets_tests.neo4j_server import free_port, jars_folder

__all__ = ["empty_folder"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A home with a graph; its server runs from jars, whatever engine is here."""
    for name in ("RAKG_NEO4J_URI", "RAKG_NEO4J_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RAKG_NEO4J_JARS", str(jars_folder(request.config)))
    place = tmp_path / "home"
    (place / "neo4j" / "data").mkdir(parents=True)
    EmbeddedStore(place / "graph" / "rakg.lbug").synchronise(made_from(SUPPORT).build())
    return place


def test_nothing_runs_at_first(place: Path) -> None:
    result = rakg("neo4j", "status", "--home", place)
    assert result.exit_code == 1
    assert "Neo4j does not run (java)" in result.stdout
    assert "no server was running" in rakg("neo4j", "stop", "--home", place).stdout


def test_a_load_without_a_server_says_what_to_do(place: Path) -> None:
    result = rakg("neo4j", "load", "--home", place)
    assert result.exit_code == 1
    assert result.stderr == (
        "rakg: no Neo4j is named; set RAKG_NEO4J_URI, or `rakg neo4j start` one\n"
    )


def test_a_load_without_a_password_says_what_to_do(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAKG_NEO4J_URI", "bolt://127.0.0.1:1")
    result = rakg("neo4j", "load", "--home", place)
    assert result.exit_code == 1
    assert "set RAKG_NEO4J_PASSWORD" in result.stderr


def test_a_load_without_a_graph_says_what_to_do(
    place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RAKG_NEO4J_URI", "bolt://127.0.0.1:1")
    result = rakg("neo4j", "load", "--home", tmp_path / "another")
    assert result.exit_code == 1
    assert "holds no graph; `rakg run` makes one" in result.stderr


def test_a_server_is_started_loaded_and_stopped(place: Path) -> None:
    ports = ["--bolt-port", free_port(), "--http-port", free_port()]
    started = rakg("neo4j", "start", "--home", place, *ports)
    assert started.exit_code == 0, started.output
    try:
        password = place / "neo4j" / "password"
        assert stat.S_IMODE(password.stat().st_mode) == 0o600
        assert password.read_text("ascii") not in started.output
        assert f"RAKG_NEO4J_URI=bolt://127.0.0.1:{ports[1]}" in started.stdout
        assert rakg("neo4j", "status", "--home", place).exit_code == 0

        planned = rakg("neo4j", "load", "--home", place, "--dry-run").stdout
        assert planned == "would write 11 nodes and 14 relationships, would delete 0 and 0\n"
        loads = [rakg("neo4j", "load", "--home", place).stdout for _ in range(2)]
        assert loads == [
            "wrote 11 nodes and 14 relationships, deleted 0 and 0\n",
            "wrote 0 nodes and 0 relationships, deleted 0 and 0\n",
        ]
    finally:
        stopped = rakg("neo4j", "stop", "--home", place)
    assert stopped.stdout == "stopped\n"
