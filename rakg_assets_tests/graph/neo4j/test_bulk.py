"""The exported files as they are, loaded into a real server in both ways that Neo4j offers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest

from rakg_assets.graph.content import Graph
from rakg_assets.graph.export import write_export
from rakg_assets.graph.named_reads import top_treatments
from rakg_assets.graph.neo4j.connection import Neo4jAddress
from rakg_assets.graph.neo4j.rivals import admin_import
from rakg_assets.graph.neo4j.server import JavaServer, Ports
from rakg_assets.graph.neo4j.store import Limits, Neo4jStore
from rakg_assets_tests.graph.conftest import SUPPORT, made_from
from rakg_assets_tests.neo4j_server import PASSWORD, PATIENCE, free_port


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Names that are empty, or hold quotes, commas and a backslash."""
    graph = made_from(SUPPORT).build()
    nodes = graph.nodes.assign(name_en=graph.nodes["name_en"].replace("ESR", ""))
    nodes["name_zh"] = nodes["name_zh"].replace("受凉", '"受\\凉", 冷')
    return Graph(nodes, graph.edges)


@pytest.fixture(scope="module")
def export(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    write_export(graph, folder)
    return folder


@pytest.fixture(scope="module")
def java(jars: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaServer]:
    """A server of this module alone: an import needs one that is stopped."""
    root = tmp_path_factory.mktemp("bulk") / "server"
    server = JavaServer(root, Ports(free_port(), free_port()), jars, PATIENCE)
    server.start(PASSWORD)
    yield server
    server.stop()


def store_of(java: JavaServer) -> Neo4jStore:
    address = Neo4jAddress(java.status().uri, password=PASSWORD)
    return Neo4jStore(address, Limits(server=PATIENCE))


def assert_holds(java: JavaServer, graph: Graph) -> None:
    """The graph is there, is answered from, and nothing is left to write."""
    with store_of(java) as store:
        assert store.content().digest() == graph.digest()
        assert [answer.records for answer in top_treatments(store)] == [12, 8]
        result = store.synchronise(graph)
        assert (result.nodes_written, result.edges_written) == (0, 0)
        assert (result.nodes_deleted, result.edges_deleted) == (0, 0)


def test_neo4j_admin_imports_the_files_unchanged(
    java: JavaServer, jars: Path, export: Path, graph: Graph
) -> None:
    java.stop()
    admin_import(export, java.root, jars)
    java.start(PASSWORD)
    assert_holds(java, graph)


def test_the_script_loads_the_files_and_loading_again_changes_nothing(
    java: JavaServer, export: Path, graph: Graph
) -> None:
    shutil.copytree(export, java.root / "import", dirs_exist_ok=True)
    script = (export / "load.cypher").read_text("utf-8")
    lines = [line for line in script.splitlines() if not line.startswith("//")]
    statements = [part for part in "\n".join(lines).split(";\n") if part.strip(";\n")]
    auth = ("neo4j", PASSWORD)
    with neo4j.GraphDatabase.driver(java.status().uri, auth=auth) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
        for _ in range(2):
            with driver.session() as session:
                for statement in statements:
                    session.run(statement).consume()
    assert_holds(java, graph)
