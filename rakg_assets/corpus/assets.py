"""Assets of stage 2: sentences of the records, annotations, and their split."""

import dagster as dg
import pandas as pd

from rakg_assets.corpus import agreement, splits
from rakg_assets.corpus.annotations import annotation_table, read_annotations
from rakg_assets.corpus.sentences import sentence_table
from rakg_assets.corpus.summary import summary
from rakg_assets.orchestration.declare import table_asset
from rakg_assets.orchestration.freshness import Recipe, hash_files
from rakg_assets.orchestration.resources import Settings

GROUP = "corpus"


@dg.asset(**table_asset("sentences", GROUP))
def sentences(raw_records: pd.DataFrame) -> pd.DataFrame:
    return sentence_table(raw_records)


@dg.asset(**table_asset("annotations", GROUP))
def annotations(settings: Settings) -> dg.Output[pd.DataFrame]:
    records, problems = read_annotations(settings.annotation_source)
    metadata = {
        "records": len({record.id for record in records}),
        "problems": dg.MetadataValue.md("\n".join(f"- {p}" for p in problems) or "none"),
        "counts": dg.MetadataValue.md(summary(records)),
        "agreement": dg.MetadataValue.md(agreement.as_markdown(records)),
    }
    return dg.Output(annotation_table(records), metadata=metadata)


@dg.asset(**table_asset("labeled_splits", GROUP))
def labeled_splits(settings: Settings, annotations: pd.DataFrame) -> pd.DataFrame:
    return splits.split_records(annotations, settings.split_seed)


RECIPES = [
    Recipe("sentences", ("raw_records",)),
    Recipe("annotations", extras=lambda s, month: hash_files(s.annotation_source)),
    Recipe("labeled_splits", ("annotations",), extras=lambda s, month: str(s.split_seed)),
]
