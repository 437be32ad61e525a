from dataclasses import replace

import pytest

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.packing import MARKERS, PackedReader
from rakg_assets.extraction.pairs import Pair, candidate_pairs
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets.extraction.relation_reading import MOST_LABELS
from rakg_assets.extraction.vocabulary import PADDING, Vocabulary
from rakg_assets_tests.extraction.conftest import marked

CONFIG = {"encoder": "some", "window": 60, "pass_tokens": 512, "batch_tokens": 64}
DOCUMENTS = [
    marked("[双手]b[肿痛]s，[右踝]b[晨僵]s。"),
    marked("服[汤剂]t后[疼痛]s缓解。"),
]


def reader_of(**changes: int) -> PackedReader:
    return PackedReader.of({**CONFIG, **changes}, Vocabulary("双手肿痛"), 60, RelationCues({}), ())


def pairs_of(reader: PackedReader, documents: list[Document] = DOCUMENTS) -> list[Pair]:
    return list(candidate_pairs(documents, reader.writer))


def test_pairs_of_a_sentence_share_a_pass() -> None:
    reader = reader_of()
    pairs = pairs_of(reader)
    assert reader.passes(pairs) == [(0, 1, 2, 3), (4,)]
    assert [reader.width(pairs[:4]), reader.width(pairs[4:])] == [2 + 10 + 16, 2 + 9 + 4]


def test_equal_sentences_share_a_pass_wherever_they_stand() -> None:
    reader = reader_of()
    assert reader.passes(pairs_of(reader, [DOCUMENTS[1], marked("无"), DOCUMENTS[1]])) == [(0, 1)]


def test_too_many_pairs_take_several_passes_of_like_size() -> None:
    reader = reader_of(pass_tokens=10 + 2 + 3 * MARKERS)
    assert reader.passes(pairs_of(reader)[:4]) == [(0, 2), (1, 3)]


def test_passes_become_arrays_with_the_place_of_every_pair() -> None:
    reader = reader_of()
    pairs = pairs_of(reader)
    arrays = reader.arrays([pairs[4], *pairs[:4]])
    assert {name: array.shape for name, array in arrays.items()} == {
        "ids": (2, 10),
        "lengths": (2,),
        "counts": (2,),
        "ends": (2, 4, MARKERS),
        "slots": (5,),
        "facts": (5, 0),
        "allowed": (5, MOST_LABELS),
    }
    assert arrays["ids"][0].tolist() == [*reader.characters.ids(DOCUMENTS[1].text), PADDING]
    assert arrays["lengths"].tolist() == [9, 10]
    assert arrays["counts"].tolist() == [1, 4]
    assert arrays["ends"][0].tolist() == [[1, 2, 4, 5], *[[0] * 4] * 3]
    assert arrays["ends"][1].tolist() == [[0, 1, 2, 3], [0, 1, 7, 8], [5, 6, 2, 3], [5, 6, 7, 8]]
    assert arrays["slots"].tolist() == [0, 4, 5, 6, 7]
    assert arrays["allowed"][0].all()


def test_batches_have_room_for_so_many_pieces() -> None:
    reader = reader_of()
    pairs = pairs_of(reader)
    others = [replace(p, marked=replace(p.marked, text="略" * 10)) for p in pairs[4:]]
    batches = reader.batches([*pairs, *others], 64)
    assert [[p.document for p in batch] for batch in batches] == [[1, 1], [0, 0, 0, 0]]
    assert len(reader.batches(pairs, 1)) == 2
    assert len(reader.batches(pairs, 999)) == 1


@pytest.mark.parametrize(
    ("changes", "limit", "expected"),
    [({}, None, 60), ({}, 30, 30), ({"pass_tokens": 26}, 30, 20)],
)
def test_texts_fit_the_encoder_and_the_pass(
    changes: dict[str, int], limit: int | None, expected: int
) -> None:
    assert PackedReader.writing({**CONFIG, **changes}, limit, RelationCues({})).limit == expected


def test_sizes_of_batches_are_in_pieces() -> None:
    assert PackedReader.learnt_at_once(CONFIG) == 64
    assert PackedReader.read_at_once() >= 512
