"""Relations drawn by rule: from a record's RA diagnosis to what is present in the record.

The annotation guideline rules it: a record whose discharge and preliminary diagnoses name no RA
gets none. Does not belong here: learned relations and support (`triples.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from rakg_assets.ontology.dictionaries import Dictionary
from rakg_assets.ontology.schema import RULE_RELATIONS, Assertion, EntityType

RA_NAME = "类风湿关节炎"
_DIAGNOSES = ("出院诊断", "初步诊断")


@dataclass(frozen=True)
class RaConcepts:
    """`head`, the concept id that rule relations start from; `all`, it and its descendants."""

    head: str
    all: frozenset[str]


def ra_concepts(diseases: Dictionary) -> RaConcepts:
    """RA and its kinds, by the parents of the disease dictionary.

    Raises `LookupError` where no concept has the preferred name 类风湿关节炎.
    """
    head = next((c.concept_id for c in diseases.concepts if c.name_zh == RA_NAME), None)
    if head is None:
        raise LookupError(
            f"{diseases.file or 'disease.csv'}: no concept is named {RA_NAME}; add it"
        )
    kinds, size = {head}, 0
    while size < len(kinds):
        size = len(kinds)
        kinds |= {c.concept_id for c in diseases.concepts if c.parent in kinds}
    return RaConcepts(head, frozenset(kinds))


def present_concepts(linked: pd.DataFrame) -> pd.DataFrame:
    """The rows of `linked_entities` that may stand in a triple: present and linked."""
    return linked[linked["concept_id"].notna() & (linked["assertion"] == Assertion.PRESENT)]


def records_with_ra(present: pd.DataFrame, ra: RaConcepts) -> frozenset[str]:
    """Ids of the records that diagnose RA; `present` is of `present_concepts`."""
    diagnoses = present[
        present["section"].isin(_DIAGNOSES)
        & (present["label"] == EntityType.DISEASE)
        & present["concept_id"].isin(ra.all)
    ]
    return frozenset(diagnoses["record_id"])


def rule_relations(present: pd.DataFrame, ra: RaConcepts) -> pd.DataFrame:
    """One row a tail mention: record_id, month, head_id, head_type, relation, tail_id, tail_type.

    `present` is of `present_concepts`.
    """
    relation_of = {tail.value: r.value for r in RULE_RELATIONS for tail in r.tails}
    relation = present["label"].map(relation_of)
    tails = present[relation.notna() & present["record_id"].isin(records_with_ra(present, ra))]
    return pd.DataFrame(
        {
            "record_id": tails["record_id"],
            "month": tails["month"],
            "head_id": ra.head,
            "head_type": EntityType.DISEASE.value,
            "relation": relation[tails.index],
            "tail_id": tails["concept_id"],
            "tail_type": tails["label"],
        }
    )
