"""What annotations hold, counted."""

from __future__ import annotations

from dataclasses import replace

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.corpus.summary import summary

HANDS, PAIN = Entity(0, 2, "body_part", "双手"), Entity(2, 4, "symptom", "肿痛")
FEVER = Entity(5, 7, "symptom", "发热", "absent")
TEXT = Document(
    *("E1", "双手肿痛无发热", "入院记录", "主诉"),
    (HANDS, PAIN, FEVER),
    (RelationMention("body_part_symptom", 0, 1),),
)


def test_types_assertions_and_relations_are_counted() -> None:
    lines = summary([AnnotatedRecord("E1", (TEXT, replace(TEXT, section="现病史")))]).splitlines()

    assert lines[0] == "| entity | present | absent | possible | family | all |"
    assert "| symptom | 2 | 2 | 0 | 0 | 4 |" in lines
    assert "| body_part_symptom | 2 |" in lines
    assert not [line for line in lines if line.startswith("| disease_symptom")]


def test_of_two_annotators_one_is_counted() -> None:
    twice = [AnnotatedRecord("E1", (TEXT,), annotator=name) for name in ("a", "b")]

    assert summary(twice) == summary(twice[:1])
