"""One real Neo4j server for all tests and workers; a test that finds no Java or Maven fails."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import neo4j
import pytest
from filelock import FileLock

from rakg_assets.graph.neo4j.connection import Neo4jAddress
from rakg_assets.graph.neo4j.server import JavaServer, Ports
from rakg_assets.graph.neo4j.statements import SCHEMA
from rakg_assets.graph.neo4j.store import Limits, Neo4jStore

PASSWORD = "a-password-of-tests"
# A machine that trains models beside the tests is slow.
PATIENCE = 900


@dataclass(frozen=True)
class TestServer:
    """The shared server and how a driver of somebody else reaches it."""

    __test__ = False

    java: JavaServer
    address: Neo4jAddress
    driver: neo4j.Driver

    def run(self, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        """What another program does to the database."""
        return [r.data() for r in self.driver.execute_query(statement, **parameters).records]

    def start(self) -> None:
        """Start it again unless it runs."""
        if not self.java.status().running:
            self.java.start(PASSWORD)

    def empty(self) -> None:
        """Take away all nodes, and the constraints and indexes that are not ours."""
        self.run("MATCH (n) DETACH DELETE n")
        for row in self.run("SHOW CONSTRAINTS YIELD name"):
            if row["name"] not in SCHEMA:
                self.run(f"DROP CONSTRAINT `{row['name']}`")
        for row in self.run("SHOW INDEXES YIELD name, type, owningConstraint"):
            ours = row["name"] in SCHEMA or row["owningConstraint"]
            if row["type"] == "RANGE" and not ours:
                self.run(f"DROP INDEX `{row['name']}`")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_end(server: TestServer) -> None:
    """Wait for a server that was killed; it may be the child of another worker."""
    end = time.monotonic() + PATIENCE
    while server.java.status().running and time.monotonic() < end:
        time.sleep(0.1)
    assert not server.java.status().running


def jars_folder(config: pytest.Config) -> Path:
    """Where the jars lie between test runs."""
    given = os.environ.get("RAKG_NEO4J_JARS")
    return Path(given) if given else config.cache.mkdir("neo4j") / "jars"


@pytest.fixture(scope="session")
def jars(request: pytest.FixtureRequest) -> Path:
    return jars_folder(request.config)


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this test run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared-neo4j"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def running(common: Path, jars: Path) -> Iterator[TestServer]:
    """Started by the first worker that needs it, stopped by the last that leaves."""
    note, users = common / "ports.json", common / "users"
    with FileLock(common / "users.lock"):
        if not note.exists():
            note.write_text(json.dumps([free_port(), free_port()]), "utf-8")
        ports = Ports(*json.loads(note.read_text("utf-8")))
        java = JavaServer(common / "server", ports, jars, PATIENCE)
        java.start(PASSWORD)
        users.mkdir(exist_ok=True)
        (users / str(os.getpid())).touch()
    address = Neo4jAddress(f"bolt://127.0.0.1:{ports.bolt}", password=PASSWORD)
    with address.driver(PATIENCE) as driver:
        yield TestServer(java, address, driver)
    with FileLock(common / "users.lock"):
        (users / str(os.getpid())).unlink()
        if not any(users.iterdir()):
            java.stop()


@pytest.fixture
def server(running: TestServer, common: Path) -> Iterator[TestServer]:
    """The server with an empty database, for one test of one worker at a time."""
    with FileLock(common / "turn.lock"):
        running.start()
        running.empty()
        yield running


@pytest.fixture
def store(server: TestServer) -> Iterator[Neo4jStore]:
    with Neo4jStore(server.address, Limits(server=PATIENCE)) as store:
        yield store
