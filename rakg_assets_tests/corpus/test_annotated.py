"""Shapes of annotated records."""

from __future__ import annotations

from rakg_assets.corpus.annotated import AnnotatedRecord, Problem, in_order, place_of
from rakg_assets.corpus.documents import Document, Entity, RelationMention


def test_in_order_sorts_entities_and_moves_relations_along() -> None:
    document = Document(
        "E1",
        "双手肿痛",
        "入院记录",
        "主诉",
        (Entity(2, 4, "symptom", "肿痛"), Entity(0, 2, "body_part", "双手")),
        (RelationMention("body_part_symptom", 1, 0), RelationMention("body_part_symptom", 1, 0)),
    )

    ordered = in_order(document)

    assert [e.text for e in ordered.entities] == ["双手", "肿痛"]
    assert ordered.relations == (RelationMention("body_part_symptom", 0, 1),)
    assert in_order(ordered) == ordered


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem("a.txt, line 3", "no id", "give one")) == "a.txt, line 3: no id; give one"


def test_records_are_told_apart_by_annotator() -> None:
    assert AnnotatedRecord("E1", (), annotator="a").key != AnnotatedRecord("E1", ()).key
    assert place_of(Document("E1", "", "入院记录", "主诉")) == "E1 入院记录/主诉"
