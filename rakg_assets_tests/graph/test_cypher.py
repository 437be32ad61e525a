from __future__ import annotations

import re

import pytest

from rakg_assets.graph import cypher
from rakg_assets.ontology.schema import EntityType, Relation

STATEMENTS = [
    *(make(relation) for relation in Relation for make in (cypher.tails_of, cypher.heads_of)),
    *(cypher.top_nodes(kind) for kind in EntityType),
    cypher.NEIGHBOURS,
    cypher.COUNT_NODES,
    cypher.COUNT_EDGES,
    cypher.ALL_NODES,
    cypher.ALL_EDGES,
    cypher.NODES_NAMED,
    cypher.NODES_BY_IDS,
    cypher.EDGES_AMONG,
]
NAMES = {k.node_label for k in EntityType} | {r.edge_type for r in Relation}


@pytest.mark.parametrize("statement", STATEMENTS)
def test_labels_come_from_the_ontology(statement: str) -> None:
    groups = re.findall(r"[(\[]\w*:([\w|]+)", statement)
    assert groups
    assert {name for group in groups for name in group.split("|")} <= NAMES


@pytest.mark.parametrize("statement", STATEMENTS)
def test_nothing_is_said_in_one_dialect_only(statement: str) -> None:
    assert not re.search(r"\b(labels?|type|elementId|id)\(", statement)
    assert not re.search(r"\b(CREATE|MERGE|SET|DELETE|REMOVE|DROP|COPY)\b", statement)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_match_asks_for_what_is_ours(statement: str) -> None:
    for part in statement.split("MATCH")[1:]:
        edge = re.search(r"-\[r", part)
        assert ("r.relation " if edge else "n.type ") in part


def test_a_statement_of_one_relation_reads_well() -> None:
    assert cypher.heads_of(Relation.TREATMENT_IMPROVED).splitlines()[:3] == [
        "MATCH (a:Treatment)-[r:TREATMENT_IMPROVED]->(c:Disease|Symptom)",
        "WHERE r.relation = 'treatment_improved' AND (c.id = $concept OR c.name_zh = $concept)",
        "WITH c, sum(r.records) AS total",
    ]
