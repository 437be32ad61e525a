"""The schema against the guideline."""

from __future__ import annotations

import pytest

from rakg_assets.ontology.schema import (
    LEARNED_RELATIONS,
    RULE_RELATIONS,
    Assertion,
    EntityType,
    Relation,
    learned_relations_between,
)


def test_there_are_nine_types_eleven_relations_four_assertions() -> None:
    assert (len(EntityType), len(Relation), len(Assertion)) == (9, 11, 4)
    assert (len(LEARNED_RELATIONS), len(RULE_RELATIONS)) == (6, 5)


@pytest.mark.parametrize("names", [EntityType, Relation])
def test_names_are_complete_and_told_apart(names: type[EntityType | Relation]) -> None:
    for attribute in ("zh", "en", "value"):
        values = [getattr(member, attribute) for member in names]
        assert all(values)
        assert len(set(values)) == len(values)


def test_names_of_the_graph() -> None:
    assert EntityType.PHYSICAL_EXAMINATION.node_label == "PhysicalExamination"
    assert Relation.TREATMENT_NOT_IMPROVED.edge_type == "TREATMENT_NOT_IMPROVED"
    assert EntityType("body_part").en == "body part"


def test_learned_relations_and_their_ends() -> None:
    assert all(r.learned for r in LEARNED_RELATIONS)
    assert all(not r.learned and r.head == EntityType.DISEASE for r in RULE_RELATIONS)
    assert Relation.TREATMENT_IMPROVED.tails == {EntityType.SYMPTOM, EntityType.DISEASE}


@pytest.mark.parametrize(
    ("head", "tail", "expected"),
    [
        ("treatment", "symptom", {"treatment_improved", "treatment_not_improved"}),
        ("treatment", "disease", {"treatment_improved", "treatment_not_improved"}),
        ("body_part", "symptom", {"body_part_symptom"}),
        ("symptom", "body_part", set()),
        ("disease", "symptom", set()),
        ("unknown", "symptom", set()),
    ],
)
def test_candidate_pairs(head: str, tail: str, expected: set[str]) -> None:
    assert set(learned_relations_between(head, tail)) == expected


@pytest.mark.parametrize("relation", Relation)
def test_a_relation_s_name_begins_with_its_head(relation: Relation) -> None:
    assert relation.value.startswith(relation.head.value)
