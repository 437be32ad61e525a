"""Each way leaves the graph that the store leaves, so that their times can be compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.graph.content import Graph
from rakg_assets.graph.neo4j.rivals import admin_import, merge_row_by_row, merge_unwound
from rakg_assets.graph.neo4j.store import Neo4jStore
from rakg_assets.graph.store import StoreError
from rakg_assets_tests.neo4j_server import TestServer


@pytest.mark.parametrize("shuffled", [False, True])
def test_unwound_batches_leave_the_same_graph(
    server: TestServer, store: Neo4jStore, graph: Graph, shuffled: bool
) -> None:
    merge_unwound(server.driver, graph, 3, shuffled)
    assert store.content().digest() == graph.digest()


def test_rows_one_by_one_leave_the_same_graph(
    server: TestServer, store: Neo4jStore, graph: Graph
) -> None:
    assert merge_row_by_row(server.driver, graph, 1_000) == len(graph.nodes) + len(graph.edges)
    assert store.content().digest() == graph.digest()


def test_rows_one_by_one_stop_where_told(
    server: TestServer, store: Neo4jStore, graph: Graph
) -> None:
    assert merge_row_by_row(server.driver, graph, 5) == 5
    assert len(store.content().nodes) == 5


def test_an_import_that_fails_says_why(tmp_path: Path, jars: Path) -> None:
    with pytest.raises(StoreError, match="neo4j-admin database import"):
        admin_import(tmp_path / "none", tmp_path, jars)
