"""Cypher that reads the graph, the same text for every store; values travel as parameters.

Belongs here: statements. Labels and relationship types come from the ontology alone, so no
statement is made from input. Does not belong here: running them (`reads.py`, the stores).
Nodes carry `type` and edges `relation`, because stores differ in how Cypher names labels.
"""

from __future__ import annotations

from rakg_assets.ontology.schema import EntityType, Relation

ANY_NODE = "|".join(kind.node_label for kind in EntityType)
ANY_EDGE = "|".join(relation.edge_type for relation in Relation)

_NODE = "{n}.id AS id, {n}.type AS type, {n}.name_zh AS name_zh, {n}.name_en AS name_en"
_EDGE = (
    "h.id AS head, r.relation AS relation, t.id AS tail, "
    "r.records AS records, r.mentions AS mentions, r.support AS support"
)


def tails_of(relation: Relation) -> str:
    """Concepts that a relation leads to from `$id`, best supported first, at most `$limit`."""
    return (
        f"MATCH (h:{relation.head.node_label} {{id: $id}})-[r:{relation.edge_type}]->(t) "
        f"RETURN {_NODE.format(n='t')}, r.records AS records, r.mentions AS mentions, "
        "r.support AS support ORDER BY records DESC, id LIMIT $limit"
    )


def heads_of(relation: Relation) -> str:
    """Concepts from which a relation leads to `$id`, best supported first, at most `$limit`."""
    tails = "|".join(sorted(tail.node_label for tail in relation.tails))
    return (
        f"MATCH (h:{relation.head.node_label})-[r:{relation.edge_type}]->(t:{tails}) "
        f"WHERE t.id = $id RETURN {_NODE.format(n='h')}, r.records AS records, "
        "r.mentions AS mentions, r.support AS support ORDER BY records DESC, id LIMIT $limit"
    )


def top_nodes(kind: EntityType) -> str:
    """Concepts of a type named in most records, at most `$limit`."""
    return (
        f"MATCH (n:{kind.node_label}) RETURN {_NODE.format(n='n')}, n.records AS records "
        "ORDER BY records DESC, id LIMIT $limit"
    )


COUNT_NODES = f"MATCH (n:{ANY_NODE}) RETURN n.type AS type, count(n) AS count"
COUNT_EDGES = (
    f"MATCH (:{ANY_NODE})-[r:{ANY_EDGE}]->(:{ANY_NODE}) "
    "RETURN r.relation AS relation, count(r) AS count"
)
ALL_NODES = f"MATCH (n:{ANY_NODE}) RETURN {_NODE.format(n='n')}, n.records AS records"
ALL_EDGES = (
    f"MATCH (h:{ANY_NODE})-[r:{ANY_EDGE}]->(t:{ANY_NODE}) RETURN {_EDGE}, "
    "r.model_version AS model_version, r.dictionary_version AS dictionary_version"
)
NODE_BY_ID = (
    f"MATCH (n:{ANY_NODE}) WHERE n.id = $id RETURN {_NODE.format(n='n')}, n.records AS records"
)
NODES_BY_IDS = (
    f"MATCH (n:{ANY_NODE}) WHERE n.id IN $ids "
    f"RETURN {_NODE.format(n='n')}, n.records AS records ORDER BY id"
)
EDGES_OUT = (
    f"MATCH (h:{ANY_NODE})-[r:{ANY_EDGE}]->(t:{ANY_NODE}) WHERE h.id = $id RETURN {_EDGE} "
    "ORDER BY records DESC, relation, tail LIMIT $limit"
)
EDGES_IN = (
    f"MATCH (h:{ANY_NODE})-[r:{ANY_EDGE}]->(t:{ANY_NODE}) WHERE t.id = $id RETURN {_EDGE} "
    "ORDER BY records DESC, relation, head LIMIT $limit"
)
EDGES_AMONG = (
    f"MATCH (h:{ANY_NODE})-[r:{ANY_EDGE}]->(t:{ANY_NODE}) WHERE h.id IN $ids AND t.id IN $ids "
    f"RETURN {_EDGE} ORDER BY records DESC, head, relation, tail"
)
