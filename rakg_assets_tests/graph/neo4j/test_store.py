from __future__ import annotations

import pytest

from rakg_assets.graph import reads
from rakg_assets.graph.content import Graph
from rakg_assets.graph.embedded import EmbeddedStore
from rakg_assets.graph.neo4j.statements import SCHEMA
from rakg_assets.graph.neo4j.store import Neo4jStore
from rakg_assets.graph.store import GraphStore, StoreError
from rakg_assets.ontology.schema import EntityType, Relation
from rakg_assets_tests.graph.conftest import RA, SUPPORT, made_from
from rakg_assets_tests.neo4j_server import TestServer

WRITTEN = {"nodes_written", "nodes_deleted", "edges_written", "edges_deleted"}


def intact(store: Neo4jStore) -> bool:
    """Whether the database holds what was written last."""
    return store.content().digest() == store.digest()


def fewer() -> Graph:
    """Without one concept, and with other support of the first triple."""
    rows = [(h, r, t, dict(m)) for h, r, t, m in SUPPORT if h != "MIT1"]
    rows[0][3]["2018-03"] += 1
    return made_from(rows).build()


def test_it_holds_what_it_was_given(store: Neo4jStore, graph: Graph) -> None:
    typed: GraphStore = store
    result = typed.synchronise(graph)
    assert (result.nodes_written, result.edges_written) == (len(graph.nodes), len(graph.edges))
    assert store.content().digest() == store.digest() == graph.digest() == result.digest


def test_an_empty_database_holds_nothing(store: Neo4jStore) -> None:
    assert store.digest() is None
    assert store.content().is_empty
    assert sum(store.counts().nodes.values()) == 0


def test_the_same_content_writes_nothing(
    store: Neo4jStore, server: TestServer, graph: Graph
) -> None:
    store.synchronise(graph)
    marks = "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN elementId(n) AS n, elementId(r) AS r"
    before = sorted(map(str, server.run(marks)))
    assert store.synchronise(graph).unchanged
    assert sorted(map(str, server.run(marks))) == before


def test_only_what_differs_is_written(store: Neo4jStore, graph: Graph) -> None:
    store.synchronise(graph)
    result = store.synchronise(fewer())
    # The disease and the symptom at the ends of the stronger triple were named once more often.
    assert (result.edges_written, result.edges_deleted, result.nodes_deleted) == (1, 1, 1)
    assert store.content().digest() == store.digest() == fewer().digest()


def test_a_plan_says_what_a_synchronisation_does_and_writes_nothing(
    store: Neo4jStore, graph: Graph
) -> None:
    store.synchronise(graph)
    planned = store.plan(fewer()).result(fewer().digest())
    assert store.digest() == store.content().digest() == graph.digest()
    assert store.synchronise(fewer()) == planned


def test_a_concept_of_another_type_is_relabelled_and_keeps_its_edges(
    store: Neo4jStore, server: TestServer, graph: Graph
) -> None:
    nodes = graph.nodes.copy()
    store.synchronise(graph)
    nodes.loc[nodes["id"] == "LAB1", "type"] = "imaging_test"
    changed = Graph(nodes, graph.edges)
    result = store.synchronise(changed)
    assert (result.nodes_written, result.nodes_deleted, result.edges_written) == (1, 0, 0)
    labels = server.run("MATCH (n {id: 'LAB1'}) RETURN labels(n) AS labels")
    assert sorted(labels[0]["labels"]) == ["ImagingTest", "RakgConcept"]
    assert store.content().digest() == changed.digest()


def test_every_label_has_a_unique_id(store: Neo4jStore, server: TestServer, graph: Graph) -> None:
    store.synchronise(graph)
    rows = server.run("SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties")
    assert {row["name"] for row in rows} == {p.name for p in SCHEMA.values() if p.unique}
    assert {row["type"] for row in rows} == {"UNIQUENESS"}
    labels = {row["labelsOrTypes"][0] for row in rows if row["properties"] == ["id"]}
    assert labels == {"RakgConcept", *(kind.node_label for kind in EntityType)}


def test_nodes_of_others_are_neither_touched_nor_counted(
    store: Neo4jStore, server: TestServer, graph: Graph
) -> None:
    server.run(
        "CREATE (:Symptom {id: 'THEIRS', type: 'symptom', records: 99})"
        "-[:DISEASE_SYMPTOM {relation: 'disease_symptom', records: 99}]->(:Symptom {name: 'x'})"
    )
    store.synchronise(graph)
    assert store.counts().nodes[EntityType.SYMPTOM] == 2
    assert store.counts().edges[Relation.DISEASE_SYMPTOM] == 2
    assert "THEIRS" not in {row["id"] for row in reads.top_concepts(store, EntityType.SYMPTOM)}
    store.synchronise(Graph.empty())
    left = server.run("MATCH (n:Symptom)-[r]->(m:Symptom) RETURN n.id AS id, m.name AS name")
    assert left == [{"id": "THEIRS", "name": "x"}]


def test_what_somebody_wrote_on_a_concept_stays(
    store: Neo4jStore, server: TestServer, graph: Graph
) -> None:
    store.synchronise(graph)
    server.run("MATCH (n {id: 'SYM1'}) SET n.note = 'ask', n:Favourite CREATE (:Note)-[:ON]->(n)")
    assert intact(store)
    store.synchronise(fewer())
    rows = server.run("MATCH (:Note)-[:ON]->(n:Favourite) RETURN n.note AS note")
    assert rows == [{"note": "ask"}]


@pytest.mark.parametrize(
    "damage",
    [
        "MATCH (n {id: 'SYM1'}) SET n.name_zh = '肿疼'",
        "MATCH (n {id: 'SYM1'}) SET n.records = 'many'",
        "MATCH (n {id: 'SYM1'}) SET n.records = true",
        "MATCH (n {id: 'SYM1'}) SET n.records = 1.5",
        "MATCH (n {id: 'SYM1'}) REMOVE n.name_en",
        "MATCH (n {id: 'SYM1'}) REMOVE n:Symptom",
        "MATCH (n {id: 'SYM1'}) SET n:Treatment",
        "MATCH (n {id: 'SYM1'}) SET n.id = 'SYM7'",
        "MATCH (n {id: 'SYM1'}) REMOVE n.id",
        "MATCH (n {id: 'SYM1'}) SET n.id = ''",
        "MATCH (n {id: 'SYM1'}) SET n.id = 7",
        "MATCH (n {id: 'SYM1'}) DETACH DELETE n",
        "MATCH (n:RakgConcept) DETACH DELETE n",
        "CREATE (:RakgConcept:Symptom {id: 'SYM8', type: 'symptom', records: 9})",
        "MATCH ()-[r:TREATMENT_IMPROVED]->() SET r.records = r.records + 1",
        "MATCH ()-[r:TREATMENT_IMPROVED]->() SET r.relation = 'treatment_not_improved'",
        "MATCH ()-[r:TREATMENT_IMPROVED]->() SET r.model_version = 'other'",
        "MATCH ()-[r]->() SET r.dictionary_version = 'other'",
        "MATCH ()-[r:DISEASE_TREATMENT]->() DELETE r",
        "MATCH (h)-[r:DISEASE_TREATMENT]->(t) CREATE (h)-[s:DISEASE_TREATMENT]->(t) SET s = r",
        "MATCH (h {id: 'SYM1'}), (t {id: 'SYM2'}) CREATE (h)-[:DISEASE_SYMPTOM]->(t)",
    ],
)
def test_drift_is_found_and_repaired(
    store: Neo4jStore, server: TestServer, graph: Graph, damage: str
) -> None:
    store.synchronise(graph)
    server.run(damage)
    assert not intact(store)
    assert not store.plan(graph).is_empty
    assert not store.synchronise(graph).unchanged
    assert intact(store)
    assert store.content().digest() == graph.digest()
    assert store.synchronise(graph).unchanged


def test_a_repair_writes_no_more_than_the_damage(
    store: Neo4jStore, server: TestServer, graph: Graph
) -> None:
    store.synchronise(graph)
    server.run("MATCH (n {id: 'SYM1'}) SET n.name_zh = '肿疼'")
    result = store.synchronise(graph)
    assert (result.nodes_written, result.edges_written) == (1, 0)


def test_both_stores_answer_the_same(store: Neo4jStore, store_path: object, graph: Graph) -> None:
    embedded = EmbeddedStore(store_path)
    for each in (store, embedded):
        each.synchronise(graph)
    assert store.counts() == embedded.counts()
    assert store.content().digest() == embedded.content().digest()
    assert store.digest() == embedded.digest()
    for kind in EntityType:
        assert reads.top_concepts(store, kind) == reads.top_concepts(embedded, kind)
    assert reads.subgraph(store, RA) == reads.subgraph(embedded, RA)


def test_names_survive_quotes_and_markup(store: Neo4jStore, graph: Graph) -> None:
    store.synchronise(graph)
    rows = store.query("MATCH (n:Treatment {id: 'TRT2'}) RETURN n.name_zh AS zh, n.name_en AS en")
    assert rows == [{"zh": "来氟米特, 片", "en": 'leflunomide "tablet" <b>'}]


def test_parameters_are_values_only(store: Neo4jStore, graph: Graph) -> None:
    store.synchronise(graph)
    hostile = "x'}) DETACH DELETE n //"
    assert store.query("MATCH (n:Symptom {id: $id}) RETURN n.id AS id", {"id": hostile}) == []


@pytest.mark.parametrize(
    "statement", ["MATCH (n:Symptom) RETRUN n", "CREATE (:Symptom {id: 'x'})", "RETURN $absent"]
)
def test_a_wrong_or_writing_statement_is_refused(
    store: Neo4jStore, graph: Graph, statement: str
) -> None:
    store.synchronise(graph)
    with pytest.raises(StoreError, match="correct the statement"):
        store.query(statement)
    assert store.content().digest() == graph.digest()


@pytest.mark.parametrize(
    "taken",
    [
        "CREATE CONSTRAINT rakg_rakgconcept_id FOR (n:Mine) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX rakg_symptom_id FOR (n:Symptom) ON (n.id)",
    ],
)
def test_a_name_of_ours_that_stands_for_something_else_is_told(
    store: Neo4jStore, server: TestServer, graph: Graph, taken: str
) -> None:
    for row in server.run("SHOW CONSTRAINTS YIELD name"):
        server.run(f"DROP CONSTRAINT `{row['name']}`")
    server.run(taken)
    with pytest.raises(StoreError, match=r"is not the one of .* that rakg makes; drop it"):
        store.synchronise(graph)
    name = taken.split()[2]
    server.run(f"DROP {taken.split()[1]} {name}")
    assert store.synchronise(graph).nodes_written == len(graph.nodes)


def test_names_have_an_index(store: Neo4jStore, server: TestServer, graph: Graph) -> None:
    store.synchronise(graph)
    [row] = server.run(
        "SHOW INDEXES YIELD labelsOrTypes, properties WHERE properties = ['name_zh']"
    )
    assert row["labelsOrTypes"] == ["RakgConcept"]
