import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.extraction.inference import Extractor
from rakg_assets.extraction.shelf import NoModelError, Shelf
from rakg_assets_tests.extraction.conftest import marked
from rakg_assets_tests.extraction.fakes import WORDS, fake_extractor

TEXT = "双手肿痛。双膝肿痛，无发热。双手肿痛。"
DOCUMENTS = [Document("a", TEXT, "入院记录", "现病史"), Document("b", "双手肿痛。", "", "现病史")]


def test_every_distinct_sentence_is_read_once() -> None:
    extractor = fake_extractor()
    extractor.entities(DOCUMENTS)
    assert extractor.ner.read == [["双手肿痛。", "双膝肿痛，无发热。"]]
    assert extractor.entities([]) == []


def test_a_sentence_is_another_in_another_section() -> None:
    extractor = fake_extractor()
    extractor.entities([DOCUMENTS[1], replace(DOCUMENTS[1], section="主诉")])
    assert extractor.ner.read == [["双手肿痛。"] * 2]


def test_offsets_are_those_of_the_document_and_assertions_are_set() -> None:
    first, second = fake_extractor().entities(DOCUMENTS)
    spans = [(e.start, e.end, e.text, e.assertion) for e in first.entities]
    assert spans == [
        (0, 2, "双手", "present"),
        (2, 4, "肿痛", "present"),
        (5, 7, "双膝", "present"),
        (7, 9, "肿痛", "present"),
        (11, 13, "发热", "absent"),
        (14, 16, "双手", "present"),
        (16, 18, "肿痛", "present"),
    ]
    assert all(TEXT[e.start : e.end] == e.text and e.score == 0.9 for e in first.entities)
    assert [e.text for e in second.entities] == ["双手", "肿痛"]
    assert (first.id, first.note, first.section) == ("a", "入院记录", "现病史")


def test_sentences_can_be_given() -> None:
    extractor = fake_extractor()
    (found,) = extractor.entities(DOCUMENTS[:1], [[(5, 14)]])
    assert [e.text for e in found.entities] == ["双膝", "肿痛", "发热"]


def test_relations_stay_inside_their_sentence_and_name_entities_of_the_document() -> None:
    extractor = fake_extractor()
    first, second = extractor.extract(DOCUMENTS)
    # 0.8 if both entities are right, which each is with 0.9.
    assert [(r.label, r.head, r.tail, r.score) for r in first.relations] == [
        ("body_part_symptom", 0, 1, 0.648),
        ("body_part_symptom", 2, 3, 0.648),
        ("body_part_symptom", 5, 6, 0.648),
    ]
    assert [(r.head, r.tail) for r in second.relations] == [(0, 1)]
    assert extractor.relation.read == [["双手肿痛。", "双膝肿痛，无发热。"]]


def test_given_entities_are_taken_as_they_are() -> None:
    document = marked("[双手]b麻木[肿痛]s。")
    absent = replace(document.entities[1], assertion="absent")
    odd = Entity(2, 4, "symptom", "麻木")
    given = replace(document, entities=(document.entities[0], absent, odd))
    (found,) = fake_extractor().relations([given])
    assert found.entities == given.entities
    assert found.relations == (RelationMention("body_part_symptom", 0, 2, 0.8),)


def test_the_same_text_with_other_entities_is_read_again() -> None:
    extractor = fake_extractor()
    document = marked("[双手]b[肿痛]s[晨僵]s。")
    fewer = replace(document, entities=document.entities[:2])
    found = extractor.relations([document, fewer, document])
    assert [len(d.relations) for d in found] == [2, 1, 2]
    assert len(extractor.relation.read[0]) == 2


def test_what_was_read_before_comes_from_the_cache(tmp_path: Path) -> None:
    cache = tmp_path / "predictions.sqlite"
    expected = fake_extractor(cache).extract(DOCUMENTS)
    again = fake_extractor(cache)
    assert again.extract(DOCUMENTS) == expected
    assert again.ner.read == again.relation.read == []
    newer = fake_extractor(cache, version="2")
    assert newer.extract(DOCUMENTS) == expected
    assert newer.ner.read
    assert newer.relation.read


def test_progress_counts_distinct_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rakg_assets.extraction.inference._BATCH", 1)
    seen: list[tuple[int, int]] = []
    fake_extractor().entities(DOCUMENTS, progress=lambda *step: seen.append(step))
    assert seen == [(1, 2), (2, 2)]


def test_it_loads_without_torch() -> None:
    code = "import sys, rakg_assets.extraction.inference; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"


def test_without_models_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoModelError, match="ner_model"):
        Extractor.load(Shelf(tmp_path / "models", tmp_path / "released"), WORDS)
