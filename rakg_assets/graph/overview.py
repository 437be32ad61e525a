"""A few lines that sum up a run: what went in, what was found, what the graph holds."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from rakg_assets.ontology.schema import EntityType, Relation

TOP = 10


def overview(tables: Mapping[str, pd.DataFrame]) -> str:
    """Plain text from the tables raw_records, sentences, predicted_entities, filtered_triples and
    treatment_ranking."""
    records = tables["raw_records"]["record_id"].nunique()
    sentences = tables["sentences"]
    entities = tables["predicted_entities"]["label"].value_counts()
    relations = tables["filtered_triples"]["relation"].value_counts()
    lines = [
        f"records      {records:>8,}",
        f"sentences    {len(sentences):>8,}, {sentences['text_hash'].nunique():,} distinct",
        f"entities     {int(entities.sum()):>8,}",
        *_counts(entities, EntityType),
        f"relations    {int(relations.sum()):>8,} kept in the graph",
        *_counts(relations, Relation),
        "commonest treatments of rheumatoid arthritis, share of all treatments:",
        *_treatments(tables["treatment_ranking"]),
    ]
    return "\n".join(lines)


def _counts(counts: pd.Series, kinds: type[EntityType] | type[Relation]) -> list[str]:
    return [f"  {int(counts.get(kind.value, 0)):>8,}  {kind.zh} {kind.en}" for kind in kinds]


def _treatments(ranking: pd.DataFrame) -> list[str]:
    top = ranking.sort_values("rank", kind="stable").head(TOP)
    return [
        f"  {row.share:>7.1%}  {row.name_zh} {row.name_en} ({row.records:,} records)"
        for row in top.itertuples(index=False)
    ]
