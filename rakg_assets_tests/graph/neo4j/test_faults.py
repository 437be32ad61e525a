"""What goes wrong between a program and a server, on the real server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psutil
import pytest
from neo4j.exceptions import TransientError

from rakg_assets.graph.content import Graph
from rakg_assets.graph.neo4j import store as store_module
from rakg_assets.graph.neo4j.store import Limits, Neo4jStore
from rakg_assets.graph.store import StoreError, SyncResult
from rakg_assets_tests.graph.conftest import SUPPORT, made_from
from rakg_assets_tests.graph.neo4j.proxies import breakable
from rakg_assets_tests.neo4j_server import (
    PASSWORD,
    PATIENCE,
    TestServer,
    free_port,
    wait_for_end,
)

# Each batch is two rows and a transaction of its own.
SMALL = Limits(server=PATIENCE, batch=2, transaction=2)


class Died(Exception):
    """A program that ends in the middle."""


def other() -> Graph:
    """Shares some concepts and triples with the fixture, not all."""
    return made_from(SUPPORT[3:9]).build(model="m2")


@pytest.fixture
def at_batch(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[], None]], list[int]]:
    """Do something once, just before the n-th group of batches is sent; gives what was counted."""
    send = store_module._send

    def arrange(number: int, action: Callable[[], None]) -> list[int]:
        count = [0]

        def counting(transaction: Any, parts: Any) -> None:
            count[0] += 1
            if count[0] == number:
                action()
            send(transaction, parts)

        monkeypatch.setattr(store_module, "_send", counting)
        return count

    return arrange


def die() -> None:
    raise Died


def in_a_thread(work: Callable[[], SyncResult]) -> tuple[threading.Thread, list[Any]]:
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(work())
        except StoreError as error:
            results.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


def test_a_program_that_died_at_any_batch_is_finished_by_the_next(
    server: TestServer, graph: Graph, at_batch: Any
) -> None:
    with Neo4jStore(server.address, SMALL) as store:
        store.synchronise(graph)
        count = at_batch(-1, die)
        store.synchronise(other())
        total = count[0]
        assert total > 10
        wanted, last = graph, other()
        for number in range(1, total + 1):
            at_batch(number, die)
            with pytest.raises(Died):
                store.synchronise(wanted)
            assert store.digest() is None
            at_batch(-1, die)
            store.synchronise(wanted)
            assert store.content().digest() == store.digest() == wanted.digest()
            wanted, last = last, wanted


def test_a_small_change_is_written_whole_or_not_at_all(
    store: Neo4jStore, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.synchronise(graph)
    # Fails after all rows are written.
    monkeypatch.setattr(store_module.statements, "WRITE_META", "no statement")
    with pytest.raises(StoreError, match="correct the statement"):
        store.synchronise(other())
    monkeypatch.undo()
    assert store.content().digest() == store.digest() == graph.digest()


def test_a_killed_program_leaves_no_lock(server: TestServer, graph: Graph) -> None:
    code = f"""
        import os, signal
        from rakg_assets.graph.neo4j import store
        from rakg_assets.graph.neo4j.connection import Neo4jAddress
        from rakg_assets_tests.graph.neo4j.test_faults import SMALL, other
        send, count = store._send, []
        def counting(*given):
            count.append(1)
            if len(count) == 4:
                os.kill(os.getpid(), signal.SIGKILL)
            send(*given)
        store._send = counting
        address = Neo4jAddress({server.address.uri!r}, password=os.environ["SECRET"])
        store.Neo4jStore(address, SMALL).synchronise(other())
    """
    environment = {**os.environ, "SECRET": PASSWORD}
    command = [sys.executable, "-c", textwrap.dedent(code)]
    killed = subprocess.run(command, env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    with Neo4jStore(server.address, SMALL) as store:
        assert store.digest() is None
        assert not store.content().is_empty
        store.synchronise(graph)
        assert store.content().digest() == store.digest() == graph.digest()


def test_a_server_killed_in_mid_load_is_waited_for(
    server: TestServer, graph: Graph, at_batch: Any
) -> None:
    def kill_and_start() -> None:
        psutil.Process(int(server.java.status().process.split()[-1])).kill()
        wait_for_end(server)
        server.start()

    at_batch(5, kill_and_start)
    with Neo4jStore(server.address, SMALL) as store:
        store.synchronise(graph)
        assert store.content().digest() == store.digest() == graph.digest()


def test_a_server_that_starts_late_is_waited_for(server: TestServer, graph: Graph) -> None:
    server.java.stop()
    with Neo4jStore(server.address, Limits(server=PATIENCE)) as store:
        thread, results = in_a_thread(lambda: store.synchronise(graph))
        server.start()
        thread.join(PATIENCE)
        assert results[0].digest == store.digest() == graph.digest()


def test_a_server_that_never_starts_is_told(graph: Graph) -> None:
    address = store_module.Neo4jAddress(f"bolt://127.0.0.1:{free_port()}", password=PASSWORD)
    with Neo4jStore(address, Limits(server=1)) as store:
        for ask in (lambda: store.synchronise(graph), store.digest):
            with pytest.raises(StoreError, match=r"no Neo4j server answers.*rakg neo4j start"):
                ask()


def test_a_lost_connection_is_made_anew(server: TestServer, graph: Graph, at_batch: Any) -> None:
    with breakable(int(server.address.uri.rsplit(":")[-1])) as port:
        at_batch(4, port.cut)
        address = replace(server.address, uri=f"bolt://127.0.0.1:{port.port}")
        with Neo4jStore(address, SMALL) as store:
            store.synchronise(graph)
            assert store.content().digest() == store.digest() == graph.digest()


def test_a_deadlock_with_somebody_else_is_tried_again(
    server: TestServer, store: Neo4jStore, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They hold LAB1 and want DIS1, we the other way; who holds fewer locks must yield."""
    store.synchronise(graph)
    server.run("UNWIND range(1, 300) AS i CREATE (:Person {id: i})")
    nodes = graph.nodes.assign(records=graph.nodes["records"] + 1)
    retried: list[bool] = []
    judge = store_module.worth_retrying

    def noting(error: Exception) -> bool:
        retried.append(isinstance(error, TransientError))
        return judge(error)

    monkeypatch.setattr(store_module, "worth_retrying", noting)
    with server.driver.session() as session, session.begin_transaction() as theirs:
        theirs.run("MATCH (p:Person) SET p.seen = true").consume()
        touch = "MATCH (n:RakgConcept {id: $id}) SET n.note = 1"
        theirs.run(touch, id="LAB1").consume()
        started, send = threading.Event(), store_module._send

        def in_steps(transaction: Any, parts: Any) -> None:
            parts = sorted(parts, key=lambda part: part.rows[0][0] != "DIS1")
            send(transaction, parts[:1])
            if not started.is_set():
                started.set()
                _wait_until_somebody_waits(server)
            send(transaction, parts[1:])

        def want_ours() -> None:
            started.wait(PATIENCE)
            theirs.run(touch, id="DIS1").consume()
            theirs.commit()

        monkeypatch.setattr(store_module, "_send", in_steps)
        thread = threading.Thread(target=want_ours)
        thread.start()
        changed = Graph(nodes, graph.edges)
        store.synchronise(changed)
        thread.join(PATIENCE)
    assert True in retried
    assert store.content().digest() == store.digest() == changed.digest()
    noted = server.run("MATCH (n {note: 1}) RETURN n.id AS id ORDER BY id")
    assert noted == [{"id": "DIS1"}, {"id": "LAB1"}]


def _wait_until_somebody_waits(server: TestServer) -> None:
    waiting = "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN status"
    while not server.run(waiting):
        pass


def test_a_second_synchronisation_waits_for_the_first(
    server: TestServer, graph: Graph, at_batch: Any
) -> None:
    threads: list[Any] = []
    with Neo4jStore(server.address, SMALL) as first, Neo4jStore(server.address, SMALL) as second:

        def start_the_second() -> None:
            threads.append(in_a_thread(lambda: second.synchronise(other())))
            _wait_until_somebody_waits(server)

        at_batch(3, start_the_second)
        assert first.synchronise(graph).digest == graph.digest()
        thread, results = threads[0]
        thread.join(PATIENCE)
        assert results[0].digest == other().digest()
        assert first.content().digest() == first.digest() == other().digest()


def test_a_second_synchronisation_gives_up_when_told_to(
    server: TestServer, graph: Graph, at_batch: Any
) -> None:
    impatient = replace(SMALL, turn=1)
    errors: list[StoreError] = []
    with Neo4jStore(server.address, SMALL) as first, Neo4jStore(server.address, impatient) as hasty:

        def refuse_the_second() -> None:
            with pytest.raises(StoreError, match="another synchronisation has not ended") as told:
                hasty.synchronise(other())
            errors.append(told.value)

        at_batch(3, refuse_the_second)
        first.synchronise(graph)
        assert errors
        assert first.content().digest() == first.digest() == graph.digest()


def test_a_wrong_password_is_told_and_never_shown(server: TestServer, graph: Graph) -> None:
    wrong = replace(server.address, password="quite-another-one")
    with Neo4jStore(wrong) as store, pytest.raises(StoreError, match="refuses user neo4j") as told:
        store.synchronise(graph)
    assert "RAKG_NEO4J_PASSWORD" in str(told.value)
    for secret in (PASSWORD, "quite-another-one"):
        assert secret not in str(told.value) + repr(wrong)


def test_an_unknown_database_is_told(server: TestServer) -> None:
    with (
        Neo4jStore(replace(server.address, database="nobody")) as store,
        pytest.raises(StoreError, match="no database nobody; correct RAKG_NEO4J_DATABASE"),
    ):
        store.digest()


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(StoreError, match=r"correct RAKG_NEO4J_URI, like bolt://"):
        Neo4jStore(store_module.Neo4jAddress("127.0.0.1"))


def test_a_database_full_of_another_schema_is_shared(
    server: TestServer, store: Neo4jStore, graph: Graph
) -> None:
    server.run("CREATE CONSTRAINT theirs FOR (n:Symptom) REQUIRE n.code IS UNIQUE")
    server.run("CREATE INDEX person FOR (n:Person) ON (n.name)")
    server.run(
        "UNWIND range(1, 500) AS i CREATE (:Person {id: i, name: 'p' + i})"
        "-[:HAS {id: i}]->(:Symptom {code: i})"
    )
    store.synchronise(graph)
    store.synchronise(other())
    assert store.content().digest() == store.digest() == other().digest()
    found = server.run(
        "MATCH (:Person)-[r:HAS]->(s:Symptom) RETURN count(r) AS r, sum(s.code) AS s"
    )
    assert found == [{"r": 500, "s": 125250}]


@pytest.mark.parametrize(
    "theirs",
    [
        "CREATE (:Symptom {id: 'SYM1'})",
        "CREATE (:Symptom {id: 'SYM9'}), (:Symptom {id: 'SYM9'})",
    ],
)
def test_ids_that_somebody_else_gave_are_told(
    server: TestServer, store: Neo4jStore, graph: Graph, theirs: str
) -> None:
    server.run("DROP CONSTRAINT rakg_symptom_id IF EXISTS")
    server.run(theirs)
    before = server.run("MATCH (n:Symptom) RETURN count(n) AS n")
    with pytest.raises(StoreError, match=r"somebody else stand in the way.*another label or id"):
        store.synchronise(graph)
    assert server.run("MATCH (n:Symptom) RETURN count(n) AS n") == before
    server.run("MATCH (n:Symptom) DETACH DELETE n")
    store.synchronise(graph)
    assert store.content().digest() == store.digest() == graph.digest()
