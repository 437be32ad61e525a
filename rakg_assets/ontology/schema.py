"""The words of the graph: entity types, relations, assertions, in Chinese and English.

Belongs here: what the annotation guideline fixes. Does not belong here: terms of the domain
(`dictionaries/`), table columns (`tables.py`) or sections of a record (`sections.py`).
"""

from __future__ import annotations

from enum import StrEnum


class EntityType(StrEnum):
    """The nine kinds of entity; the value is the key used in files and tables."""

    DISEASE = "disease"
    SYMPTOM = "symptom"
    TREATMENT = "treatment"
    PHYSICAL_EXAMINATION = "physical_examination"
    IMAGING_TEST = "imaging_test"
    LAB_TEST = "lab_test"
    AGGRAVATING_FACTOR = "aggravating_factor"
    MITIGATION_FACTOR = "mitigation_factor"
    BODY_PART = "body_part"

    @property
    def zh(self) -> str:
        """The name a clinician reads."""
        return _ENTITY_ZH[self]

    @property
    def en(self) -> str:
        """The English name in reports."""
        return self.value.replace("_", " ")

    @property
    def node_label(self) -> str:
        """The node label in the graph, e.g. `PhysicalExamination`."""
        return "".join(word.capitalize() for word in self.value.split("_"))


_ENTITY_ZH = {
    EntityType.DISEASE: "疾病",
    EntityType.SYMPTOM: "症状",
    EntityType.TREATMENT: "治疗",
    EntityType.PHYSICAL_EXAMINATION: "体格检查",
    EntityType.IMAGING_TEST: "影像学检查",
    EntityType.LAB_TEST: "实验室检查",
    EntityType.AGGRAVATING_FACTOR: "加重因素",
    EntityType.MITIGATION_FACTOR: "缓解因素",
    EntityType.BODY_PART: "身体部位",
}


class Assertion(StrEnum):
    """What the record says of an entity; only `present` ones make triples."""

    PRESENT = "present"
    ABSENT = "absent"
    POSSIBLE = "possible"
    FAMILY = "family"


class Relation(StrEnum):
    """The eleven relations: six learned within a sentence, five by rule from the RA diagnosis."""

    BODY_PART_SYMPTOM = "body_part_symptom"
    BODY_PART_PHYSICAL_EXAMINATION = "body_part_physical_examination"
    AGGRAVATING_FACTOR_SYMPTOM = "aggravating_factor_symptom"
    MITIGATION_FACTOR_SYMPTOM = "mitigation_factor_symptom"
    TREATMENT_IMPROVED = "treatment_improved"
    TREATMENT_NOT_IMPROVED = "treatment_not_improved"
    DISEASE_SYMPTOM = "disease_symptom"
    DISEASE_PHYSICAL_EXAMINATION = "disease_physical_examination"
    DISEASE_LAB_TEST = "disease_lab_test"
    DISEASE_IMAGING_TEST = "disease_imaging_test"
    DISEASE_TREATMENT = "disease_treatment"

    @property
    def zh(self) -> str:
        """The name a clinician reads."""
        return _RELATION_ZH[self]

    @property
    def en(self) -> str:
        """The English name in reports."""
        return self.value.replace("_", " ")

    @property
    def edge_type(self) -> str:
        """The relationship type in the graph, e.g. `TREATMENT_IMPROVED`."""
        return self.value.upper()

    @property
    def head(self) -> EntityType:
        """The type of the first end."""
        return _SIGNATURES[self][0]

    @property
    def tails(self) -> frozenset[EntityType]:
        """The types allowed for the second end."""
        return _SIGNATURES[self][1]

    @property
    def learned(self) -> bool:
        """Whether a model predicts it (else a rule draws it)."""
        return self in LEARNED_RELATIONS


_RELATION_ZH = {
    Relation.BODY_PART_SYMPTOM: "部位-症状",
    Relation.BODY_PART_PHYSICAL_EXAMINATION: "部位-体征",
    Relation.AGGRAVATING_FACTOR_SYMPTOM: "加重因素-症状",
    Relation.MITIGATION_FACTOR_SYMPTOM: "缓解因素-症状",
    Relation.TREATMENT_IMPROVED: "治疗改善",
    Relation.TREATMENT_NOT_IMPROVED: "治疗未改善",
    Relation.DISEASE_SYMPTOM: "疾病-症状",
    Relation.DISEASE_PHYSICAL_EXAMINATION: "疾病-体征",
    Relation.DISEASE_LAB_TEST: "疾病-实验室检查",
    Relation.DISEASE_IMAGING_TEST: "疾病-影像学检查",
    Relation.DISEASE_TREATMENT: "疾病-治疗",
}

_E = EntityType
# The paper's Tables 2 and 5 disagree on the tail of the treatment relations; both are allowed here.
_SIGNATURES: dict[Relation, tuple[EntityType, frozenset[EntityType]]] = {
    Relation.BODY_PART_SYMPTOM: (_E.BODY_PART, frozenset({_E.SYMPTOM})),
    Relation.BODY_PART_PHYSICAL_EXAMINATION: (_E.BODY_PART, frozenset({_E.PHYSICAL_EXAMINATION})),
    Relation.AGGRAVATING_FACTOR_SYMPTOM: (_E.AGGRAVATING_FACTOR, frozenset({_E.SYMPTOM})),
    Relation.MITIGATION_FACTOR_SYMPTOM: (_E.MITIGATION_FACTOR, frozenset({_E.SYMPTOM})),
    Relation.TREATMENT_IMPROVED: (_E.TREATMENT, frozenset({_E.SYMPTOM, _E.DISEASE})),
    Relation.TREATMENT_NOT_IMPROVED: (_E.TREATMENT, frozenset({_E.SYMPTOM, _E.DISEASE})),
    Relation.DISEASE_SYMPTOM: (_E.DISEASE, frozenset({_E.SYMPTOM})),
    Relation.DISEASE_PHYSICAL_EXAMINATION: (_E.DISEASE, frozenset({_E.PHYSICAL_EXAMINATION})),
    Relation.DISEASE_LAB_TEST: (_E.DISEASE, frozenset({_E.LAB_TEST})),
    Relation.DISEASE_IMAGING_TEST: (_E.DISEASE, frozenset({_E.IMAGING_TEST})),
    Relation.DISEASE_TREATMENT: (_E.DISEASE, frozenset({_E.TREATMENT})),
}

LEARNED_RELATIONS: tuple[Relation, ...] = tuple(Relation)[:6]
RULE_RELATIONS: tuple[Relation, ...] = tuple(Relation)[6:]


def learned_relations_between(head: str, tail: str) -> tuple[Relation, ...]:
    """The learned relations that allow this pair of types; empty if the pair is no candidate."""
    return tuple(r for r in LEARNED_RELATIONS if r.head == head and tail in r.tails)
