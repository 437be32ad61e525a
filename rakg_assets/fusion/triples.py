"""Triples with their support: counted by month, joined over all months, filtered.

A month's triples depend on that month's records alone, so what a record contributed can be
taken back exactly. Does not belong here: which relations the guideline draws (`rules.py`) or how
the graph stores them.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from rakg_assets.fusion.rules import RaConcepts, present_concepts, rule_relations
from rakg_assets.ontology.schema import LEARNED_RELATIONS
from rakg_assets.ontology.tables import TABLES

# The paper keeps what is seen more than five times.
MINIMUM_SUPPORT = 6

_SECTION = ["record_id", "month", "note", "section"]
_TRIPLE = ["head_id", "head_type", "relation", "tail_id", "tail_type"]
_KEY = ["head_id", "relation", "tail_id"]


def month_triples(linked: pd.DataFrame, relations: pd.DataFrame, ra: RaConcepts) -> pd.DataFrame:
    """`triples` of `linked_entities` and `predicted_relations`: learned ones and rule relations.

    `records` counts distinct records, `mentions` the pairs of mentions (for a rule relation the
    mentions of its tail). A concept is never related to itself.
    """
    present = present_concepts(linked)
    pairs = pd.concat([_learned(present, relations), rule_relations(present, ra)])
    pairs = pairs[pairs["head_id"] != pairs["tail_id"]]
    if pairs.empty:
        return _empty("triples")
    keys = ["month", *_TRIPLE]
    by_record = pairs.groupby([*keys, "record_id"]).size().rename("mentions").reset_index()
    support = by_record.groupby(keys, sort=True).agg(
        records=("record_id", "size"),
        mentions=("mentions", "sum"),
        record_ids=("record_id", list),
    )
    return _ordered(support.reset_index(), "triples", ["month", *_KEY])


def filter_triples(
    triples: pd.DataFrame,
    linked: pd.DataFrame,
    minimum: int = MINIMUM_SUPPORT,
    by: Literal["records", "mentions"] = "records",
) -> pd.DataFrame:
    """`filtered_triples` of all months: those with a support of at least `minimum`.

    `linked` is all months' `linked_entities`, for the records that name head and tail. Raises
    ValueError for another `by`.
    """
    if by not in ("records", "mentions"):
        raise ValueError(f"support is counted by records or by mentions, not by {by!r}")
    if triples.empty:
        return _empty("filtered_triples")
    mentions = triples.groupby(_TRIPLE)["mentions"].sum()
    # A record counts once, even should a stale month name it again.
    supporters = triples[[*_TRIPLE, "record_ids"]].explode("record_ids")
    records = supporters.groupby(_TRIPLE)["record_ids"].nunique().rename("records")
    support = pd.concat([records, mentions], axis=1)
    kept = support[support[by] >= minimum].reset_index()
    named = present_concepts(linked).groupby("concept_id")["record_id"].nunique()
    for end in ("head", "tail"):
        kept[f"{end}_records"] = kept[f"{end}_id"].map(named).fillna(0).astype("int64")
    return _ordered(kept, "filtered_triples", _KEY)


def _learned(present: pd.DataFrame, relations: pd.DataFrame) -> pd.DataFrame:
    """One row a pair of present linked mentions, of the types that its relation allows."""
    pairs = relations.rename(columns={"label": "relation"})
    for end in ("head", "tail"):
        columns = {"start": f"{end}_start", "end": f"{end}_end"}
        columns |= {"concept_id": f"{end}_id", "label": f"{end}_type"}
        mentions = present[[*_SECTION, *columns]].rename(columns=columns)
        pairs = pairs.merge(mentions, on=[*_SECTION, f"{end}_start", f"{end}_end"])
    signatures = {(r.value, r.head.value, t.value) for r in LEARNED_RELATIONS for t in r.tails}
    named = zip(pairs["relation"], pairs["head_type"], pairs["tail_type"], strict=True)
    allowed = [signature in signatures for signature in named]
    return pairs.loc[allowed, ["record_id", "month", *_TRIPLE]]


def _ordered(table: pd.DataFrame, name: str, key: list[str]) -> pd.DataFrame:
    return table.sort_values(key)[TABLES[name].column_names].reset_index(drop=True)


def _empty(name: str) -> pd.DataFrame:
    """A table of no rows with the columns and types of its declaration."""
    return TABLES[name].arrow_schema.empty_table().to_pandas()
