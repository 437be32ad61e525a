from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from rakg_assets.graph.neo4j.jars import fetch_jars, find_java, shipped_deployment
from rakg_assets.graph.store import StoreError

POM = shipped_deployment() / "neo4j" / "pom.xml"


def program(folder: Path, name: str, script: str) -> None:
    """A program of this name that does what the script says."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder with programs."""
    folder = tmp_path / "bin"
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_the_jars_are_of_the_long_term_release() -> None:
    space = {"m": "http://maven.apache.org/POM/4.0.0"}
    version = ET.parse(POM).getroot().findtext(".//m:neo4j.version", namespaces=space)
    assert version is not None
    assert version.startswith("5.26.")


def test_no_java_is_told(path: Path) -> None:
    with pytest.raises(StoreError, match="java: is not on this machine; install Java 17"):
        find_java()


@pytest.mark.parametrize(("said", "found"), [('"11.0.2"', "Java 11"), ("none", "unknown version")])
def test_an_old_java_is_told(path: Path, said: str, found: str) -> None:
    program(path, "java", f"echo 'openjdk version {said}' >&2")
    with pytest.raises(StoreError, match=f"{found}.*too old; install Java 17 or newer"):
        find_java()


def test_no_maven_is_told(path: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"mvn: is not on this machine.*or a container engine"):
        fetch_jars(tmp_path / "jars")
    assert not (tmp_path / "jars").exists()


def test_a_fetch_that_fails_leaves_nothing_and_says_why(path: Path, tmp_path: Path) -> None:
    program(path, "mvn", "echo '[ERROR] no route to host'; exit 1")
    with pytest.raises(StoreError, match=r"cannot be fetched \(no route to host\); check"):
        fetch_jars(tmp_path / "jars")
    assert not (tmp_path / "jars").exists()


def test_jars_are_fetched_once_for_one_version(path: Path, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    program(path, "mvn", f"echo called >> {calls}")
    folder = fetch_jars(fetch_jars(tmp_path / "jars"))
    assert calls.read_text("utf-8") == "called\n"
    mark = folder / "fetched-for.sha256"
    assert mark.read_text("ascii") == hashlib.sha256(POM.read_bytes()).hexdigest()
    mark.write_text("an older one", "ascii")
    fetch_jars(folder)
    assert calls.read_text("utf-8") == "called\ncalled\n"
