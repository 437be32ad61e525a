"""A Neo4j server in a container, by `deploy/compose.yaml`, where an engine runs.

Belongs here: the engine's command lines. Does not belong here: the server from jars
(`server.py`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from rakg_assets.graph.neo4j.connection import Neo4jAddress, answers
from rakg_assets.graph.neo4j.jars import shipped_deployment
from rakg_assets.graph.neo4j.server import USER, JavaServer, Ports, Server, ServerStatus
from rakg_assets.graph.store import StoreError


class ContainerServer:
    """The service `neo4j` of the compose file, in a project of its own for each `root`.

    Its data lie in `root`, too.
    """

    def __init__(self, root: Path, ports: Ports | None = None, engine: str = "docker") -> None:
        """`engine` is a program that understands `compose`."""
        self._data = root.absolute() / "container_data"
        self._project = f"rakg-{hashlib.sha256(str(self._data).encode()).hexdigest()[:8]}"
        self._ports = ports or Ports()
        self._engine = engine

    def start(self, password: str) -> ServerStatus:
        """Start it unless it runs, and wait until Bolt answers. Raises `StoreError`."""
        self._data.mkdir(parents=True, exist_ok=True)
        self._compose(["up", "--detach", "--wait"], password)
        status = self.status()
        if not answers(Neo4jAddress(status.uri, USER, password)):
            raise StoreError(f"{status.process}: Bolt does not answer; see its logs, start again")
        return status

    def stop(self) -> bool:
        """Stop it cleanly; its data stay."""
        ran = self.status().running
        self._compose(["stop"])
        return ran

    def status(self) -> ServerStatus:
        """What the engine says of the service."""
        said = self._compose(["ps", "--format", "json", "neo4j"])
        # One object a line, or of older engines all of them in a list.
        found = [json.loads(line) for line in said.splitlines()]
        listed = chain.from_iterable(e if isinstance(e, list) else [e] for e in found)
        running = [entry for entry in listed if entry.get("State") == "running"]
        if not running:
            return ServerStatus("container", False, str(self._data))
        places = {port["TargetPort"]: port["PublishedPort"] for port in running[0]["Publishers"]}
        uri, browser = f"bolt://127.0.0.1:{places[7687]}", f"http://127.0.0.1:{places[7474]}"
        name = running[0]["Name"]
        return ServerStatus("container", True, str(self._data), name, uri, browser)

    def command(self, words: Sequence[str]) -> list[str]:
        """The engine's command line; the password is in none."""
        return [
            self._engine,
            "compose",
            "--file",
            str(shipped_deployment() / "compose.yaml"),
            "--project-name",
            self._project,
            *words,
        ]

    def _compose(self, words: Sequence[str], password: str = "not-needed") -> str:
        environment = {
            **os.environ,
            "RAKG_NEO4J_PASSWORD": password,
            "RAKG_NEO4J_DATA": str(self._data),
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
        return ContainerServer(root, ports, engine)
    return JavaServer(root, ports, jars)


def _engine_answers(engine: str) -> bool:
    if shutil.which(engine) is None:
        return False
    asked = [engine, "compose", "ls"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0
