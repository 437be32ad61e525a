import random
from dataclasses import replace

from rakg_assets.corpus.documents import Document, RelationMention
from rakg_assets.extraction.marking import Writer
from rakg_assets.extraction.pairs import OTHER, Pair, candidate_pairs, with_fewer_others
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets_tests.extraction.conftest import marked

WRITER = Writer(99)


def pairs(document: Document) -> list[Pair]:
    return list(candidate_pairs([document], WRITER))


def ends(document: Document) -> list[tuple[str, str]]:
    texts = [e.text for e in document.entities]
    return [("+".join(texts[i] for i in p.heads), texts[p.tail]) for p in pairs(document)]


def test_candidates_are_of_types_that_a_relation_allows() -> None:
    document = marked("[受凉]a后[双腕]b[肿痛]s，查[血沉]l，服[甲氨蝶呤]t，[压痛]p。")
    assert ends(document) == [
        ("受凉", "肿痛"),
        ("双腕", "肿痛"),
        ("双腕", "压痛"),
        ("甲氨蝶呤", "肿痛"),
    ]


def test_no_candidate_crosses_a_sentence() -> None:
    assert ends(marked("[双腕]b[肿痛]s。[双膝]b[疼痛]s。")) == [("双腕", "肿痛"), ("双膝", "疼痛")]


def test_only_present_entities_are_candidates() -> None:
    document = marked("[双腕]b[肿痛]s，[晨僵]s。")
    absent = replace(document.entities[1], assertion="absent")
    document = replace(document, entities=(document.entities[0], absent, document.entities[2]))
    assert ends(document) == [("双腕", "晨僵")]


def test_listed_heads_are_one_candidate_with_the_label_of_all() -> None:
    document = marked("[双腕]b、[双膝]b[肿痛]s，[右踝]b[压痛]p。")
    relations = tuple(RelationMention("body_part_symptom", head, 2) for head in (0, 1))
    found = pairs(replace(document, relations=relations))
    assert [(p.heads, p.tail, p.label) for p in found] == [
        ((0, 1), 2, "body_part_symptom"),
        ((0, 1), 4, OTHER),
        ((3,), 2, OTHER),
        ((3,), 4, OTHER),
    ]


def test_labels_are_those_of_the_types() -> None:
    part, treatment = pairs(marked("[双腕]b[肿痛]s，[甲氨蝶呤]t。"))
    assert part.labels == (OTHER, "body_part_symptom")
    assert treatment.labels == (OTHER, "treatment_improved", "treatment_not_improved")


def test_facts_tell_order_and_what_lies_between() -> None:
    document = marked("[双腕]b[肿痛]s，[双膝]b;[晨僵]s。")
    by_ends = {(p.heads[0], p.tail): p.facts for p in pairs(document)}
    assert by_ends[0, 1][0] == "body_part symptom True"
    assert by_ends[2, 1][0] == "body_part symptom False"
    assert by_ends[0, 1][2:6] == ("pauses 0", "stops 0", "heads 0", "tails 0")
    assert by_ends[0, 3][2:6] == ("pauses 1", "stops 1", "heads 1", "tails 1")
    assert {len(facts) for facts in by_ends.values()} == {7}


def test_the_kind_of_symptom_is_told_where_texts_are_folded() -> None:
    cues = RelationCues({"stiffness": ["僵"], "general": ["乏力"]})
    document = marked("[双腕]b[肿痛]s、[晨僵]s，[乏力]s。")
    kinds = [p.facts[-1] for p in candidate_pairs([document], Writer(99, cues))]
    assert kinds == ["kind None", "kind stiffness", "kind general"]
    assert {p.facts[-1] for p in pairs(document)} == {"kind None"}


def test_pairs_that_stand_too_far_apart_are_none() -> None:
    document = marked("[双腕]b" + "略" * 60 + "[肿痛]s")
    assert len(list(candidate_pairs([document], Writer(68)))) == 1
    assert not list(candidate_pairs([document], Writer(67)))


def test_documents_are_numbered() -> None:
    documents = [marked("无"), marked("[双腕]b[肿痛]s")]
    assert [p.document for p in candidate_pairs(documents, WRITER)] == [1]


def test_an_epoch_may_have_fewer_pairs_without_a_relation() -> None:
    document = marked("[双腕]b[肿痛]s，[双膝]b[疼痛]s，[双肘]b[压痛]p。")
    known = RelationMention("body_part_symptom", 0, 1)
    found = pairs(replace(document, relations=(known,)))
    assert [p.label for p in found].count(OTHER) == len(found) - 1 > 3
    assert with_fewer_others(found, None, random.Random(0)) == found
    assert with_fewer_others(found, 99, random.Random(0)) == found
    assert [p.label for p in with_fewer_others(found, 0, random.Random(0))] == [known.label]
    draws = [with_fewer_others(found, 2, random.Random(seed)) for seed in range(9)]
    for few in draws:
        assert len(few) == 3
        assert few == [pair for pair in found if pair in few]
    assert len({tuple(pair.tail for pair in few) for few in draws}) > 1
