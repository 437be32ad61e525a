"""Rules of the guideline, each broken once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.corpus.guideline import check_records
from rakg_assets.ontology.markup import parse_markup


def record(marked: str, relations: str = "") -> AnnotatedRecord:
    """A record of one section, written in markup."""
    text = f"#RECORD id=E1\n##入院记录\n###现病史\n{marked}\n#RELATIONS\n{relations}"
    [section] = parse_markup(text).sections
    position = {m.id: i for i, m in enumerate(section.marks)}
    entities = tuple(
        Entity(m.start, m.end, m.label, section.text[m.start : m.end], m.assertion)
        for m in section.marks
    )
    mentions = tuple(
        RelationMention(label, position[head], position[tail])
        for label, head, tail in parse_markup(text).relations
    )
    document = Document("E1", section.text, "入院记录", "现病史", entities, mentions)
    return AnnotatedRecord("E1", (document,))


def reasons(*records: AnnotatedRecord) -> list[str]:
    return [p.reason for p in check_records(records)]


GOOD = (
    "{b1:body_part|双手}{s1:symptom|肿痛}3年，无{s2:symptom!absent|发热}。{t1:treatment|甲氨蝶呤}"
)


def test_a_record_by_the_guideline_has_no_problem() -> None:
    assert reasons(record(GOOD, "body_part_symptom b1 s1")) == []


@pytest.mark.parametrize(
    "mention",
    [
        "lab_test|抗“O”",
        "lab_test|N%",
        "lab_test|24小时尿蛋白定量",
        "lab_test|Ca2+",
        "lab_test|1,25-二羟维生素D3",
        "physical_examination|“4”字征",
        "physical_examination|6分钟步行试验",
        "disease|2型糖尿病",
        "disease|系统性红斑狼疮(SLE)",
        "disease|血清阳性类风湿关节炎",
        "treatment|维生素B12片",
        "treatment|碳酸钙D3",
        "body_part|双手PIP2-4",
        "body_part|右手第2、3掌指关节",
        "symptom|无力",
        "symptom|无法行走",
        "disease|未分化结缔组织病",
        "imaging_test|右腕MRI平扫+增强",
    ],
)
def test_names_with_numbers_and_signs_are_no_problem(mention: str) -> None:
    assert reasons(record(f"{{x1:{mention}}}")) == []


@pytest.mark.parametrize(
    ("marked", "reason"),
    [
        ("{x1:drug|甲氨蝶呤}", "no such entity type"),
        ("{x1:symptom!denied|发热}", "no such assertion"),
        ("{x1:symptom|肿痛，}", "begins or ends with space or punctuation"),
        ("{x1:symptom| 肿痛}", "begins or ends with space or punctuation"),
        ("{x1:disease|（肺炎}", "begins or ends with space or punctuation"),
        ("{x1:disease|“肺炎”}", "begins or ends with space or punctuation"),
        ("{x1:physical_examination|压痛(+)}", "ends in a result"),
        ("{x1:lab_test|RF阳性}", "ends in a result"),
        ("{x1:treatment|甲氨蝶呤10mg}", "ends in a quantity"),
        ("{x1:treatment|甲氨蝶呤10mg qw}", "ends in a quantity"),
        ("{x1:symptom|肿痛3年余}", "ends in a quantity"),
        ("{x1:symptom|3天发热}", "begins with a quantity"),
        ("{x1:treatment|10mg甲氨蝶呤}", "begins with a quantity"),
        ("{x1:disease!absent|否认肝炎}", "begins with a polarity word"),
        ("{x1:symptom|肿痛。晨僵}", "crosses a sentence"),
    ],
)
def test_a_span_that_breaks_a_rule_is_named(marked: str, reason: str) -> None:
    [found] = reasons(record(marked))

    assert reason in found


@pytest.mark.parametrize(
    ("relations", "reason"),
    [
        ("part_of b1 s1", "no such relation"),
        ("disease_symptom b1 s1", "drawn by rule"),
        ("body_part_symptom s1 b1", "joins symptom and body_part"),
        ("body_part_symptom b1 s2", "not present"),
        ("treatment_improved t1 s1", "two sentences"),
        ("body_part_symptom b1 s1\nbody_part_symptom b1 s1", "given twice"),
    ],
)
def test_a_relation_that_breaks_a_rule_is_named(relations: str, reason: str) -> None:
    assert any(reason in found for found in reasons(record(GOOD, relations)))


def test_offsets_overlaps_and_loose_ends_are_named() -> None:
    document = record(GOOD).sections[0]
    shifted = replace(document.entities[0], start=1, end=3)
    overlap = Entity(1, 4, "symptom", "手肿痛")
    loose = RelationMention("body_part_symptom", 0, 9)

    def of(*entities: Entity) -> AnnotatedRecord:
        return AnnotatedRecord("E1", (replace(document, entities=entities, relations=(loose,)),))

    assert reasons(of(shifted))[0] == "it is not the text at its offsets"
    assert "it overlaps the entity before it" in reasons(of(document.entities[0], overlap))
    assert reasons(of(document.entities[0])) == ["an end is no entity of the section"]
    assert "it is not the text at its offsets" in reasons(of(Entity(-1, 2, "symptom", "")))


def test_records_are_checked_as_a_whole() -> None:
    good = record(GOOD)
    wrong = replace(good.sections[0], section="主诉情况")
    doubled = replace(good, sections=good.sections * 2)
    dated = replace(good, admission=date(2018, 3, 5), discharge=date(2018, 3, 1))

    assert reasons(good, good) == ["the id is used by another record of this annotator"] * 2
    assert reasons(good, replace(good, annotator="b")) == []
    assert reasons(replace(good, sections=(wrong,))) == ["no such note and section"]
    assert reasons(doubled) == ["the section comes twice"]
    assert reasons(dated) == ["discharge before admission"]
    assert reasons(replace(good, id="")) == ["the record has no id"]


def test_problems_say_where_and_hold_no_text() -> None:
    [problem] = check_records([record("患者{x1:symptom|肿痛，}")])

    assert problem.place == "E1 入院记录/现病史, symptom 2-5"
    assert "肿痛" not in str(problem)
