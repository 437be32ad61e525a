from __future__ import annotations

import pytest

from rakg_assets.graph.content import Graph
from rakg_assets_tests.graph.conftest import Input


def test_the_digest_does_not_see_order_or_dtype(graph: Graph) -> None:
    edges = graph.edges.sample(frac=1, random_state=1).astype({"records": "int32"})
    shuffled = Graph(graph.nodes.iloc[::-1].astype(object), edges[edges.columns[::-1]])
    assert shuffled.digest() == graph.digest()


@pytest.mark.parametrize("versions", [("m2", "d1"), ("m1", "d2")])
def test_the_digest_sees_versions(tables: Input, graph: Graph, versions: tuple[str, str]) -> None:
    assert tables.build(*versions).digest() != graph.digest()


def test_the_digest_sees_one_record(graph: Graph) -> None:
    edges = graph.edges.copy()
    edges.loc[0, "records"] += 1
    assert Graph(graph.nodes, edges).digest() != graph.digest()


def test_the_digest_of_nothing_is_stable() -> None:
    assert Graph.empty().digest() == Graph.empty().digest()
