"""A Neo4j server in a container, by `deploy/compose.yaml`, where an engine runs.

Belongs here: the engine's command lines. Does not belong here: the server from jars
(`server.py`).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from rakg_assets.graph.neo4j.jars import shipped_deployment
from rakg_assets.graph.neo4j.server import JavaServer, Ports, Server, ServerStatus
from rakg_assets.graph.store import StoreError

_DATA = "volume rakg_neo4j-data"


class ContainerServer:
    """The service `neo4j` of the compose file, in the project `rakg`."""

    def __init__(self, ports: Ports | None = None, engine: str = "docker") -> None:
        """`engine` is a program that understands `compose`."""
        self._ports = ports or Ports()
        self._engine = engine

    def start(self, password: str) -> ServerStatus:
        """Start it unless it runs, and wait until it is healthy. Raises `StoreError`."""
        self._compose(["up", "--detach", "--wait"], password)
        return self.status()

    def stop(self) -> bool:
        """Stop it cleanly; the volume stays."""
        ran = self.status().running
        self._compose(["stop"])
        return ran

    def status(self) -> ServerStatus:
        """What the engine says of the service."""
        said = self._compose(["ps", "--format", "json", "neo4j"])
        found = [json.loads(line) for line in said.splitlines()]
        running = [entry for entry in found if entry.get("State") == "running"]
        if not running:
            return ServerStatus("container", False, _DATA)
        places = {port["TargetPort"]: port["PublishedPort"] for port in running[0]["Publishers"]}
        uri, browser = f"bolt://127.0.0.1:{places[7687]}", f"http://127.0.0.1:{places[7474]}"
        return ServerStatus("container", True, _DATA, running[0]["Name"], uri, browser)

    def command(self, words: Sequence[str]) -> list[str]:
        """The engine's command line; the password is in none."""
        return [
            self._engine,
            "compose",
            "--file",
            str(shipped_deployment() / "compose.yaml"),
            *words,
        ]

    def _compose(self, words: Sequence[str], password: str = "not-needed") -> str:
        environment = {
            **os.environ,
            "RAKG_NEO4J_PASSWORD": password,
            "RAKG_NEO4J_BOLT_PORT": str(self._ports.bolt),
            "RAKG_NEO4J_HTTP_PORT": str(self._ports.http),
        }
        command = self.command(words)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise StoreError(f"{self._engine} compose {words[0]}: {reason}; see its logs")
        return done.stdout


def choose_server(
    root: Path, ports: Ports, jars: Path | None = None, engine: str = "docker"
) -> Server:
    """A container where its engine answers, unless the folder holds a server's data already."""
    if not (root / "data").exists() and _engine_answers(engine):
        return ContainerServer(ports, engine)
    return JavaServer(root, ports, jars)


def _engine_answers(engine: str) -> bool:
    if shutil.which(engine) is None:
        return False
    asked = [engine, "compose", "ls"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0
