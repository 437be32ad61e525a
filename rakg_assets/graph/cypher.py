"""Cypher that reads the graph, the same text for every store; values travel as parameters.

Belongs here: statements. Labels and relationship types come from the ontology alone, so no
statement is made from input. Does not belong here: running them (`reads.py`, the stores).
Nodes carry `type` and edges `relation`, because stores differ in how Cypher names labels. Both are
asked for: on a server somebody else may use the same label, and what is not ours lacks them.
"""

from __future__ import annotations

from collections.abc import Collection

from rakg_assets.ontology.schema import EntityType, Relation

_ENTITY_TYPES, _RELATIONS = tuple(EntityType), tuple(Relation)


def node(variable: str, kinds: Collection[EntityType] = _ENTITY_TYPES) -> str:
    """The pattern of a node of one of these types, e.g. `(n:Disease|Symptom)`."""
    return f"({variable}:{'|'.join(kind.node_label for kind in kinds)})"


def our_node(variable: str, kinds: Collection[EntityType] = _ENTITY_TYPES) -> str:
    """The condition that a node of these types is the graph's and not somebody else's."""
    return f"{variable}.type {_one_of(kinds)} AND {variable}.records > 0"


def our_edge(relations: Collection[Relation] = _RELATIONS) -> str:
    """The same for an edge `r`; the graph's edges join its nodes, so ends need no condition."""
    return f"r.relation {_one_of(relations)}"


def _one_of(words: Collection[EntityType] | Collection[Relation]) -> str:
    texts = [f"'{word.value}'" for word in words]
    return f"= {texts[0]}" if len(texts) == 1 else f"IN [{', '.join(texts)}]"


def _names(variable: str) -> str:
    columns = ("id", "type", "name_zh", "name_en")
    return ", ".join(f"{variable}.{column} AS {column}" for column in columns)


_ANY_NODE = f"MATCH {node('n')} WHERE {our_node('n')}"
_ANY_EDGE = f"MATCH {node('h')}-[r]->{node('t')} WHERE {our_edge()}"
_NODE = f"RETURN {_names('n')}, n.records AS records"
_EDGE = (
    "h.id AS head, r.relation AS relation, t.id AS tail, "
    "r.records AS records, r.mentions AS mentions, r.support AS support"
)


def tails_of(relation: Relation) -> str:
    """Concepts that a relation leads to from `$concept`; see `_answers`."""
    return _answers(relation, node("c", [relation.head]), node("a", sorted(relation.tails)))


def heads_of(relation: Relation) -> str:
    """Concepts from which a relation leads to `$concept`; see `_answers`."""
    return _answers(relation, node("a", [relation.head]), node("c", sorted(relation.tails)))


def _answers(relation: Relation, head: str, tail: str) -> str:
    """Answers `a` about the concept `c`, whose id or Chinese name is `$concept`.

    Best supported first, ties by id, at most `$limit`. `share` is an answer's records divided by
    the sum over all answers (as in the table treatment_ranking); `share_of_concept` divides them
    by the records that name `c`.
    """
    pattern = f"MATCH {head}-[r:{relation.edge_type}]->{tail}"
    return "\n".join(
        [
            pattern,
            f"WHERE {our_edge([relation])} AND (c.id = $concept OR c.name_zh = $concept)",
            "WITH c, sum(r.records) AS total",
            pattern,
            f"WHERE {our_edge([relation])}",
            f"RETURN {_names('a')},",
            "  r.records AS records, r.mentions AS mentions, r.support AS support,",
            "  1.0 * r.records / total AS share,",
            "  1.0 * r.records / c.records AS share_of_concept",
            "ORDER BY records DESC, id LIMIT $limit",
        ]
    )


# A step from `$concepts` to concepts that are not among `$known`, best supported first. (Steps are
# not chained in one statement: Ladybug 0.22 forgets ORDER BY … LIMIT before a later collect().)
NEIGHBOURS = "\n".join(
    [
        f"MATCH {node('c')}-[r]-(a)",
        "WHERE c.id IN $concepts AND NOT a.id IN $known",
        f"  AND {our_edge()}",
        "RETURN a.id AS id, max(r.records) AS records",
        "ORDER BY records DESC, id LIMIT $limit",
    ]
)


def top_nodes(kind: EntityType) -> str:
    """Concepts of a type named in most records, at most `$limit`."""
    return (
        f"MATCH {node('n', [kind])} WHERE {our_node('n', [kind])} {_NODE} "
        "ORDER BY records DESC, id LIMIT $limit"
    )


COUNT_NODES = f"{_ANY_NODE} RETURN n.type AS type, count(n) AS count"
COUNT_EDGES = f"{_ANY_EDGE} RETURN r.relation AS relation, count(r) AS count"
ALL_NODES = f"{_ANY_NODE} {_NODE}"
ALL_EDGES = (
    f"{_ANY_EDGE} RETURN {_EDGE}, "
    "r.model_version AS model_version, r.dictionary_version AS dictionary_version"
)
NODES_NAMED = f"{_ANY_NODE} AND (n.id = $concept OR n.name_zh = $concept) {_NODE} ORDER BY id"
NODES_BY_IDS = f"{_ANY_NODE} AND n.id IN $ids {_NODE} ORDER BY id"
EDGES_AMONG = (
    f"{_ANY_EDGE} AND h.id IN $ids AND t.id IN $ids "
    f"RETURN {_EDGE} ORDER BY records DESC, head, relation, tail"
)
