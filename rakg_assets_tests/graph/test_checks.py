from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from rakg_assets.graph.assets import store_of
from rakg_assets.graph.checks import CHECKS
from rakg_assets.graph.content import EDGE_SCHEMA, NODE_SCHEMA, Graph
from rakg_assets_tests.promises import CheckedHome

TRIPLE = {"head_id": "DIS0001", "relation": "disease_treatment", "tail_id": "TRT0001"}
NODES = [
    ["DIS0001", "disease", "类风湿关节炎", "rheumatoid arthritis", 6],
    ["TRT0001", "treatment", "甲氨蝶呤", "methotrexate", 6],
]
EDGES = [["DIS0001", "disease_treatment", "TRT0001", 6, 9, "{}", "m", "d"]]


def store(home: CheckedHome, nodes: list[list], edges: list[list]) -> None:
    graph = Graph(
        pd.DataFrame(nodes, columns=NODE_SCHEMA.names),
        pd.DataFrame(edges, columns=EDGE_SCHEMA.names),
    )
    store_of(home.settings).synchronise(graph)


@pytest.fixture
def home(tmp_path: Path) -> CheckedHome:
    home = CheckedHome(tmp_path / "home")
    home.put("filtered_triples", TRIPLE)
    home.put("treatment_ranking", {"concept_id": "a", "share": 0.7}, {"share": 0.3})
    home.place.exports.mkdir(parents=True)
    (home.place.exports / "nodes.csv").write_text("甲氨蝶呤,methotrexate\n", encoding="utf-8")
    store(home, NODES, EDGES)
    return home


@pytest.mark.parametrize("asset", ["knowledge_graph", "graph_export", "treatment_ranking"])
def test_promises_that_are_kept_pass(home: CheckedHome, asset: str) -> None:
    assert home.broken(CHECKS, asset) == {}


@pytest.mark.parametrize(
    ("nodes", "edges", "broken"),
    [
        (NODES, [], {"edges_equal_triples": "ERROR"}),
        (
            [*NODES, ["TRT0002", "treatment", "来氟米特", "leflunomide", 6]],
            EDGES,
            {"nodes_equal_triples": "ERROR"},
        ),
    ],
)
def test_a_store_that_holds_something_else_is_found(
    home: CheckedHome, nodes: list[list], edges: list[list], broken: dict[str, str]
) -> None:
    store(home, nodes, edges)
    assert home.broken(CHECKS, "knowledge_graph") == broken


def test_identifying_text_in_an_export_is_found(home: CheckedHome) -> None:
    (home.place.exports / "nodes.csv").write_text("电话15400001234\n", encoding="utf-8")
    assert home.broken(CHECKS, "graph_export") == {"no_identifying_text": "ERROR"}


def test_shares_that_do_not_add_up_are_found(home: CheckedHome) -> None:
    home.put("treatment_ranking", {"share": 0.7})
    assert home.broken(CHECKS, "treatment_ranking") == {"shares_add_up": "ERROR"}


def test_no_treatments_break_no_promise(home: CheckedHome) -> None:
    home.put("treatment_ranking")
    assert home.broken(CHECKS, "treatment_ranking") == {}
