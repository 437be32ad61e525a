"""Promises of stage 5 to its readers: the store holds what the triples say, and nobody's record."""

from __future__ import annotations

import pandas as pd

from rakg_assets.graph.assets import store_of
from rakg_assets.graph.resources import Neo4jResource
from rakg_assets.orchestration.quality import Inspection, Promise, always_zero, checks_of


def _missing_in_store(seen: Inspection) -> pd.DataFrame:
    """Nodes and edges of the triples minus those in the store; one row."""
    triples, counts = seen.table("filtered_triples"), store_of(seen.settings).counts()
    ends = set(triples["head_id"]) | set(triples["tail_id"])
    return pd.DataFrame(
        {
            "nodes": [len(ends) - sum(counts.nodes.values())],
            "edges": [len(triples) - sum(counts.edges.values())],
        }
    )


def _drift(seen: Inspection) -> pd.DataFrame:
    """How many rows of Neo4j differ from the graph in its file; no row without Neo4j."""
    neo4j = Neo4jResource.of(seen.settings)
    if not neo4j.is_configured:
        return pd.DataFrame({"rows": []})
    with neo4j.store() as store:
        return pd.DataFrame({"rows": [store.plan(store_of(seen.settings).content()).rows]})


def _identifiers_in_export(seen: Inspection) -> pd.DataFrame:
    """How many identifiers each exported text file holds."""
    from rakg_assets.admissions.deidentify import find_identifiers

    files = sorted(seen.settings.place.exports.glob("*.csv"))
    return pd.DataFrame(
        {"identifiers": [len(find_identifiers(path.read_text("utf-8"))) for path in files]}
    )


def _ranking_shares(seen: Inspection) -> pd.DataFrame:
    """The sum of the shares; one row, none without treatments."""
    shares = seen.table("treatment_ranking")["share"]
    return pd.DataFrame({"sum": [shares.sum()] if len(shares) else []})


CHECKS = [
    checks_of(
        "knowledge_graph",
        [
            always_zero(
                f"{part}_equal_triples",
                f"The store holds exactly the {part} of the filtered triples.",
                part,
                _missing_in_store,
            )
            for part in ("nodes", "edges")
        ]
        + [
            always_zero(
                "neo4j_not_drifted",
                "Neo4j holds the graph as it was written; materialise the asset to repair it.",
                "rows",
                _drift,
                truth=False,
            ),
        ],
    ),
    checks_of(
        "graph_export",
        [
            always_zero(
                "no_identifying_text",
                "No id number, phone or e-mail address stands in an exported file.",
                "identifiers",
                _identifiers_in_export,
            ),
        ],
    ),
    checks_of(
        "treatment_ranking",
        [
            Promise(
                "shares_add_up",
                "The shares of all treatments sum to 1.",
                "ExpectColumnValuesToBeBetween",
                {"column": "sum", "min_value": 0.999999, "max_value": 1.000001},
                view=_ranking_shares,
            ),
        ],
    ),
]
