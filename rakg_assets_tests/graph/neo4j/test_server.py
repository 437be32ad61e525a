from __future__ import annotations

import signal
import socket
from pathlib import Path

import psutil
import pytest
import requests

from rakg_assets.graph.neo4j.server import JavaServer, Ports
from rakg_assets.graph.store import StoreError
from rakg_assets_tests.neo4j_server import (
    PASSWORD,
    PATIENCE,
    TestServer,
    free_port,
    wait_for_end,
)


def pid(server: TestServer) -> int:
    return int(server.java.status().process.split()[-1])


def test_nothing_runs_in_an_empty_folder(tmp_path: Path) -> None:
    server = JavaServer(tmp_path / "neo4j")
    assert not server.status().running
    assert server.stop() is False
    assert not (tmp_path / "neo4j").exists()


def test_a_start_of_what_runs_changes_nothing(server: TestServer) -> None:
    before = server.java.status()
    assert server.java.start(PASSWORD) == before
    assert before.running
    assert before.uri == server.address.uri


def test_it_listens_on_loopback_only_and_reports_nothing(server: TestServer) -> None:
    listens = [c for c in psutil.Process(pid(server)).net_connections() if c.status == "LISTEN"]
    assert len(listens) == 2
    assert {c.laddr.ip.removeprefix("::ffff:") for c in listens} == {"127.0.0.1"}
    wanted = "SHOW SETTINGS 'dbms.usage_report.enabled', 'client.allow_telemetry' YIELD value"
    assert server.run(wanted) == [{"value": "false"}] * 2


def test_its_http_port_is_a_page_to_ask_the_graph(server: TestServer) -> None:
    answer = requests.get(server.java.status().browser, headers={"Accept": "text/html"}, timeout=60)
    assert answer.url.endswith("/browser/")
    assert "<title>Neo4j Browser</title>" in answer.text


def test_the_password_stands_in_no_file_and_on_no_command_line(server: TestServer) -> None:
    assert PASSWORD not in " ".join(psutil.Process(pid(server)).cmdline())
    root = server.java.root
    plain = [*root.glob("*"), *root.glob("conf/*"), *root.glob("logs/*"), *root.glob("data/dbms/*")]
    assert not [p for p in plain if p.is_file() and PASSWORD.encode() in p.read_bytes()]


def test_a_killed_server_comes_back_with_its_data(server: TestServer) -> None:
    server.run("CREATE (:Kept {id: 1})")
    psutil.Process(pid(server)).kill()
    wait_for_end(server)
    server.start()
    assert server.run("MATCH (n:Kept) RETURN n.id AS id") == [{"id": 1}]


def test_a_stop_is_clean_and_keeps_the_data(server: TestServer) -> None:
    server.run("CREATE (:Kept {id: 2})")
    assert server.java.stop()
    assert not server.java.status().running
    assert "Stopped." in (server.java.root / "logs" / "neo4j.log").read_text("utf-8")
    server.start()
    assert server.run("MATCH (n:Kept) RETURN n.id AS id") == [{"id": 2}]


def test_a_program_that_ignores_signals_starts_one_that_hears_them(server: TestServer) -> None:
    server.java.stop()
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        server.start()
    finally:
        signal.signal(signal.SIGTERM, before)
    psutil.Process(pid(server)).terminate()
    wait_for_end(server)


def test_another_password_than_that_of_the_data_is_told(server: TestServer) -> None:
    with pytest.raises(StoreError, match="refuses user neo4j"):
        server.java.start("quite-another-one")


def test_a_port_that_is_taken_is_told(tmp_path: Path, jars: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = Ports(taken.getsockname()[1], free_port())
        server = JavaServer(tmp_path / "neo4j", ports, jars, PATIENCE)
        with pytest.raises(StoreError, match=rf"port {ports.bolt} is taken"):
            server.start(PASSWORD)
    assert not server.status().running


def test_another_server_on_the_port_is_not_taken_for_this_one(
    server: TestServer, tmp_path: Path, jars: Path
) -> None:
    theirs = int(server.address.uri.rpartition(":")[2])
    mine = JavaServer(tmp_path / "neo4j", Ports(theirs, free_port()), jars, PATIENCE)
    with pytest.raises(StoreError, match=rf"port {theirs} is taken"):
        mine.start(PASSWORD)
    assert not mine.status().running


def test_any_password_that_is_long_enough_is_taken(tmp_path: Path, jars: Path) -> None:
    server = JavaServer(tmp_path / "neo4j", Ports(free_port(), free_port()), jars, PATIENCE)
    try:
        assert server.start('-@"八个字" \\words#').running
    finally:
        server.stop()


def test_a_password_that_is_too_short_is_told(tmp_path: Path, jars: Path) -> None:
    server = JavaServer(tmp_path / "neo4j", Ports(free_port(), free_port()), jars, PATIENCE)
    with pytest.raises(StoreError, match="refuses the password; choose one of eight or more"):
        server.start("short")
    assert not (tmp_path / "neo4j" / "set-password").exists()
