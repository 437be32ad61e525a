"""Promises of stage 3 to the next: offsets hold, types are known, counts are in their bands."""

from __future__ import annotations

from functools import partial

import pandas as pd

from rakg_assets.ontology.schema import LEARNED_RELATIONS, EntityType
from rakg_assets.orchestration.quality import Inspection, Promise, checks_of, every_row

# Mentions a record, by type: outside this band a month looks unlike any hand-annotated record.
BANDS: dict[EntityType, tuple[float, float]] = {
    EntityType.DISEASE: (1, 40),
    EntityType.SYMPTOM: (2, 80),
    EntityType.TREATMENT: (1, 80),
    EntityType.PHYSICAL_EXAMINATION: (0.5, 80),
    EntityType.IMAGING_TEST: (0.1, 30),
    EntityType.LAB_TEST: (0.5, 80),
    EntityType.AGGRAVATING_FACTOR: (0.1, 20),
    EntityType.MITIGATION_FACTOR: (0.05, 15),
    EntityType.BODY_PART: (2, 80),
}
_PLACE = ["record_id", "note", "section"]


def _mention_offsets(seen: Inspection) -> pd.DataFrame:
    """Whether each mention is what its section holds at its offsets."""
    mentions = seen.table("predicted_entities")
    texts = seen.table("raw_records").set_index(_PLACE)["text"].to_dict()
    rows = mentions[[*_PLACE, "start", "end", "text"]].itertuples(index=False, name=None)
    return pd.DataFrame({"same": [texts.get(r[:3], "")[r[3] : r[4]] == r[5] for r in rows]})


def _mentions_a_record(kind: EntityType, seen: Inspection) -> pd.DataFrame:
    """Mean mentions of a type a record; one row, none without records."""
    records = seen.table("raw_records")["record_id"].nunique()
    labels = seen.table("predicted_entities")["label"]
    return pd.DataFrame({"mean": [(labels == kind).sum() / records]} if records else {"mean": []})


CHECKS = [
    checks_of(
        "predicted_entities",
        [
            every_row(
                "offsets_hold",
                "Section text at the offsets is the mention.",
                "same",
                _mention_offsets,
            ),
            Promise(
                "types_known",
                "Every mention has one of the nine types.",
                "ExpectColumnValuesToBeInSet",
                {"column": "label", "value_set": [kind.value for kind in EntityType]},
            ),
            Promise(
                "every_type_seen",
                "Every entity type is found somewhere in the months of the run.",
                "ExpectColumnDistinctValuesToContainSet",
                {"column": "label", "value_set": [kind.value for kind in EntityType]},
                truth=False,
            ),
            *(
                Promise(
                    f"{kind.value}_count_in_band",
                    f"Mean mentions of {kind.en} a record lie between {low} and {high}.",
                    "ExpectColumnValuesToBeBetween",
                    {"column": "mean", "min_value": low, "max_value": high},
                    truth=False,
                    view=partial(_mentions_a_record, kind),
                )
                for kind, (low, high) in BANDS.items()
            ),
        ],
    ),
    checks_of(
        "predicted_relations",
        [
            Promise(
                "relations_known",
                "Every relation is one of the six that are learned.",
                "ExpectColumnValuesToBeInSet",
                {"column": "label", "value_set": [r.value for r in LEARNED_RELATIONS]},
            ),
        ],
    ),
]
