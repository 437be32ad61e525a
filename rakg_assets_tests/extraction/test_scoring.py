import pytest

from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.extraction.scoring import (
    ScoringError,
    rightness,
    score_assertions,
    score_entities,
    score_relations,
)

HAND = Entity(0, 2, "body_part", "双手")
PAIN = Entity(2, 4, "symptom", "肿痛")
FEVER = Entity(5, 7, "symptom", "发热", "absent")
LINK = RelationMention("body_part_symptom", 0, 1)


def document(*entities: Entity, relations: tuple[RelationMention, ...] = ()) -> Document:
    return Document("X", "双手肿痛无发热", entities=entities, relations=relations)


def test_a_span_counts_only_with_ends_and_type_right() -> None:
    wrong_end, wrong_type = Entity(2, 3, "symptom", "肿"), Entity(0, 2, "disease", "双手")
    scores = score_entities([document(HAND, PAIN)], [document(wrong_type, wrong_end, FEVER)])
    assert scores.overall.to_json() == {"precision": 0, "recall": 0, "f1": 0, "gold": 2}
    scores = score_entities([document(HAND, PAIN)], [document(HAND, wrong_end, FEVER)])
    assert scores.overall.to_json() == {
        "precision": 33.33,
        "recall": 50.0,
        "f1": 40.0,
        "gold": 2,
    }
    assert scores.by_type["body_part"].f1 == 100
    assert scores.to_json()["by_type"]["symptom"]["precision"] == 0


def test_each_predicted_relation_is_right_or_not_with_its_score() -> None:
    gold = document(HAND, PAIN, relations=(LINK,))
    sure = RelationMention("body_part_symptom", 1, 2, 0.9)
    wrong = RelationMention("body_part_symptom", 1, 0, 0.4)
    predicted = document(FEVER, HAND, PAIN, relations=(sure, wrong))
    assert rightness([gold], [predicted]) == [(0.9, True), (0.4, False)]
    assert rightness([gold], [document()]) == []


def test_one_type_may_be_left_out_of_the_figures() -> None:
    said = Entity(5, 7, "symptom", "发热")
    scores = score_assertions([document(HAND, PAIN, FEVER)], [document(HAND, PAIN, said)])
    assert scores.overall.gold == 3
    rest = scores.without("present")
    assert (rest.overall.to_json(), set(rest.by_type)) == (
        {"precision": 0, "recall": 0, "f1": 0, "gold": 1},
        {"absent"},
    )
    assert rest.without("absent").overall.gold == 0


def test_nothing_predicted_or_nothing_there_is_zero_not_an_error() -> None:
    assert score_entities([document()], [document()]).f1 == 0
    assert score_entities([], []).to_json()["by_type"] == {}


def test_relations_need_both_spans_and_ignore_positions() -> None:
    gold = document(HAND, PAIN, relations=(LINK,))
    same = document(FEVER, HAND, PAIN, relations=(RelationMention("body_part_symptom", 1, 2),))
    assert score_relations([gold], [same]).f1 == 100
    moved = document(HAND, Entity(2, 3, "symptom", "肿"), relations=(LINK,))
    assert score_relations([gold], [moved]).f1 == 0


def test_assertions_are_scored_on_shared_spans_only() -> None:
    gold = document(HAND, FEVER)
    wrong = Entity(5, 7, "symptom", "发热", "present")
    scores = score_assertions([gold], [document(PAIN, wrong)])
    assert scores.overall.gold == 1
    assert scores.f1 == 0
    assert score_assertions([gold], [document(FEVER)]).by_type["absent"].f1 == 100


def test_documents_must_pair_up() -> None:
    with pytest.raises(ScoringError, match="1 gold documents but 0 predicted"):
        score_entities([document()], [])
    with pytest.raises(ScoringError, match="document 0"):
        score_entities([document()], [Document("X", "别的")])
