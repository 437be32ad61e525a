from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.graph import cypher, reads
from rakg_assets.graph.content import Graph
from rakg_assets.graph.embedded import EmbeddedStore
from rakg_assets.ontology.schema import EntityType, Relation
from rakg_assets_tests.graph.conftest import RA


@pytest.fixture
def store(store_path: Path, graph: Graph) -> EmbeddedStore:
    store = EmbeddedStore(store_path)
    store.synchronise(graph)
    return store


def ids(rows: list[dict[str, object]]) -> list[object]:
    return [row["id"] for row in rows]


def test_treatments_come_with_names_and_support(store: EmbeddedStore) -> None:
    first, second = reads.treatments_of(store, RA)
    assert (first["id"], first["records"], first["mentions"]) == ("TRT1", 12, 13)
    assert first["support"] == '{"2018-03":6,"2018-05":6}'
    assert (second["name_zh"], second["type"]) == ("来氟米特, 片", "treatment")


def test_the_limit_holds(store: EmbeddedStore) -> None:
    assert ids(reads.treatments_of(store, RA, limit=1)) == ["TRT1"]
    assert ids(reads.top_concepts(store, EntityType.SYMPTOM, limit=1)) == ["SYM1"]


def test_what_is_felt_where_and_what_changes_it(store: EmbeddedStore) -> None:
    assert ids(reads.symptoms_of_body_part(store, "BDP1")) == ["SYM1"]
    assert ids(reads.body_parts_of_symptom(store, "SYM1")) == ["BDP1"]
    assert ids(reads.aggravating_factors_of(store, "SYM1")) == ["AGG1"]
    assert ids(reads.mitigation_factors_of(store, "SYM2")) == ["MIT1"]


def test_a_treatment_relation_reaches_symptoms_and_diseases(store: EmbeddedStore) -> None:
    assert ids(reads.treatments_that_improved(store, "SYM1")) == ["TRT1"]
    assert ids(reads.treatments_that_improved(store, RA)) == ["TRT1"]
    assert ids(reads.tails(store, Relation.TREATMENT_IMPROVED, "TRT1")) == ["SYM1", RA]


def test_a_subgraph_holds_neighbours_and_the_edges_among_them(store: EmbeddedStore) -> None:
    near = reads.subgraph(store, "BDP1")
    assert ids(near.nodes) == ["BDP1", "PEX1", "SYM1"]
    assert {(e["head"], e["relation"], e["tail"]) for e in near.edges} == {
        ("BDP1", "body_part_symptom", "SYM1"),
        ("BDP1", "body_part_physical_examination", "PEX1"),
    }
    around_ra = reads.subgraph(store, RA)
    assert ("TRT1", "SYM1") in {(e["head"], e["tail"]) for e in around_ra.edges}


def test_an_unknown_concept_has_no_surroundings(store: EmbeddedStore) -> None:
    assert reads.subgraph(store, "NOBODY") == reads.Subgraph([], [])
    assert reads.treatments_of(store, "NOBODY") == []


def test_every_statement_runs(store: EmbeddedStore) -> None:
    values = {"id": RA, "limit": 3}
    for relation in Relation:
        for statement in (cypher.tails_of(relation), cypher.heads_of(relation)):
            assert isinstance(store.query(statement, values), list)
    for kind in EntityType:
        assert isinstance(store.query(cypher.top_nodes(kind), {"limit": 3}), list)
