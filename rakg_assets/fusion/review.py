"""The queue of surface forms that no concept was found for, for a clinician to decide.

Belongs here: what is asked and in which order. Does not belong here: how candidates are found
(`linking.py`). No patient text stands in it but the mention and its type.
"""

from __future__ import annotations

import pandas as pd

from rakg_assets.fusion.form_index import OVERRIDE
from rakg_assets.fusion.linking import LONGEST_NAME, Linker
from rakg_assets.ontology.schema import EntityType
from rakg_assets.ontology.tables import TABLES

_CANDIDATES = 5


def review_queue(
    linked: pd.DataFrame, linker: Linker, candidates: int = _CANDIDATES
) -> pd.DataFrame:
    """`review_queue` of `linked_entities`: unlinked surface forms by type, most frequent first.

    `records` counts distinct records, `mentions` all rows; `candidates` concepts a form at most.
    """
    # Where a person found no concept right, nobody is asked again.
    asked = linked["concept_id"].isna() & (linked["method"] != OVERRIDE)
    # What is longer than any name is a mistake of the model and can get no answer.
    unlinked = linked[asked & (linked["text"].astype("str").str.len() <= LONGEST_NAME)]
    queue = (
        unlinked.groupby(["label", "text"], sort=True)
        .agg(records=("record_id", "nunique"), mentions=("record_id", "size"))
        .reset_index()
        .rename(columns={"label": "type", "text": "mention"})
        .sort_values(
            ["mentions", "records", "type", "mention"], ascending=[False, False, True, True]
        )
        .reset_index(drop=True)
    )
    mentions = [(EntityType(t), m) for t, m in zip(queue["type"], queue["mention"], strict=True)]
    queue["candidates"] = pd.Series(
        [
            [
                {"concept_id": m.concept.concept_id, "name_zh": m.concept.name_zh, "score": m.score}
                for m in matches
            ]
            for matches in linker.suggestions(mentions, candidates)
        ],
        dtype="object",
    )
    return queue[TABLES["review_queue"].column_names]
