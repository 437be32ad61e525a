from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import ladybug
import pytest
from filelock import FileLock

from rakg_assets.graph.content import Graph
from rakg_assets.graph.embedded import EmbeddedStore
from rakg_assets.graph.store import GraphStore, StoreError
from rakg_assets.ontology.schema import EntityType, Relation
from rakg_assets_tests.graph.conftest import SUPPORT, made_from


@pytest.fixture
def store(store_path: Path) -> EmbeddedStore:
    return EmbeddedStore(store_path)


def smaller() -> Graph:
    return made_from(SUPPORT[:4]).build()


def stamp(path: Path) -> tuple[int, int]:
    return path.stat().st_ino, path.stat().st_mtime_ns


def test_it_holds_what_it_was_given(store: EmbeddedStore, graph: Graph) -> None:
    typed: GraphStore = store
    result = typed.synchronise(graph)
    assert (result.nodes_written, result.edges_written) == (len(graph.nodes), len(graph.edges))
    assert store.content().digest() == store.digest() == graph.digest() == result.digest


def test_counts_are_by_type_and_relation(store: EmbeddedStore, graph: Graph) -> None:
    store.synchronise(graph)
    counts = store.counts()
    assert counts.nodes[EntityType.SYMPTOM] == 2
    assert counts.edges[Relation.TREATMENT_IMPROVED] == 2
    assert sum(counts.edges.values()) == len(graph.edges)
    assert set(counts.nodes) == set(EntityType)


def test_labels_are_types_and_relationship_types_are_relations(
    store: EmbeddedStore, graph: Graph
) -> None:
    store.synchronise(graph)
    rows = store.query("CALL show_tables() RETURN name, type")
    names = {row["name"] for row in rows}
    assert {kind.node_label for kind in EntityType} <= names
    assert {relation.edge_type for relation in Relation} <= names


def test_the_same_content_writes_nothing(store: EmbeddedStore, graph: Graph) -> None:
    store.synchronise(graph)
    before = stamp(store.path)
    result = store.synchronise(graph)
    assert result.unchanged
    assert result.nodes_written == result.edges_written == 0
    assert stamp(store.path) == before


def test_support_is_taken_back(store: EmbeddedStore, graph: Graph) -> None:
    store.synchronise(graph)
    rows = [(h, r, t, dict(m)) for h, r, t, m in SUPPORT]
    rows[-1][3]["2018-03"] -= 1
    result = store.synchronise(made_from(rows).build())
    assert (result.edges_written, result.edges_deleted, result.nodes_deleted) == (1, 0, 0)
    found = store.query("MATCH ()-[r:TREATMENT_NOT_IMPROVED]->() RETURN r.records AS n")
    assert found == [{"n": 5}]


def test_an_edge_below_the_filter_goes_with_its_lonely_node(
    store: EmbeddedStore, graph: Graph
) -> None:
    store.synchronise(graph)
    result = store.synchronise(made_from([r for r in SUPPORT if r[0] != "AGG1"]).build())
    assert (result.nodes_deleted, result.edges_deleted) == (1, 1)
    assert store.counts().nodes[EntityType.AGGRAVATING_FACTOR] == 0


def test_an_empty_graph_is_a_graph(store: EmbeddedStore, graph: Graph) -> None:
    store.synchronise(graph)
    result = store.synchronise(Graph.empty())
    assert result.nodes_deleted == len(graph.nodes)
    assert sum(store.counts().nodes.values()) == 0
    assert store.synchronise(Graph.empty()).unchanged


def test_an_open_reader_goes_on_over_the_swap(store: EmbeddedStore, graph: Graph) -> None:
    store.synchronise(graph)
    database = ladybug.Database(store.path, read_only=True, max_db_size=2**34)
    connection = ladybug.Connection(database)
    count = "MATCH (n:Symptom|BodyPart|Treatment|LabTest) RETURN count(n)"
    before = connection.execute(count).get_all()
    store.synchronise(smaller())
    assert connection.execute(count).get_all() == before
    connection.close()
    database.close()
    assert store.counts().nodes[EntityType.LAB_TEST] == 0


def read_on_demand(path: Path, pipe: Connection) -> None:
    """Another process with the file open: a number of nodes each time it is asked."""
    database = ladybug.Database(path, read_only=True, max_db_size=2**34)
    connection = ladybug.Connection(database)
    while pipe.recv():
        pipe.send(connection.execute("MATCH (n:LabTest) RETURN count(n)").get_all()[0][0])


def test_a_reader_in_another_process_goes_on(store: EmbeddedStore, graph: Graph) -> None:
    store.synchronise(graph)
    ours, theirs = get_context("spawn").Pipe()
    reader = get_context("spawn").Process(target=read_on_demand, args=(store.path, theirs))
    reader.start()
    try:
        seen = []
        for step in (graph, smaller(), graph):
            store.synchronise(step)
            ours.send(True)
            assert ours.poll(60)
            seen.append(ours.recv())
        assert seen == [1, 1, 1]
        ours.send(False)
    finally:
        reader.join(30)
        reader.kill()


@pytest.mark.parametrize("moment", ["_copy_edges", "replace_file"])
def test_a_killed_build_leaves_the_old_graph(
    store: EmbeddedStore, graph: Graph, moment: str
) -> None:
    store.synchronise(graph)
    before = stamp(store.path)
    code = f"""
        import os, signal
        from pathlib import Path
        from rakg_assets.graph import embedded
        from rakg_assets_tests.graph.test_embedded import smaller
        embedded.{moment} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        embedded.EmbeddedStore(Path({str(store.path)!r})).synchronise(smaller())
    """
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert stamp(store.path) == before
    assert store.digest() == graph.digest()
    assert [path for path in store.path.parent.iterdir() if ".new" in path.name]

    assert store.synchronise(graph).unchanged
    assert sorted(p.name for p in store.path.parent.glob("*.lbug*") if p.suffix != ".lock") == [
        store.path.name
    ]
    store.synchronise(smaller())
    assert store.digest() == smaller().digest()


def test_a_foreign_log_is_not_replayed_on_the_new_file(store: EmbeddedStore, graph: Graph) -> None:
    store.synchronise(graph)
    log = store.path.with_name(store.path.name + ".wal")
    log.write_bytes(b"left by somebody else")
    store.synchronise(smaller())
    assert not log.exists()
    assert store.digest() == smaller().digest()


def test_a_broken_file_is_told_and_built_anew(store: EmbeddedStore, graph: Graph) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(b"not a graph" * 1000)
    with pytest.raises(StoreError, match=r"rakg\.lbug: cannot be opened.*anew"):
        store.query("MATCH (n:Symptom) RETURN n.id AS id")
    assert store.synchronise(graph).nodes_written == len(graph.nodes)
    assert store.digest() == graph.digest()


def test_without_a_file_it_says_what_to_do_first(store: EmbeddedStore) -> None:
    assert store.digest() is None
    assert store.content().is_empty
    with pytest.raises(StoreError, match="materialise knowledge_graph first"):
        store.counts()
    assert not store.path.parent.exists()


@pytest.mark.parametrize("statement", ["MATCH (n:Nobody) RETURN n", "CREATE (:Symptom {id: 'x'})"])
def test_a_wrong_or_writing_statement_is_refused(
    store: EmbeddedStore, graph: Graph, statement: str
) -> None:
    store.synchronise(graph)
    with pytest.raises(StoreError, match="correct the statement"):
        store.query(statement)
    assert store.content().digest() == graph.digest()


def test_parameters_are_values_only(store: EmbeddedStore, graph: Graph) -> None:
    store.synchronise(graph)
    hostile = "x'}) DETACH DELETE n //"
    assert store.query("MATCH (n:Symptom {id: $id}) RETURN n.id AS id", {"id": hostile}) == []


def test_names_survive_quotes_and_markup(store: EmbeddedStore, graph: Graph) -> None:
    store.synchronise(graph)
    rows = store.query("MATCH (n:Treatment {id: 'TRT2'}) RETURN n.name_zh AS zh, n.name_en AS en")
    assert rows == [{"zh": "来氟米特, 片", "en": 'leflunomide "tablet" <b>'}]


def test_sums_are_integers(store: EmbeddedStore, graph: Graph) -> None:
    store.synchronise(graph)
    row = store.query("MATCH (n:Symptom) RETURN sum(n.records) AS n")[0]
    assert row == {"n": 15}
    assert type(row["n"]) is int


def test_a_build_that_does_not_end_is_told(store_path: Path, graph: Graph) -> None:
    store_path.parent.mkdir()
    with FileLock(store_path.with_name("rakg.lbug.lock")):
        waiting = EmbeddedStore(store_path, lock_seconds=0.05)
        with pytest.raises(StoreError, match="another build has not ended"):
            waiting.synchronise(graph)
