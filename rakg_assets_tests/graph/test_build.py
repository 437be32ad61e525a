from __future__ import annotations

import json

import pandas as pd
import pytest

from rakg_assets.graph.build import Provenance, build_graph
from rakg_assets.graph.content import EDGE_SCHEMA, NODE_SCHEMA, Graph, GraphError
from rakg_assets_tests.graph.conftest import CONCEPTS, RA, SUPPORT, Input, made_from


def test_nodes_are_the_concepts_that_triples_name(graph: Graph) -> None:
    assert list(graph.nodes.columns) == NODE_SCHEMA.names
    assert set(graph.nodes["id"]) == set(CONCEPTS["concept_id"]) - {"SYM9"}
    row = graph.nodes.set_index("id").loc["TRT1"]
    assert (row["name_zh"], row["name_en"], row["records"]) == ("甲氨蝶呤", "methotrexate", 12)


def test_edges_carry_support_by_month_and_versions(graph: Graph) -> None:
    assert list(graph.edges.columns) == EDGE_SCHEMA.names
    edge = graph.edges.query("relation == 'disease_symptom' and tail == 'SYM1'").iloc[0]
    assert json.loads(edge["support"]) == {"2018-03": 5, "2018-05": 4}
    assert (edge["records"], edge["mentions"]) == (9, 10)
    assert (edge["model_version"], edge["dictionary_version"]) == ("m1", "d1")


def test_no_record_id_enters(tables: Input) -> None:
    ids = [[f"CANARY{i}-{n}" for n in range(row.records)] for i, row in tables.support.iterrows()]
    graph = Input(tables.filtered, tables.support.assign(record_ids=ids)).build()
    assert "CANARY" not in graph.nodes.to_csv() + graph.edges.to_csv()


def test_a_record_that_two_months_name_counts_once(tables: Input) -> None:
    support = pd.DataFrame(
        [(RA, "disease_symptom", "SYM1", month, 1, ["E1"]) for month in ("2018-03", "2018-05")],
        columns=[*tables.support.columns, "record_ids"],
    )
    filtered = tables.filtered.head(1).assign(records=1)
    assert Input(filtered, support).build().edges["records"].tolist() == [1]


def test_no_triple_gives_an_empty_graph(tables: Input) -> None:
    graph = Input(tables.filtered.head(0), tables.support.head(0)).build()
    assert graph.is_empty
    assert list(graph.edges.columns) == EDGE_SCHEMA.names


def test_a_name_that_is_missing_is_empty(tables: Input) -> None:
    nameless = CONCEPTS.assign(name_en=None)
    graph = build_graph(tables.filtered, nameless, Provenance(tables.support, "m1", "d1"))
    assert set(graph.nodes["name_en"]) == {""}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"relation": "cures"}, "ontology does not allow"),
        ({"head_type": "symptom"}, "ontology does not allow"),
        ({"tail_id": "SYM2", "tail_type": "body_part"}, "ontology does not allow"),
        ({"records": 99}, "its months have 9"),
        ({"tail_id": "NOBODY"}, "is no symptom of the dictionaries"),
        ({"tail_id": "TRT1"}, "is no symptom of the dictionaries"),
    ],
)
def test_an_untrue_triple_is_refused_with_its_place(
    tables: Input, change: dict[str, object], reason: str
) -> None:
    filtered = tables.filtered.head(1).assign(**change)
    with pytest.raises(GraphError, match=f"(?s)filtered_triples.*{reason}.*; "):
        Input(filtered, tables.support).build()


def test_a_triple_that_stands_twice_is_refused(tables: Input) -> None:
    twice = pd.concat([tables.filtered, tables.filtered.tail(1)])
    with pytest.raises(GraphError, match="stands twice"):
        Input(twice, tables.support).build()


def test_a_concept_id_used_twice_is_refused(tables: Input) -> None:
    twice = pd.concat([CONCEPTS, CONCEPTS.tail(1)])
    with pytest.raises(GraphError, match="SYM9 is used twice"):
        build_graph(tables.filtered, twice, Provenance(tables.support, "m1", "d1"))


def test_one_record_fewer_changes_exactly_its_support(graph: Graph) -> None:
    rows = [(h, r, t, dict(m)) for h, r, t, m in SUPPORT]
    rows[0][3]["2018-05"] -= 1
    fewer = made_from(rows).build()
    changed = graph.edges.compare(fewer.edges)
    assert len(changed) == 1
    assert set(changed.columns.get_level_values(0)) == {"records", "mentions", "support"}
