from collections.abc import Sequence
from dataclasses import replace

from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.extraction.cross_prediction import cross_predicted, with_gold_relations


def entity(text: str, words: str, label: str, assertion: str = "present") -> Entity:
    start = text.index(words)
    return Entity(start, start + len(words), label, words, assertion)


TEXT = "双手关节肿痛。晨僵明显，夜间加重。"
GOLD = Document(
    "S1",
    TEXT,
    section="现病史",
    entities=(
        entity(TEXT, "双手关节", "body_part"),
        entity(TEXT, "肿痛", "symptom"),
        entity(TEXT, "晨僵", "symptom"),
        entity(TEXT, "夜间", "aggravating_factor"),
    ),
    relations=(
        RelationMention("body_part_symptom", 0, 1),
        RelationMention("aggravating_factor_symptom", 3, 2),
    ),
)


def test_an_entity_cut_otherwise_stands_for_the_gold_one_and_a_wrong_one_for_none() -> None:
    found = (
        entity(TEXT, "双手", "body_part"),
        entity(TEXT, "关节", "symptom"),
        entity(TEXT, "肿痛", "symptom"),
    )
    carried = with_gold_relations(GOLD, replace(GOLD, entities=found, relations=()))
    assert carried.relations == (RelationMention("body_part_symptom", 0, 2),)


def test_both_parts_of_an_entity_found_in_two_keep_its_relation() -> None:
    found = (
        entity(TEXT, "双手", "body_part"),
        entity(TEXT, "关节", "body_part"),
        entity(TEXT, "肿痛", "symptom"),
    )
    carried = with_gold_relations(GOLD, replace(GOLD, entities=found, relations=()))
    assert [(r.head, r.tail) for r in carried.relations] == [(0, 2), (1, 2)]


def test_no_record_is_searched_by_a_model_that_learnt_from_it() -> None:
    documents = [replace(GOLD, id=f"S{number}") for number in range(5) for _ in range(2)]
    searched: list[str] = []

    def finder(fold: int, others: Sequence[Document]):
        learnt = {document.id for document in others}

        def find(inside: Sequence[Document]) -> list[Document]:
            searched.extend(document.id for document in inside)
            assert not learnt & {document.id for document in inside}
            return [replace(document, entities=(), relations=()) for document in inside]

        return find

    sentences = cross_predicted(documents, 3, finder)
    assert sorted(searched) == sorted(document.id for document in documents)
    assert len(sentences) == 2 * len(documents)


def test_a_sentence_found_as_in_gold_is_not_learnt_twice() -> None:
    other = (*GOLD.entities[:3], entity(TEXT, "夜间加重", "aggravating_factor"))
    finder = lambda fold, others: lambda inside: [replace(GOLD, entities=other, relations=())]  # noqa: E731
    (sentence,) = cross_predicted([GOLD], 1, finder)
    assert sentence.text == "晨僵明显，夜间加重。"
    assert sentence.section == "现病史"
    assert [e.text for e in sentence.entities] == ["晨僵", "夜间加重"]
    assert [sentence.text[e.start : e.end] for e in sentence.entities] == ["晨僵", "夜间加重"]
    assert sentence.relations == (RelationMention("aggravating_factor_symptom", 1, 0),)


def test_another_assertion_alone_is_found_otherwise() -> None:
    absent = tuple(replace(e, assertion="absent") for e in GOLD.entities)
    finder = lambda fold, others: lambda inside: [replace(GOLD, entities=absent, relations=())]  # noqa: E731
    assert len(cross_predicted([GOLD], 1, finder)) == 2
