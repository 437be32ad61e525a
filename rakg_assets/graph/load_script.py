"""A script in Cypher that loads the exported CSV files into a running Neo4j.

Belongs here: its statements, made from the ontology's labels alone. Does not belong here: the
files that it reads (`export.py`) or the store that writes by difference (`neo4j/`).
"""

from __future__ import annotations

from rakg_assets.graph.neo4j.scope import OWN
from rakg_assets.graph.neo4j.statements import AWAIT_INDEXES, SCHEMA
from rakg_assets.ontology.schema import EntityType, Relation

_ROWS = 10_000
_HEADER = """\
// Loads nodes.csv and relationships.csv into Neo4j 5.26. They lie in the server's folder `import`.
//   cypher-shell -u neo4j < load.cypher
// Run again, it writes the same again; what is no longer in the files stays in the database."""


def load_script() -> str:
    """The script: constraints and indexes, then nodes by type, then relationships by relation."""
    statements = [
        *(part.statement for part in SCHEMA.values()),
        AWAIT_INDEXES,
        *map(_load_nodes, EntityType),
        *map(_load_edges, Relation),
    ]
    return "\n".join([_HEADER, *(f"{statement};" for statement in statements), ""])


def _load_nodes(kind: EntityType) -> str:
    return _load(
        "nodes.csv",
        f"row.type = '{kind.value}'",
        [
            f"MERGE (n:{OWN} {{id: row.`id:ID`}})",
            f"SET n:{kind.node_label}, n.type = row.type, n.name_zh = row.name_zh,",
            "  n.name_en = row.name_en, n.records = toInteger(row.`records:long`)",
        ],
    )


def _load_edges(relation: Relation) -> str:
    return _load(
        "relationships.csv",
        f"row.relation = '{relation.value}'",
        [
            f"MATCH (h:{OWN} {{id: row.`:START_ID`}})",
            f"MATCH (t:{OWN} {{id: row.`:END_ID`}})",
            f"MERGE (h)-[r:{relation.edge_type}]->(t)",
            "SET r.relation = row.relation, r.records = toInteger(row.`records:long`),",
            "  r.mentions = toInteger(row.`mentions:long`), r.support = row.support,",
            "  r.model_version = row.model_version, r.dictionary_version = row.dictionary_version",
        ],
    )


def _load(file: str, condition: str, lines: list[str]) -> str:
    """One statement for the rows of a file that meet a condition, committed by thousands."""
    return "\n".join(
        [
            f"LOAD CSV WITH HEADERS FROM 'file:///{file}' AS row",
            f"WITH row WHERE {condition}",
            "CALL (row) {",
            *(f"  {line}" for line in lines),
            f"}} IN TRANSACTIONS OF {_ROWS} ROWS",
        ]
    )
