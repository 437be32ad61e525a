"""The server's jars from Maven Central, for machines without a container engine.

Belongs here: finding Java and Maven and fetching once. Does not belong here: running the server
(`server.py`).
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from filelock import FileLock

from rakg_assets.graph.store import StoreError
from rakg_assets.ontology.files import write_folder

LEAST_JAVA = 17
_MARK = "fetched-for.sha256"
_GOAL = "dependency:copy-dependencies"


def shipped_deployment() -> Path:
    """The folder with `compose.yaml` and `neo4j/pom.xml`, of the package or of its source tree."""
    package = Path(__file__).resolve().parents[2]
    installed = package / "deploy"
    return installed if installed.is_dir() else package.parent / "deploy"


def find_java() -> str:
    """Path of a Java that runs the server. Raises `StoreError`."""
    java = _program("java", f"Java {LEAST_JAVA} or newer")
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    if not found or int(found[1]) < LEAST_JAVA:
        version = found[1] if found else "of unknown version"
        raise StoreError(f"{java}: Java {version} is too old; install Java {LEAST_JAVA} or newer")
    return java


def fetch_jars(folder: Path) -> Path:
    """Fetch the jars of `deploy/neo4j/pom.xml` into a folder unless it holds them already.

    Several processes may ask at once. Raises `StoreError` without Maven or without its answer.
    """
    pom = shipped_deployment() / "neo4j" / "pom.xml"
    version = hashlib.sha256(pom.read_bytes()).hexdigest()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        mark = folder / _MARK
        if not mark.exists() or mark.read_text("ascii") != version:
            write_folder(folder, lambda fresh: _fetch(pom, fresh, version))
    return folder


def _fetch(pom: Path, folder: Path, version: str) -> None:
    maven = _program("mvn", "Maven (package `maven`), or a container engine")
    options = ["-DincludeScope=runtime", "-DexcludeTypes=pom", f"-DoutputDirectory={folder}"]
    command = [maven, "-q", "-B", "-f", str(pom), _GOAL, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stdout.splitlines() if line.startswith("[ERROR]")]
        reason = errors[0].removeprefix("[ERROR]").strip() if errors else "no reason given"
        raise StoreError(f"mvn: the server's jars cannot be fetched ({reason}); check the network")
    (folder / _MARK).write_text(version, "ascii")


def _program(name: str, what: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise StoreError(f"{name}: is not on this machine; install {what}")
    return path
