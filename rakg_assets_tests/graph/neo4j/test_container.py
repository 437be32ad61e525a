"""No engine runs here: what is tested is when one is chosen and what it would be told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from rakg_assets.graph.neo4j.container import ContainerServer, choose_server
from rakg_assets.graph.neo4j.jars import shipped_deployment
from rakg_assets.graph.neo4j.server import JavaServer, Ports
from rakg_assets.graph.store import StoreError
from rakg_assets_tests.graph.neo4j.test_jars import program

SECRET = "a-password-of-tests"
PORTS = Ports(7001, 7002)
RUNS = {
    "Name": "rakg-neo4j-1",
    "State": "running",
    "Publishers": [
        {"TargetPort": 7687, "PublishedPort": 7001},
        {"TargetPort": 7474, "PublishedPort": 7002},
    ],
}


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in that notes what it is told; its answer to `ps` lies in a file."""
    folder = tmp_path / "bin"
    script = f"""
echo "$@ $RAKG_NEO4J_BOLT_PORT $RAKG_NEO4J_HTTP_PORT" >> {tmp_path}/told
echo "$RAKG_NEO4J_PASSWORD" > {tmp_path}/secret
case "$*" in *" ps "*) cat {tmp_path}/answer;; esac
"""
    program(folder, "engine", script)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    (tmp_path / "answer").write_text(json.dumps(RUNS), encoding="utf-8")
    monkeypatch.setattr("rakg_assets.graph.neo4j.container.answers", lambda address: True)
    return tmp_path


def told(engine: Path) -> list[str]:
    return (engine / "told").read_text("utf-8").splitlines()


def test_a_container_is_chosen_where_an_engine_answers(engine: Path) -> None:
    assert isinstance(choose_server(engine / "none", PORTS, engine="engine"), ContainerServer)
    assert told(engine)[0].startswith("compose ls")


def test_jars_are_chosen_without_an_engine_or_where_their_data_lie(engine: Path) -> None:
    program(engine / "bin", "broken", "exit 1")
    (engine / "data").mkdir()
    for root, name in [(engine, "engine"), (engine / "a", "broken"), (engine / "a", "absent")]:
        assert isinstance(choose_server(root, PORTS, engine=name), JavaServer)


def test_it_starts_with_its_ports_and_shows_the_password_to_nobody(engine: Path) -> None:
    status = ContainerServer(engine / "home", PORTS, "engine").start(SECRET)
    assert (status.running, status.process) == (True, "rakg-neo4j-1")
    assert (status.uri, status.browser) == ("bolt://127.0.0.1:7001", "http://127.0.0.1:7002")
    file = shipped_deployment() / "compose.yaml"
    assert re.fullmatch(
        rf"compose --file {file} --project-name rakg-\w{{8}} up --detach --wait 7001 7002",
        told(engine)[0],
    )
    assert SECRET not in (engine / "told").read_text("utf-8")
    assert status.data == str(engine / "home" / "container_data")
    assert Path(status.data).is_dir()


def test_each_home_has_its_own_project(engine: Path) -> None:
    for home in ("a", "b", "a"):
        ContainerServer(engine / home, PORTS, "engine").stop()
    projects = [line.split()[4] for line in told(engine) if " stop " in line]
    assert projects[0] == projects[2] != projects[1]


def test_an_engine_that_lists_its_containers_is_understood(engine: Path) -> None:
    (engine / "answer").write_text(json.dumps([RUNS]), encoding="utf-8")
    assert ContainerServer(engine, PORTS, "engine").status().running


def test_a_container_that_does_not_answer_is_told(
    engine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rakg_assets.graph.neo4j.container.answers", lambda address: False)
    with pytest.raises(StoreError, match="rakg-neo4j-1: Bolt does not answer"):
        ContainerServer(engine, PORTS, "engine").start(SECRET)


def test_it_stops_and_says_whether_it_ran(engine: Path) -> None:
    assert ContainerServer(engine, PORTS, "engine").stop()
    (engine / "answer").write_text("", encoding="utf-8")
    server = ContainerServer(engine, PORTS, "engine")
    assert not server.stop()
    assert not server.status().running
    assert told(engine)[1].endswith(" stop 7001 7002")


def test_what_the_engine_refuses_is_told(engine: Path) -> None:
    program(engine / "bin", "broken", "echo 'port is already allocated' >&2; exit 1")
    with pytest.raises(StoreError, match="broken compose up: port is already allocated"):
        ContainerServer(engine, PORTS, "broken").start(SECRET)


def test_the_compose_file_keeps_to_loopback_and_holds_no_password() -> None:
    text = (shipped_deployment() / "compose.yaml").read_text("utf-8")
    service = yaml.safe_load(text)["services"]["neo4j"]
    assert service["ports"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["environment"]["NEO4J_AUTH"].startswith("neo4j/${RAKG_NEO4J_PASSWORD:?")
    for reports in ("NEO4J_dbms_usage__report_enabled", "NEO4J_client_allow__telemetry"):
        assert service["environment"][reports] == "false"
    assert service["volumes"] == ["${RAKG_NEO4J_DATA:?set a folder}:/data"]


def test_container_and_jars_are_of_the_same_version() -> None:
    compose = (shipped_deployment() / "compose.yaml").read_text("utf-8")
    image = yaml.safe_load(compose)["services"]["neo4j"]["image"]
    version = image.removeprefix("neo4j:").removesuffix("-community")
    pom = (shipped_deployment() / "neo4j" / "pom.xml").read_text("utf-8")
    assert f"<neo4j.version>{version}</neo4j.version>" in pom
