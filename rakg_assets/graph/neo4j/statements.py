"""Cypher of Neo4j that writes the graph, and that reads it back with everything that may drift.

Belongs here: statements, made from the ontology's labels alone; rows travel as parameters, as
lists in the order of the table's columns. Does not belong here: running them (`store.py`).
Rows that are known to be absent are created, not merged: one look-up an end, none for itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from rakg_assets.graph.neo4j.scope import OWN
from rakg_assets.ontology.schema import EntityType, Relation

META, LOCK = "RakgMeta", "RakgLock"
_ANY_EDGE = "|".join(relation.edge_type for relation in Relation)


@dataclass(frozen=True)
class SchemaPart:
    """A uniqueness constraint, or an index, on a property of a label."""

    name: str
    label: str
    key: str
    unique: bool = True

    @property
    def place(self) -> tuple[list[str], list[str], bool]:
        """Labels, properties, and whether a constraint owns it, as `SHOW_SCHEMA` tells them."""
        return [self.label], [self.key], self.unique

    @property
    def statement(self) -> str:
        """What creates it where it is not there."""
        if self.unique:
            what = f"FOR (n:{self.label}) REQUIRE n.{self.key} IS UNIQUE"
            return f"CREATE CONSTRAINT {self.name} IF NOT EXISTS {what}"
        return f"CREATE INDEX {self.name} IF NOT EXISTS FOR (n:{self.label}) ON (n.{self.key})"


# By name. A user who looks a concept up by its type finds it by index, too.
SCHEMA = {
    part.name: part
    for part in [
        *(
            SchemaPart(f"rakg_{label.lower()}_{key}", label, key)
            for label, key in [
                (OWN, "id"),
                (META, "key"),
                (LOCK, "key"),
                *((kind.node_label, "id") for kind in EntityType),
            ]
        ),
        SchemaPart(f"rakg_{OWN.lower()}_name_zh", OWN, "name_zh", unique=False),
    ]
}
# The index that a constraint brings has its name.
SHOW_SCHEMA = (
    "SHOW INDEXES YIELD name, labelsOrTypes, properties, owningConstraint "
    "RETURN name, labelsOrTypes, properties, owningConstraint IS NOT NULL"
)
AWAIT_INDEXES = "CALL db.awaitIndexes(300)"

# Held until the transaction ends; the property only takes the lock and is never seen.
TAKE_LOCK = f"MERGE (l:{LOCK} {{key: 'graph'}}) SET l.held = true REMOVE l.held"

READ_META = f"MATCH (m:{META} {{key: 'graph'}}) RETURN properties(m) AS meta"
WRITE_META = f"MERGE (m:{META} {{key: 'graph'}}) SET m += $values"

READ_NODES = (
    f"MATCH (n:{OWN}) RETURN n.id, [l IN labels(n) WHERE l IN $labels], n.type, "
    "n.name_zh, n.name_en, n.records"
)
# All edges have the versions of the last run, unless somebody changed one: they travel once.
READ_VERSIONS = (
    f"MATCH (:{OWN})-[r:{_ANY_EDGE}]->(:{OWN}) RETURN r.model_version, r.dictionary_version LIMIT 1"
)
READ_EDGES = (
    f"MATCH (h:{OWN})-[r:{_ANY_EDGE}]->(t:{OWN}) "
    "RETURN h.id, type(r), r.relation, t.id, r.records, r.mentions, r.support, "
    "CASE WHEN r.model_version = $model AND r.dictionary_version = $words THEN null "
    "ELSE [r.model_version, r.dictionary_version] END"
)

DELETE_NODES = f"UNWIND $rows AS row MATCH (n:{OWN} {{id: row[0]}}) DETACH DELETE n"
# An id that somebody took away, emptied or made a number: null, too, is of every type.
DELETE_NAMELESS = (
    f"MATCH (n:{OWN}) WHERE n.id IS NULL OR n.id = '' OR NOT n.id IS :: STRING DETACH DELETE n"
)

_ENDS = f"UNWIND $rows AS row MATCH (h:{OWN} {{id: row[0]}}) MATCH (t:{OWN} {{id: row[1]}})"


def create_nodes(kind: EntityType) -> str:
    """Create nodes; a row is id, name_zh, name_en, records."""
    return (
        f"UNWIND $rows AS row CREATE (n:{OWN}:{kind.node_label} {{id: row[0], type: $kind, "
        "name_zh: row[1], name_en: row[2], records: row[3]})"
    )


def update_nodes(kind: EntityType) -> str:
    """Write nodes that are there, whatever type they had; rows as in `create_nodes`."""
    others = ":".join(other.node_label for other in EntityType if other != kind)
    return (
        f"UNWIND $rows AS row MATCH (n:{OWN} {{id: row[0]}}) REMOVE n:{others} "
        f"SET n:{kind.node_label}, n.type = $kind, n.name_zh = row[1], n.name_en = row[2], "
        "n.records = row[3]"
    )


def create_edges(relation: Relation) -> str:
    """Create relationships; a row is head, tail, records, mentions, support."""
    values = _edge_values("row[2]", "row[3]", "row[4]")
    return f"{_ENDS} CREATE (h)-[:{relation.edge_type} {{{values}}}]->(t)"


def update_edges(relation: Relation) -> str:
    """Write relationships that are there; a row is head, and records, mentions, support by tail."""
    return f"{_found(relation)} SET r += {{{_edge_values('found[0]', 'found[1]', 'found[2]')}}}"


def delete_edges(relation: Relation) -> str:
    """Delete all relationships of a type between two concepts; rows as in `update_edges`."""
    return f"{_found(relation)} DELETE r"


def _edge_values(records: str, mentions: str, support: str) -> str:
    return (
        f"relation: $relation, records: {records}, mentions: {mentions}, support: {support}, "
        "model_version: $model, dictionary_version: $words"
    )


def _found(relation: Relation) -> str:
    """Go through the relationships of a head once: to ask for one between two concepts is slow
    where the head has thousands, the more so once some are deleted in the same transaction."""
    return (
        f"UNWIND $rows AS row MATCH (h:{OWN} {{id: row[0]}})-[r:{relation.edge_type}]->(t:{OWN}) "
        "WITH r, row[1][toStringOrNull(t.id)] AS found WHERE found IS NOT NULL"
    )
