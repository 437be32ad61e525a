"""Reading the graph, the same for every store.

Belongs here: what a store holds as a whole, and a part of it around a concept. Does not belong
here: questions with a name (`named_reads.py`) or Cypher (`cypher.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from rakg_assets.graph import cypher
from rakg_assets.graph.content import EDGE_SCHEMA, NODE_SCHEMA, Graph, shaped
from rakg_assets.graph.store import Counts, GraphStore
from rakg_assets.ontology.schema import EntityType, Relation

Row = dict[str, Any]
DEFAULT_LIMIT = 20


@dataclass(frozen=True)
class Subgraph:
    """Nodes (id, type, name_zh, name_en, records), by id, and the edges among them.

    Edges (head, relation, tail, records, mentions, support) stand best supported first.
    """

    nodes: list[Row]
    edges: list[Row]


def count_all(store: GraphStore) -> Counts:
    """Nodes by type and edges by relation, counted by the store."""
    nodes = {row["type"]: row["count"] for row in store.query(cypher.COUNT_NODES)}
    edges = {row["relation"]: row["count"] for row in store.query(cypher.COUNT_EDGES)}
    return Counts(
        {kind: nodes.get(kind.value, 0) for kind in EntityType},
        {relation: edges.get(relation.value, 0) for relation in Relation},
    )


def read_graph(store: GraphStore) -> Graph:
    """Everything that the store holds, as content that can be compared."""
    nodes = sorted(store.query(cypher.ALL_NODES), key=itemgetter("id"))
    edges = sorted(store.query(cypher.ALL_EDGES), key=itemgetter("head", "relation", "tail"))
    return Graph(shaped(nodes, NODE_SCHEMA), shaped(edges, EDGE_SCHEMA))


def top_concepts(store: GraphStore, kind: EntityType, limit: int = DEFAULT_LIMIT) -> list[Row]:
    """The concepts of a type that most records name."""
    return store.query(cypher.top_nodes(kind), {"limit": limit})


def concepts_named(store: GraphStore, concept: str) -> list[Row]:
    """Nodes whose id or Chinese name is `concept`; of several types if they share a name."""
    return store.query(cypher.NODES_NAMED, {"concept": concept})


def subgraph(
    store: GraphStore, concept: str, depth: int = 1, limit: int = DEFAULT_LIMIT
) -> Subgraph:
    """What lies at most `depth` edges from a concept (id or Chinese name), and all edges among it.

    Each step takes the `limit` best supported neighbours of those that the step before took.
    Empty if the store does not hold the concept.
    """
    layer = [row["id"] for row in concepts_named(store, concept)]
    known = set(layer)
    for _ in range(depth):
        values = {"concepts": layer, "known": sorted(known), "limit": limit}
        layer = [row["id"] for row in store.query(cypher.NEIGHBOURS, values)]
        known.update(layer)
    ids = {"ids": sorted(known)}
    if not known:
        return Subgraph([], [])
    return Subgraph(store.query(cypher.NODES_BY_IDS, ids), store.query(cypher.EDGES_AMONG, ids))
