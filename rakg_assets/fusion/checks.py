"""Promises of stage 4 to the graph: links name concepts, support adds up, the filter is kept."""

from __future__ import annotations

import pandas as pd

from rakg_assets.ontology.dictionaries import concept_table, load_dictionaries
from rakg_assets.ontology.schema import Relation
from rakg_assets.orchestration.quality import Inspection, Promise, checks_of, every_row

# Below this share of linked mentions the dictionaries no longer know what the records say.
LINK_RATE = 0.6


def _links(seen: Inspection) -> pd.DataFrame:
    """Whether each linked mention names a concept of the dictionaries."""
    known = set(concept_table(load_dictionaries(seen.settings.words))["concept_id"])
    linked = seen.table("linked_entities")["concept_id"].dropna()
    return pd.DataFrame({"known": linked.isin(known).tolist()})


def _link_rate(seen: Inspection) -> pd.DataFrame:
    """Share of mentions that are linked; one row, none without mentions."""
    concepts = seen.table("linked_entities")["concept_id"]
    return pd.DataFrame({"rate": [concepts.notna().mean()] if len(concepts) else []})


def _record_counts(seen: Inspection) -> pd.DataFrame:
    """Whether the support of each triple is the number of its distinct records."""
    triples = seen.table("triples")
    counted = [len(set(ids)) for ids in triples["record_ids"]]
    return pd.DataFrame({"same": (triples["records"] == counted).tolist()})


def _support_above_filter(seen: Inspection) -> pd.DataFrame:
    """Support of each kept triple minus the threshold."""
    kept = seen.table("filtered_triples")
    return pd.DataFrame({"above": kept[seen.settings.support_by] - seen.settings.minimum_support})


CHECKS = [
    checks_of(
        "linked_entities",
        [
            every_row(
                "concepts_known",
                "Every link names a concept of the dictionaries.",
                "known",
                _links,
            ),
            Promise(
                "link_rate",
                f"At least {LINK_RATE:.0%} of the mentions are linked.",
                "ExpectColumnValuesToBeBetween",
                {"column": "rate", "min_value": LINK_RATE},
                truth=False,
                view=_link_rate,
            ),
        ],
    ),
    checks_of(
        "triples",
        [
            every_row(
                "support_counts_records",
                "The support of a triple is the number of its distinct records.",
                "same",
                _record_counts,
            ),
            Promise(
                "relations_known",
                "Every triple has one of the eleven relations.",
                "ExpectColumnValuesToBeInSet",
                {"column": "relation", "value_set": [relation.value for relation in Relation]},
            ),
        ],
    ),
    checks_of(
        "filtered_triples",
        [
            Promise(
                "filter_honoured",
                "No triple has less support than the filter asks for.",
                "ExpectColumnValuesToBeBetween",
                {"column": "above", "min_value": 0},
                view=_support_above_filter,
            ),
            Promise(
                "triples_unique",
                "A triple stands once.",
                "ExpectCompoundColumnsToBeUnique",
                {"column_list": ["head_id", "relation", "tail_id"]},
            ),
            Promise(
                "graph_not_empty",
                "Some triples are frequent enough for the graph.",
                "ExpectTableRowCountToBeBetween",
                {"min_value": 1},
                truth=False,
            ),
        ],
    ),
]
