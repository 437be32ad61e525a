from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rakg_assets.graph.content import Graph
from rakg_assets.graph.neo4j import store as store_module
from rakg_assets.graph.neo4j.content import Content
from rakg_assets.graph.neo4j.manifest import Manifest, State
from rakg_assets.graph.neo4j.store import Limits, Neo4jStore
from rakg_assets_tests.graph.conftest import SUPPORT, made_from
from rakg_assets_tests.neo4j_server import PATIENCE, TestServer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "manifest"


@pytest.fixture
def noting(server: TestServer, folder: Path) -> Iterator[Neo4jStore]:
    """A store that keeps a manifest."""
    with Neo4jStore(server.address, Limits(server=PATIENCE), Manifest(folder)) as store:
        yield store


@pytest.fixture
def read_back(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows whenever the database is read in full."""
    times: list[str] = []
    read = store_module.read_content_in

    def counted(transaction: object) -> Content:
        times.append("read")
        return read(transaction)

    monkeypatch.setattr(store_module, "read_content_in", counted)
    return times


def state_of(graph: Graph) -> State:
    return State(("FB:ours",), "token", graph.digest())


def stronger() -> Graph:
    rows = [(h, r, t, dict(m)) for h, r, t, m in SUPPORT]
    rows[0][3]["2018-03"] += 1
    return made_from(rows).build()


def test_a_graph_is_known_in_the_state_it_was_noted_in(folder: Path, graph: Graph) -> None:
    manifest, state = Manifest(folder), state_of(graph)
    assert not manifest.knows(state)
    manifest.write(graph, state)
    assert manifest.knows(state)
    known = manifest.graph(state)
    assert known is not None
    assert known.digest() == graph.digest()
    manifest.forget()
    assert manifest.graph(state) is None
    manifest.forget()


@pytest.mark.parametrize(
    "other", [{"bookmarks": ("FB:theirs",)}, {"token": "another"}, {"digest": "0" * 64}]
)
def test_it_is_not_known_in_another_state(
    folder: Path, graph: Graph, other: dict[str, object]
) -> None:
    Manifest(folder).write(graph, state_of(graph))
    assert not Manifest(folder).knows(replace(state_of(graph), **other))
    assert Manifest(folder).graph(replace(state_of(graph), **other)) is None


@pytest.mark.parametrize("empty", [{"bookmarks": ()}, {"token": ""}, {"digest": ""}])
def test_a_state_that_tells_nothing_is_never_known(
    folder: Path, graph: Graph, empty: dict[str, object]
) -> None:
    state = replace(state_of(graph), **empty)
    Manifest(folder).write(graph, state)
    assert not Manifest(folder).knows(state)


def test_the_empty_graph_can_be_noted(folder: Path) -> None:
    manifest, state = Manifest(folder), state_of(Graph.empty())
    manifest.write(Graph.empty(), state)
    known = manifest.graph(state)
    assert known is not None
    assert known.is_empty


@pytest.mark.parametrize("name", ["mark.json", "nodes.parquet", "edges.parquet"])
@pytest.mark.parametrize("damage", [b"", b"[]", b"\xff{", None])
def test_a_damaged_manifest_is_as_good_as_none(
    folder: Path, graph: Graph, name: str, damage: bytes | None
) -> None:
    manifest = Manifest(folder)
    manifest.write(graph, state_of(graph))
    if damage is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(damage)
    assert manifest.graph(state_of(graph)) is None


def test_tables_of_another_graph_are_not_taken(folder: Path, graph: Graph) -> None:
    Manifest(folder).write(stronger(), state_of(graph))
    assert Manifest(folder).graph(state_of(graph)) is None


def test_a_manifest_that_cannot_be_written_stops_nothing(
    server: TestServer, tmp_path: Path, graph: Graph
) -> None:
    (tmp_path / "file").write_text("in the way")
    manifest = Manifest(tmp_path / "file" / "manifest")
    with Neo4jStore(server.address, Limits(server=PATIENCE), manifest) as store:
        store.synchronise(graph)
        assert store.plan(graph).is_empty
        assert store.synchronise(graph).unchanged


def test_what_was_read_once_and_touched_by_nobody_is_not_read_again(
    noting: Neo4jStore, read_back: list[str], graph: Graph
) -> None:
    noting.synchronise(graph)
    assert noting.plan(graph).is_empty
    read_back.clear()
    assert noting.synchronise(graph).unchanged
    assert noting.synchronise(stronger()).edges_written == 1
    assert not read_back
    assert noting.plan(stronger()).is_empty


def test_a_server_that_was_started_again_is_not_read_again(
    noting: Neo4jStore, server: TestServer, read_back: list[str], graph: Graph
) -> None:
    noting.synchronise(graph)
    noting.plan(graph)
    read_back.clear()
    server.java.stop()
    server.start()
    assert noting.synchronise(graph).unchanged
    assert not read_back


@pytest.mark.parametrize(
    "written",
    [
        "MATCH (n {id: 'SYM1'}) SET n.name_zh = '肿疼'",
        "MATCH (n:RakgConcept) DETACH DELETE n",
        "MATCH (m:RakgMeta) DELETE m",
        "CREATE (:SomethingElse)",
        "DROP CONSTRAINT rakg_symptom_id",
    ],
)
def test_after_any_write_of_others_all_is_read_back_and_mended(
    noting: Neo4jStore, server: TestServer, read_back: list[str], graph: Graph, written: str
) -> None:
    noting.synchronise(graph)
    noting.plan(graph)
    read_back.clear()
    server.run(written)
    noting.synchronise(graph)
    assert read_back
    assert noting.plan(graph).is_empty
    read_back.clear()
    assert noting.synchronise(graph).unchanged
    assert not read_back


def test_what_others_write_during_a_synchronisation_is_mended_by_the_next(
    noting: Neo4jStore, server: TestServer, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    noting.synchronise(graph)
    noting.plan(graph)
    send = store_module._send

    def disturbed(*args: object) -> None:
        server.run("MATCH (n {id: 'LAB1'}) SET n.name_zh = '血尿'")
        send(*args)

    with monkeypatch.context() as during:
        during.setattr(store_module, "_send", disturbed)
        noting.synchronise(stronger())
    assert noting.synchronise(stronger()).nodes_written == 1
    assert noting.content().digest() == stronger().digest()


def test_a_copy_that_was_put_back_is_read_in_full(
    noting: Neo4jStore, server: TestServer, graph: Graph, tmp_path: Path
) -> None:
    noting.synchronise(graph)
    server.java.stop()
    data, copy = server.java.root / "data", tmp_path / "copy"
    shutil.copytree(data, copy)
    server.start()
    noting.synchronise(stronger())
    noting.plan(stronger())
    server.java.stop()
    shutil.rmtree(data)
    shutil.copytree(copy, data)
    server.start()
    # As many commits as the copy lacks: the server now says the same bookmarks.
    server.run("CREATE (:SomethingElse)")
    assert noting.synchronise(stronger()).edges_written == 1
    assert noting.content().digest() == stronger().digest()


def test_another_home_counts_as_somebody_else(
    noting: Neo4jStore, server: TestServer, tmp_path: Path, graph: Graph
) -> None:
    noting.synchronise(graph)
    noting.plan(graph)
    with Neo4jStore(server.address, manifest=Manifest(tmp_path / "another")) as another:
        assert another.synchronise(stronger()).edges_written == 1
    assert noting.synchronise(graph).edges_written == 1
    assert noting.content().digest() == graph.digest()


def test_drift_that_was_found_makes_the_manifest_void(
    noting: Neo4jStore, folder: Path, graph: Graph
) -> None:
    noting.synchronise(graph)
    noting.plan(graph)
    assert (folder / "mark.json").exists()
    assert not noting.plan(stronger()).is_empty
    assert not (folder / "mark.json").exists()
