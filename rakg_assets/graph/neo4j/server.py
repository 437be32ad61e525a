"""A Neo4j server of one's own on loopback, run by Java from jars; its data lies in one folder.

Belongs here: starting, stopping and finding that process. Does not belong here: a container
(`container.py`), fetching the jars (`jars.py`) or the graph (`store.py`).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Protocol

import psutil
from filelock import FileLock

from rakg_assets.graph.neo4j.connection import Neo4jAddress, answers
from rakg_assets.graph.neo4j.jars import fetch_jars, find_java
from rakg_assets.graph.store import StoreError
from rakg_assets.ontology.files import write_text

USER = "neo4j"
_PAUSE_SECONDS = 0.5
# A server that was just killed may hold its ports a moment longer than its process number.
_KILLED_SECONDS = 5
# A synchronisation is one large transaction, and nobody waits for short ones meanwhile: the
# collector with the best throughput writes it in four fifths of the default one's time.
_HEAP = ["-Xms512m", "-Xmx1g", "-XX:+UseParallelGC"]
_OPENED = [
    f"--add-opens=java.base/{package}=ALL-UNNAMED"
    for package in ("java.nio", "java.io", "sun.nio.ch")
]
_CONFIGURATION = """\
server.directories.data=data
server.directories.logs=logs
server.directories.import=import
server.default_listen_address=127.0.0.1
server.default_advertised_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{bolt}
server.bolt.advertised_address=127.0.0.1:{bolt}
server.http.listen_address=127.0.0.1:{http}
server.http.advertised_address=127.0.0.1:{http}
server.https.enabled=false
server.memory.pagecache.size=256m
dbms.usage_report.enabled=false
client.allow_telemetry=false
"""


@dataclass(frozen=True)
class Ports:
    """Where the server listens on loopback: Bolt for programs, HTTP for the browser."""

    bolt: int = 7687
    http: int = 7474


@dataclass(frozen=True)
class ServerStatus:
    """What runs where. `process` is its number, or what the engine calls the container."""

    kind: str
    running: bool
    data: str
    process: str = ""
    uri: str = ""
    browser: str = ""


class Server(Protocol):
    """A server that can be started and stopped; both are safe to ask twice."""

    def start(self, password: str) -> ServerStatus:
        """Start it unless it runs, and wait until Bolt answers. Raises `StoreError`."""

    def stop(self) -> bool:
        """Stop it cleanly; False if it did not run. Raises `StoreError`."""

    def status(self) -> ServerStatus:
        """What runs where."""


@dataclass(frozen=True)
class _Process:
    """A process as noted when it was started; its start time tells it from a later namesake."""

    pid: int
    started: float
    bolt: int
    http: int


class JavaServer:
    """The server in `root`: `data`, `conf`, `logs`, and the note of its process."""

    def __init__(
        self,
        root: Path,
        ports: Ports | None = None,
        jars: Path | None = None,
        patience: float = 180,
    ) -> None:
        """`jars` may be shared by servers; `patience` is how long a start or stop may take (s)."""
        self.root = root.absolute()
        self._ports = ports or Ports()
        self._jars = jars or self.root / "jars"
        self._patience = patience
        self._note = self.root / "process.json"

    def start(self, password: str) -> ServerStatus:
        """Start it unless it runs, and wait until Bolt answers. Raises `StoreError`."""
        self.root.mkdir(parents=True, exist_ok=True)
        with FileLock(self.root / "start.lock"):
            if not self._running():
                self._require_free_ports()
                self._launch(password)
            self._await(password)
        return self.status()

    def stop(self) -> bool:
        """Ask it to end and wait until it has, so that nothing is left to recover."""
        noted = self._running()
        if noted is None:
            return False
        end = time.monotonic() + self._patience
        with suppress(psutil.NoSuchProcess):
            psutil.Process(noted.pid).terminate()
        # It may be the child of a program that does not wait for it: ended is what counts.
        while self._running():
            if time.monotonic() > end:
                raise StoreError(
                    f"Neo4j (process {noted.pid}) does not end after {self._patience:g} s; "
                    f"see {self._logs}, or kill it: the next start recovers"
                )
            time.sleep(_PAUSE_SECONDS)
        self._note.unlink(missing_ok=True)
        return True

    def status(self) -> ServerStatus:
        """What runs where, from the note and the process table."""
        noted = self._running()
        if noted is None:
            return ServerStatus("java", False, str(self.root / "data"))
        uri, browser = f"bolt://127.0.0.1:{noted.bolt}", f"http://127.0.0.1:{noted.http}"
        return ServerStatus(
            "java", True, str(self.root / "data"), f"process {noted.pid}", uri, browser
        )

    @property
    def _logs(self) -> Path:
        return self.root / "logs"

    def _running(self) -> _Process | None:
        if not self._note.exists():
            return None
        noted = _Process(**json.loads(self._note.read_text("utf-8")))
        try:
            process = psutil.Process(noted.pid)
            alive = process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return None
        return noted if alive and process.create_time() == noted.started else None

    def _launch(self, password: str) -> None:
        java, jars = find_java(), fetch_jars(self._jars)
        configuration = _CONFIGURATION.format(**asdict(self._ports))
        write_text(self.root / "conf" / "neo4j.conf", configuration)
        classpath = ["-cp", f"{jars}/*"]
        if not (self.root / "data" / "databases").exists():
            self._set_password([java, *classpath], password)
        self._logs.mkdir(exist_ok=True)
        folders = [f"--home-dir={self.root}", f"--config-dir={self.root / 'conf'}"]
        main = ["org.neo4j.server.CommunityEntryPoint", *folders]
        # Not a child that Python waits for: it outlives us.
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        files = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(self._logs / "console.log"), flags, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ]
        command = [java, *_HEAP, *_OPENED, *classpath, *main]
        # A program that ignores a signal hands that down, and a server that does is never stopped.
        heard = [signal.SIGTERM, signal.SIGINT]
        pid = os.posix_spawn(
            java, command, os.environ, file_actions=files, setsid=True, setsigdef=heard
        )
        noted = _Process(pid, psutil.Process(pid).create_time(), **asdict(self._ports))
        write_text(self._note, json.dumps(asdict(noted)))

    def _await(self, password: str) -> None:
        """Wait until Bolt answers with this password."""
        end = time.monotonic() + self._patience
        while noted := self._running():
            if answers(Neo4jAddress(f"bolt://127.0.0.1:{noted.bolt}", USER, password)):
                return
            if time.monotonic() > end:
                raise StoreError(
                    f"Neo4j (process {noted.pid}) does not answer after {self._patience:g} s; "
                    f"see {self._logs}, then start again"
                )
            time.sleep(_PAUSE_SECONDS)
        raise StoreError(
            f"Neo4j ended while starting; is another server at work in {self.root}? See "
            f"{self._logs}, then start again"
        )

    def _require_free_ports(self) -> None:
        """Else another server that listens there would answer, and be taken for this one."""
        end = time.monotonic() + _KILLED_SECONDS
        for port in astuple(self._ports):
            while not _is_free(port):
                if time.monotonic() > end:
                    raise StoreError(
                        f"port {port} is taken, perhaps by another Neo4j; end what listens there, "
                        "or name other ports (--bolt-port, --http-port)"
                    )
                time.sleep(_PAUSE_SECONDS)

    def _set_password(self, java: list[str], password: str) -> None:
        """Set it by a file of arguments: a command line is seen by every user of the machine."""
        arguments = self.root / "set-password"
        descriptor = os.open(arguments, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            # After "--" a password that begins with "-" is not taken for an option.
            quoted = json.dumps(password, ensure_ascii=False)
            stream.write(f"dbms\nset-initial-password\n--\n{quoted}\n")
        folders = {"NEO4J_HOME": str(self.root), "NEO4J_CONF": str(self.root / "conf")}
        try:
            done = subprocess.run(
                [*java, "-Dfile.encoding=UTF-8", "org.neo4j.cli.AdminTool", f"@{arguments}"],
                env={**os.environ, **folders},
                capture_output=True,
                check=False,
            )
        finally:
            arguments.unlink()
        if done.returncode:
            raise StoreError(
                "Neo4j refuses the password; choose one of eight or more characters "
                "(RAKG_NEO4J_PASSWORD), then start again"
            )


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
