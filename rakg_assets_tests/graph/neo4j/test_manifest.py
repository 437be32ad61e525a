from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rakg_assets.graph.content import Graph
from rakg_assets.graph.neo4j import store as store_module
from rakg_assets.graph.neo4j.content import Content
from rakg_assets.graph.neo4j.manifest import Manifest
from rakg_assets.graph.neo4j.store import Limits, Neo4jStore
from rakg_assets_tests.graph.conftest import SUPPORT, made_from
from rakg_assets_tests.neo4j_server import PATIENCE, TestServer

OURS = frozenset({"FB:ours"})


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


def stronger() -> Graph:
    rows = [(h, r, t, dict(m)) for h, r, t, m in SUPPORT]
    rows[0][3]["2018-03"] += 1
    return made_from(rows).build()


def test_a_graph_is_known_in_the_state_it_was_noted_in(folder: Path, graph: Graph) -> None:
    manifest = Manifest(folder)
    assert manifest.digest(OURS) is None
    manifest.write(graph, OURS)
    assert manifest.digest(OURS) == graph.digest()
    known = manifest.graph(OURS)
    assert known is not None
    assert known.digest() == graph.digest()
    assert manifest.graph({"FB:theirs"}) is None
    assert manifest.graph(OURS | {"FB:theirs"}) is None
    manifest.forget()
    assert manifest.graph(OURS) is None
    manifest.forget()


def test_the_empty_graph_can_be_noted(folder: Path) -> None:
    manifest = Manifest(folder)
    manifest.write(Graph.empty(), OURS)
    known = manifest.graph(OURS)
    assert known is not None
    assert known.is_empty


@pytest.mark.parametrize("name", ["mark.json", "nodes.parquet", "edges.parquet"])
@pytest.mark.parametrize("damage", [b"", b"[]", b"\xff{", None])
def test_a_damaged_manifest_is_as_good_as_none(
    folder: Path, graph: Graph, name: str, damage: bytes | None
) -> None:
    manifest = Manifest(folder)
    manifest.write(graph, OURS)
    if damage is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(damage)
    assert manifest.graph(OURS) is None


def test_files_that_are_not_those_of_the_mark_are_not_taken(folder: Path, graph: Graph) -> None:
    manifest = Manifest(folder)
    manifest.write(graph, OURS)
    mark = folder / "mark.json"
    mark.write_text(json.dumps(json.loads(mark.read_text()) | {"digest": "0" * 64}))
    assert manifest.graph(OURS) is None


def test_what_nobody_touched_is_not_read_back(
    noting: Neo4jStore, read_back: list[str], graph: Graph
) -> None:
    noting.synchronise(graph)
    assert read_back.pop()
    assert noting.synchronise(graph).unchanged
    result = noting.synchronise(stronger())
    assert result.edges_written == 1
    assert not read_back
    assert noting.drift().is_none
    assert noting.content().digest() == stronger().digest()


def test_a_server_that_was_started_again_is_not_read_back(
    noting: Neo4jStore, server: TestServer, read_back: list[str], graph: Graph
) -> None:
    noting.synchronise(graph)
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
    ],
)
def test_after_any_write_of_others_all_is_read_back_and_mended(
    noting: Neo4jStore, server: TestServer, read_back: list[str], graph: Graph, written: str
) -> None:
    noting.synchronise(graph)
    read_back.clear()
    server.run(written)
    noting.synchronise(graph)
    assert read_back
    assert noting.drift().is_none
    assert noting.content().digest() == graph.digest()
    read_back.clear()
    assert noting.synchronise(graph).unchanged
    assert not read_back


def test_another_synchronisation_counts_as_a_write_of_others(
    noting: Neo4jStore, server: TestServer, tmp_path: Path, graph: Graph
) -> None:
    noting.synchronise(graph)
    with Neo4jStore(server.address, manifest=Manifest(tmp_path / "another")) as another:
        assert another.synchronise(stronger()).edges_written == 1
    assert noting.synchronise(graph).edges_written == 1
    assert noting.content().digest() == graph.digest()


def test_drift_that_was_found_makes_the_manifest_void(
    noting: Neo4jStore, server: TestServer, folder: Path, graph: Graph
) -> None:
    noting.synchronise(graph)
    server.run("MATCH (n {id: 'SYM1'}) SET n.name_zh = '肿疼'")
    # As if the write had not been noticed.
    Manifest(folder).write(graph, noting._state())
    assert noting.synchronise(graph).unchanged
    assert not noting.drift().is_none
    assert noting.synchronise(graph).nodes_written == 1
    assert noting.drift().is_none
