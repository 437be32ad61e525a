from __future__ import annotations

import re

from rakg_assets.graph.load_script import load_script
from rakg_assets.graph.neo4j.statements import SCHEMA
from rakg_assets.ontology.schema import EntityType, Relation

STATEMENTS = load_script().split(";\n")


def test_constraints_come_before_any_row() -> None:
    first = next(n for n, statement in enumerate(STATEMENTS) if "LOAD CSV" in statement)
    before = "\n".join(STATEMENTS[:first])
    assert all(part.statement in before for part in SCHEMA.values())
    assert "CREATE CONSTRAINT" not in "\n".join(STATEMENTS[first:])


def test_nodes_come_by_label_and_before_relationships_by_type() -> None:
    loads = [statement for statement in STATEMENTS if statement.startswith("LOAD CSV")]
    labels = [re.findall(r"SET n:(\w+)", load) for load in loads]
    types = [re.findall(r"MERGE \(h\)-\[r:(\w+)\]", load) for load in loads]
    assert [name for names in labels for name in names] == [k.node_label for k in EntityType]
    assert [name for names in types for name in names] == [r.edge_type for r in Relation]
    assert not any(labels[len(EntityType) :])


def test_rows_are_committed_in_parts() -> None:
    loads = [statement for statement in STATEMENTS if statement.startswith("LOAD CSV")]
    assert all(re.search(r"\} IN TRANSACTIONS OF \d+ ROWS$", load) for load in loads)
