"""Questions to the graph, the same for every store.

Belongs here: named reads that a page, a notebook or a test asks. Does not belong here: their
Cypher (`cypher.py`). Every read gives the best supported answers first, ties by id.
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
    """Nodes (id, type, name_zh, name_en, records) and the edges among them."""

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


def tails(
    store: GraphStore, relation: Relation, head: str, limit: int = DEFAULT_LIMIT
) -> list[Row]:
    """Concepts that a relation leads to from `head`."""
    return store.query(cypher.tails_of(relation), {"id": head, "limit": limit})


def heads(
    store: GraphStore, relation: Relation, tail: str, limit: int = DEFAULT_LIMIT
) -> list[Row]:
    """Concepts from which a relation leads to `tail`."""
    return store.query(cypher.heads_of(relation), {"id": tail, "limit": limit})


def treatments_of(store: GraphStore, disease: str, limit: int = DEFAULT_LIMIT) -> list[Row]:
    """How a disease is treated."""
    return tails(store, Relation.DISEASE_TREATMENT, disease, limit)


def symptoms_of_body_part(store: GraphStore, part: str, limit: int = DEFAULT_LIMIT) -> list[Row]:
    """What is felt at a body part."""
    return tails(store, Relation.BODY_PART_SYMPTOM, part, limit)


def body_parts_of_symptom(store: GraphStore, symptom: str, limit: int = DEFAULT_LIMIT) -> list[Row]:
    """Where a symptom is felt."""
    return heads(store, Relation.BODY_PART_SYMPTOM, symptom, limit)


def aggravating_factors_of(
    store: GraphStore, symptom: str, limit: int = DEFAULT_LIMIT
) -> list[Row]:
    """What makes a symptom worse."""
    return heads(store, Relation.AGGRAVATING_FACTOR_SYMPTOM, symptom, limit)


def mitigation_factors_of(store: GraphStore, symptom: str, limit: int = DEFAULT_LIMIT) -> list[Row]:
    """What relieves a symptom, other than a treatment."""
    return heads(store, Relation.MITIGATION_FACTOR_SYMPTOM, symptom, limit)


def treatments_that_improved(
    store: GraphStore, concept: str, limit: int = DEFAULT_LIMIT
) -> list[Row]:
    """Treatments after which a symptom or disease got better."""
    return heads(store, Relation.TREATMENT_IMPROVED, concept, limit)


def subgraph(store: GraphStore, concept: str, limit: int = DEFAULT_LIMIT) -> Subgraph:
    """A concept, at most `limit` neighbours a direction, and all edges among them.

    Empty if the store does not hold the concept.
    """
    if not store.query(cypher.NODE_BY_ID, {"id": concept}):
        return Subgraph([], [])
    near = {"id": concept, "limit": limit}
    ends = {row["tail"] for row in store.query(cypher.EDGES_OUT, near)}
    ends |= {row["head"] for row in store.query(cypher.EDGES_IN, near)}
    ids = {"ids": sorted(ends | {concept})}
    return Subgraph(store.query(cypher.NODES_BY_IDS, ids), store.query(cypher.EDGES_AMONG, ids))
