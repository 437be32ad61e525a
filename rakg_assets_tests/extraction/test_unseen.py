from dataclasses import replace

from rakg_assets.corpus.documents import Document, RelationMention
from rakg_assets.extraction.unseen import sentences_of, without_seen
from rakg_assets_tests.extraction.conftest import marked


def test_sentences_are_counted_once() -> None:
    documents = [Document("a", "双手肿痛。无发热。"), Document("b", "无发热。")]
    assert sentences_of(documents) == {"双手肿痛。", "无发热。"}


def test_what_lies_in_a_seen_sentence_is_left_out_with_its_relations() -> None:
    document = marked("[双手]b[肿痛]s。[双膝]b[疼痛]s。")
    relations = tuple(RelationMention("body_part_symptom", h, h + 1) for h in (0, 2))
    document = replace(document, relations=relations)
    (rest,) = without_seen([document], frozenset({"双手肿痛。"}))
    assert rest.text == document.text
    assert [e.text for e in rest.entities] == ["双膝", "疼痛"]
    assert rest.relations == (RelationMention("body_part_symptom", 0, 1),)


def test_an_entity_across_a_seen_and_an_unseen_sentence_stays() -> None:
    document = marked("[双手肿。痛]s多年。")
    assert without_seen([document], frozenset({"双手肿。"})) == [document]
