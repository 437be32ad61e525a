"""Rule relations: which records get them, and to what."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from rakg_assets.fusion.rules import (
    RaConcepts,
    present_concepts,
    ra_concepts,
    records_with_ra,
    rule_relations,
)
from rakg_assets.ontology.dictionaries import Concept, Dictionary
from rakg_assets.ontology.schema import EntityType
from rakg_assets.ontology.tables import TABLES

RA = RaConcepts("D1", frozenset({"D1", "D2"}))
Row = tuple[str, str, str, str | None, str]


def linked_rows(rows: Sequence[Row], month: str = "2018-03") -> pd.DataFrame:
    """`linked_entities` of (record, section, type, concept or None, assertion); starts by row."""
    columns = ["record_id", "section", "label", "concept_id", "assertion"]
    table = pd.DataFrame(list(rows), columns=columns).assign(
        month=month, note="出院记录", start=range(len(rows)), text="x", score=1.0, origin="gold"
    )
    table["end"] = table["start"] + 1
    for column in ("name_zh", "name_en", "laterality", "numbers"):
        table[column] = None
    table = table.assign(method="exact", link_score=1.0, dictionary_version="v1")
    return table[TABLES["linked_entities"].column_names]


def test_ra_is_found_by_name_with_all_its_kinds(
    dictionaries: dict[EntityType, Dictionary],
) -> None:
    found = ra_concepts(dictionaries[EntityType.DISEASE])
    assert found == RaConcepts("D1", frozenset({"D1", "D2", "D7"}))


def test_a_dictionary_without_ra_is_refused() -> None:
    other = Dictionary(EntityType.DISEASE, (Concept("D9", "痛风", "gout"),), "", "disease.csv")
    with pytest.raises(LookupError, match=r"disease\.csv"):
        ra_concepts(other)


@pytest.mark.parametrize(
    ("section", "kind", "concept", "assertion", "counts"),
    [
        ("出院诊断", "disease", "D1", "present", True),
        ("初步诊断", "disease", "D2", "present", True),
        ("出院诊断", "disease", "D1", "possible", False),
        ("出院诊断", "disease", "D1", "absent", False),
        ("出院诊断", "disease", "D3", "present", False),
        ("出院诊断", "disease", None, "present", False),
        ("现病史", "disease", "D1", "present", False),
        ("全文", "disease", "D1", "present", False),
    ],
)
def test_only_a_present_diagnosis_in_a_diagnosis_section_counts(
    section: str, kind: str, concept: str | None, assertion: str, counts: bool
) -> None:
    present = present_concepts(linked_rows([("r1", section, kind, concept, assertion)]))
    assert bool(records_with_ra(present, RA)) is counts


def test_relations_go_from_ra_to_present_linked_mentions_of_the_five_types() -> None:
    linked = linked_rows(
        [
            ("r1", "初步诊断", "disease", "D2", "present"),
            ("r1", "现病史", "symptom", "S1", "present"),
            ("r1", "现病史", "symptom", "S2", "absent"),
            ("r1", "现病史", "symptom", None, "present"),
            ("r1", "体格检查", "physical_examination", "P1", "present"),
            ("r1", "辅助检查", "lab_test", "L1", "present"),
            ("r1", "辅助检查", "imaging_test", "I1", "present"),
            ("r1", "诊疗经过", "treatment", "T1", "present"),
            ("r1", "诊疗经过", "treatment", "T1", "present"),
            ("r1", "现病史", "body_part", "B1", "present"),
            ("r1", "现病史", "disease", "D3", "present"),
            ("r2", "现病史", "symptom", "S1", "present"),
        ]
    )
    relations = rule_relations(present_concepts(linked), RA)
    assert set(relations["head_id"]) == {"D1"}
    assert set(relations["record_id"]) == {"r1"}
    assert sorted(zip(relations["relation"], relations["tail_id"], strict=True)) == [
        ("disease_imaging_test", "I1"),
        ("disease_lab_test", "L1"),
        ("disease_physical_examination", "P1"),
        ("disease_symptom", "S1"),
        ("disease_treatment", "T1"),
        ("disease_treatment", "T1"),
    ]


def test_nothing_gives_nothing() -> None:
    assert rule_relations(present_concepts(linked_rows([])), RA).empty
