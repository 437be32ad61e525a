from collections.abc import Sequence
from dataclasses import replace

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.self_training import sure_sentences
from rakg_assets_tests.extraction.conftest import marked


class Fixed:
    """Finds what is labelled, with a probability each."""

    def __init__(self, *scores: float) -> None:
        self.scores = scores

    def annotate(self, documents: Sequence[Document]) -> list[Document]:
        scored = []
        for document in documents:
            pairs = zip(document.entities, self.scores, strict=True)
            scored.append(replace(document, entities=tuple(replace(e, score=s) for e, s in pairs)))
        return scored


TEXT = marked("无不适。[双手]b[肿痛]s。予[甲氨蝶呤]t。", "现病史")


def test_only_sentences_with_sure_entities_are_learnt_from() -> None:
    (one,) = sure_sentences(Fixed(0.99, 0.8, 0.95), [TEXT])
    assert (one.text, one.section) == ("予甲氨蝶呤。", "现病史")
    assert [(e.start, e.end, e.label, e.text) for e in one.entities] == [
        (1, 5, "treatment", "甲氨蝶呤")
    ]


def test_the_same_sentence_is_learnt_from_once() -> None:
    found = sure_sentences(Fixed(1.0, 1.0, 1.0), [TEXT, replace(TEXT, id="X2")])
    assert [d.text for d in found] == ["双手肿痛。", "予甲氨蝶呤。"]


def test_a_sentence_that_an_entity_leaves_is_not_learnt_from() -> None:
    text = "予[甲氨蝶呤]t。双手肿痛。"
    document = marked(text)
    crossing = Entity(5, 8, "symptom", document.text[5:8])
    document = replace(document, entities=(document.entities[0], crossing))
    assert sure_sentences(Fixed(1.0, 1.0), [document]) == []


def test_the_floor_can_be_moved() -> None:
    assert len(sure_sentences(Fixed(0.99, 0.8, 0.95), [TEXT], floor=0.5)) == 2
