"""Making the content of the graph from the filtered triples and the dictionaries.

Belongs here: nodes, edges and their provenance; the rules that they must keep. Does not belong
here: which triples are kept (`fusion/triples.py`). Record ids and text never get this far.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rakg_assets.graph.content import (
    EDGE_SCHEMA,
    NODE_SCHEMA,
    Graph,
    GraphError,
    shaped,
    text_of,
)
from rakg_assets.ontology.schema import Relation

_TRIPLE_KEY = ["head_id", "relation", "tail_id"]
_Key = tuple[str, str, str]


@dataclass(frozen=True)
class Provenance:
    """Where the edges come from.

    `support` holds head_id, relation, tail_id, month, records and, if known, record_ids of every
    month's triples. The ids only tell a record that two months name; they go no further.
    """

    support: pd.DataFrame
    model_version: str
    dictionary_version: str


def build_graph(filtered: pd.DataFrame, concepts: pd.DataFrame, provenance: Provenance) -> Graph:
    """The graph of the filtered triples.

    `filtered` has the columns of the table `filtered_triples`; `concepts` has concept_id, type,
    name_zh and name_en. Raises `GraphError` for a triple that the ontology does not allow, a
    concept that no dictionary holds, or months that do not add up to the triple's records.
    """
    if filtered.empty:
        return Graph.empty()
    _check_triples(filtered)
    nodes = _nodes(filtered, concepts)
    return Graph(nodes, _edges(filtered, provenance))


def _check_triples(filtered: pd.DataFrame) -> None:
    duplicated = filtered.duplicated(_TRIPLE_KEY)
    if duplicated.any():
        row = filtered[duplicated].iloc[0]
        raise _error(row, "stands twice", "materialise filtered_triples anew")
    for row in filtered.itertuples(index=False):
        relation = Relation._value2member_map_.get(row.relation)
        if (
            relation is None
            or row.head_type != relation.head
            or row.tail_type not in relation.tails
        ):
            raise _error(
                row._asdict(),
                f"joins {row.head_type} to {row.tail_type}, which the ontology does not allow",
                "correct the annotation or the dictionary that made it",
            )


def _nodes(filtered: pd.DataFrame, concepts: pd.DataFrame) -> pd.DataFrame:
    """One row a concept that a triple names; its records are the most that a triple counted."""
    sides = [
        filtered[[f"{side}_id", f"{side}_type", f"{side}_records"]].set_axis(
            ["id", "type", "records"], axis=1
        )
        for side in ("head", "tail")
    ]
    named = pd.concat(sides).groupby(["id", "type"], as_index=False)["records"].max()
    known = _known_concepts(concepts)
    rows = []
    for node in named.itertuples(index=False):
        concept = known.get(node.id)
        if concept is None or concept["type"] != node.type:
            raise GraphError(
                f"filtered_triples: {node.id} is no {node.type} of the dictionaries; "
                "materialise linked_entities and what follows with the present dictionaries"
            )
        rows.append({"id": node.id, "records": int(node.records), **concept})
    return shaped(sorted(rows, key=lambda r: r["id"]), NODE_SCHEMA)


def _known_concepts(concepts: pd.DataFrame) -> dict[str, dict[str, str]]:
    known: dict[str, dict[str, str]] = {}
    for row in concepts.itertuples(index=False):
        if row.concept_id in known:
            raise GraphError(
                f"dictionaries: the concept id {row.concept_id} is used twice; give one a new id"
            )
        names = {key: text_of(getattr(row, key)) for key in ("type", "name_zh", "name_en")}
        known[row.concept_id] = names
    return known


def _edges(filtered: pd.DataFrame, provenance: Provenance) -> pd.DataFrame:
    months = _months(provenance.support)
    distinct = _distinct_records(provenance.support)
    rows = []
    for row in filtered.sort_values(_TRIPLE_KEY).itertuples(index=False):
        key = (row.head_id, row.relation, row.tail_id)
        if distinct.get(key, 0) != row.records:
            raise _error(
                row._asdict(),
                f"has {row.records} records, its months have {distinct.get(key, 0)}",
                "materialise filtered_triples anew",
            )
        rows.append(
            {
                "head": row.head_id,
                "relation": row.relation,
                "tail": row.tail_id,
                "records": int(row.records),
                "mentions": int(row.mentions),
                "support": json.dumps(dict(sorted(months[key].items())), separators=(",", ":")),
                "model_version": provenance.model_version,
                "dictionary_version": provenance.dictionary_version,
            }
        )
    return shaped(rows, EDGE_SCHEMA)


def _months(support: pd.DataFrame) -> dict[_Key, dict[str, int]]:
    """Records by month of every triple; months without a record are left out."""
    found: dict[_Key, dict[str, int]] = {}
    for row in support.itertuples(index=False):
        if row.records:
            months = found.setdefault((row.head_id, row.relation, row.tail_id), {})
            months[row.month] = months.get(row.month, 0) + int(row.records)
    return found


def _distinct_records(support: pd.DataFrame) -> dict[_Key, int]:
    """Records of every triple; one that moved counts once, even should its old month name it."""
    if "record_ids" not in support:
        return support.groupby(_TRIPLE_KEY)["records"].sum().to_dict()
    named = support[[*_TRIPLE_KEY, "record_ids"]].explode("record_ids")
    return named.groupby(_TRIPLE_KEY)["record_ids"].nunique().to_dict()


def _error(row: Any, reason: str, remedy: str) -> GraphError:
    triple = " ".join(str(row[key]) for key in _TRIPLE_KEY)
    return GraphError(f"filtered_triples, {triple}: {reason}; {remedy}")
