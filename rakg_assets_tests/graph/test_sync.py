from __future__ import annotations

from rakg_assets.graph.content import Graph
from rakg_assets.graph.sync import difference
from rakg_assets_tests.graph.conftest import SUPPORT, made_from


def test_the_same_graph_has_no_difference(graph: Graph) -> None:
    assert difference(graph, graph).is_empty


def test_everything_is_written_to_an_empty_store(graph: Graph) -> None:
    change = difference(Graph.empty(), graph)
    assert (len(change.nodes), len(change.edges)) == (len(graph.nodes), len(graph.edges))
    assert change.deleted_nodes.empty
    assert change.deleted_edges.empty


def test_a_node_goes_with_its_last_edge(graph: Graph) -> None:
    fewer = made_from([row for row in SUPPORT if row[0] != "MIT1"]).build()
    change = difference(graph, fewer)
    assert change.deleted_nodes["id"].tolist() == ["MIT1"]
    assert change.deleted_edges["relation"].tolist() == ["mitigation_factor_symptom"]
    assert change.edges.empty


def test_a_changed_row_is_written_and_not_deleted(graph: Graph) -> None:
    rows = [(h, r, t, dict(m)) for h, r, t, m in SUPPORT]
    rows[-1][3]["2018-03"] = 7
    change = difference(graph, made_from(rows).build())
    assert change.edges["records"].tolist() == [7]
    assert change.deleted_edges.empty


def test_a_concept_of_another_type_is_deleted_and_written(graph: Graph) -> None:
    nodes = graph.nodes.copy()
    nodes.loc[nodes["id"] == "LAB1", "type"] = "imaging_test"
    change = difference(graph, Graph(nodes, graph.edges))
    assert change.deleted_nodes["id"].tolist() == change.nodes["id"].tolist() == ["LAB1"]
