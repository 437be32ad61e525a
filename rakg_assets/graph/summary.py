"""Figures of the graph that a report or an asset shows.

Belongs here: counting. Does not belong here: how it is shown (`report.py`).
"""

from __future__ import annotations

import json

import pandas as pd

from rakg_assets.graph.content import Graph
from rakg_assets.ontology.schema import EntityType, Relation


def support_by_month(graph: Graph) -> pd.DataFrame:
    """Support of all edges by month: month, records (summed over edges), edges; ascending."""
    totals: dict[str, list[int]] = {}
    for text in graph.edges["support"]:
        for month, records in json.loads(text).items():
            total = totals.setdefault(month, [0, 0])
            total[0] += records
            total[1] += 1
    rows = [{"month": m, "records": r, "edges": e} for m, (r, e) in sorted(totals.items())]
    return pd.DataFrame(rows, columns=["month", "records", "edges"])


def counts_by_type(graph: Graph) -> dict[EntityType, int]:
    """Number of nodes of every entity type, also of those without any."""
    found = graph.nodes["type"].value_counts()
    return {kind: int(found.get(kind.value, 0)) for kind in EntityType}


def counts_by_relation(graph: Graph) -> dict[Relation, int]:
    """Number of edges of every relation, also of those without any."""
    found = graph.edges["relation"].value_counts()
    return {relation: int(found.get(relation.value, 0)) for relation in Relation}
