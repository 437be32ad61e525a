from dataclasses import replace
from pathlib import Path

import pytest

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.assertion import AssertionRules
from rakg_assets.extraction.assertion_reading import (
    ASSERTIONS,
    PassageCutter,
    PassageReader,
    with_assertions,
)
from rakg_assets.extraction.vocabulary import UNKNOWN, Vocabulary
from rakg_assets.ontology.schema import Assertion
from rakg_assets_tests.extraction.conftest import marked

DICTIONARIES = Path(__file__).parents[2] / "dictionaries"


@pytest.fixture
def document() -> Document:
    return marked("晨起[双手]b[肿痛]s。无[发热]s、[咳嗽]s；睡眠可。", "现病史")


def test_each_sentence_with_entities_is_a_passage(document: Document) -> None:
    first, second = PassageCutter(60, stand_ins=False).cut([Document("y", "无恙"), document])
    assert (first.text, second.text) == ("晨起双手肿痛。", "无发热、咳嗽；")
    assert (first.document, first.places, second.places) == (1, (0, 1), (2, 3))
    assert [second.text[s:e] for s, e in second.spans] == ["发热", "咳嗽"]
    assert second.facts == (("symptom", "现病史"), ("symptom", "现病史"))
    assert second.labels == (ASSERTIONS.index(Assertion.PRESENT),) * 2


def test_an_entity_reads_as_its_type_whatever_its_words(document: Document) -> None:
    _, second = PassageCutter(60, stand_ins=True).cut([document])
    (other,) = PassageCutter(60, stand_ins=True).cut([marked("无[皮疹]s、[盗汗]s；")])
    assert second.text == other.text != "无发热、咳嗽；"
    assert len(second.text) == len("无发热、咳嗽；")
    (odd,) = PassageCutter(60, stand_ins=True).cut(
        [Document("x", "无发热", entities=(Entity(1, 3, "drug", "发热"),))]
    )
    assert odd.text[1] == odd.text[2] not in (second.text[1], "发")


def test_the_rules_verdict_is_a_fact(document: Document) -> None:
    cutter = PassageCutter(60, True, AssertionRules.load(DICTIONARIES))
    first, second = cutter.cut([document])
    assert [fact[2] for fact in (*first.facts, *second.facts)] == [
        "present",
        "present",
        "absent",
        "absent",
    ]


def test_a_long_sentence_is_cut_around_its_entities() -> None:
    document = marked("略" * 50 + "无[发热]s" + "略" * 90 + "有[咳嗽]s" + "略" * 50)
    first, second = PassageCutter(40, stand_ins=False).cut([document])
    assert len(first.text) == len(second.text) == 40
    assert (first.places, second.places) == ((0,), (1,))
    for passage, words in ((first, "无发热"), (second, "有咳嗽")):
        ((start, end),) = passage.spans
        assert passage.text[start - 1 : end] == words


def test_an_entity_that_does_not_fit_is_read_in_part() -> None:
    (passage,) = PassageCutter(10, stand_ins=False).cut([marked("无[" + "热" * 30 + "]s。")])
    assert passage.spans == ((0, 10),)
    unsorted = marked("[双手]b[肿痛]s。")
    turned = replace(unsorted, entities=unsorted.entities[::-1])
    (passage,) = PassageCutter(60, stand_ins=False).cut([turned])
    assert (passage.places, passage.spans) == ((1, 0), ((0, 2), (2, 4)))


def test_arrays_hold_passages_padded_and_entities_one_after_the_other(document: Document) -> None:
    passages = list(PassageCutter(60, stand_ins=False).cut([document]))
    facts = (Vocabulary(["body_part", "symptom"]), Vocabulary(["主诉"]))
    arrays = PassageReader(Vocabulary("无发热"), facts).arrays(passages)
    assert arrays["ids"].shape == (2, 7)
    assert arrays["ids"][1, :4].tolist() == [2, 3, 4, UNKNOWN]
    assert arrays["lengths"].tolist() == [7, 7]
    assert arrays["rows"].tolist() == [0, 0, 1, 1]
    assert arrays["firsts"].tolist() == [2, 4, 1, 4]
    assert arrays["lasts"].tolist() == [3, 5, 2, 5]
    assert arrays["facts"].tolist() == [[2, 1], [3, 1], [3, 1], [3, 1]]


def test_what_was_not_found_is_present(document: Document) -> None:
    said = with_assertions(document, {2: Assertion.ABSENT}).entities
    assert [e.assertion for e in said] == ["present", "present", "absent", "present"]
