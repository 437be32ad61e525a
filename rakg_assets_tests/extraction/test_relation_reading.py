from dataclasses import replace
from random import Random

import numpy as np
import pytest

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.pairs import OTHER, Pair, candidate_pairs
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets.extraction.relation_reading import (
    BETWEEN,
    HEAD,
    LEFT,
    MOST_LABELS,
    RIGHT,
    TAIL,
    PairReader,
    right_labels,
    with_relations,
)
from rakg_assets.extraction.vocabulary import UNKNOWN, Vocabulary
from rakg_assets_tests.extraction.conftest import marked

PLAIN = {"encoder": "some", "window": 20}
CUES = RelationCues({})
DOCUMENTS = [marked("[双手]b[肿痛]s3年。"), marked("无恙。"), marked("服[汤剂]t后[疼痛]s缓解。")]


@pytest.fixture
def reader() -> PairReader:
    writer = PairReader.writing(PLAIN, None, CUES)
    pairs = list(candidate_pairs(DOCUMENTS, writer))
    facts = [Vocabulary.fit(column) for column in zip(*(p.facts for p in pairs), strict=True)]
    return PairReader(Vocabulary("双手肿痛#$"), CUES, facts, writer)


def pairs_of(reader: PairReader) -> list[Pair]:
    return list(candidate_pairs(DOCUMENTS, reader.writer))


def test_pairs_become_arrays_padded_to_the_longest(reader: PairReader) -> None:
    short, long = pairs_of(reader)
    arrays = reader.arrays([short, long])
    assert (short.marked.text, long.marked.text) == ("$双手$#肿痛#3年。", "服$汤剂$后#疼痛#缓解。")
    assert {name: array.shape for name, array in arrays.items()} == {
        "ids": (2, 13),
        "roles": (2, 13),
        "facts": (2, 7),
        "allowed": (2, MOST_LABELS),
    }
    assert arrays["ids"][0].tolist()[:5] == reader.characters.ids("$双手$#")
    assert arrays["ids"][1, 0] == UNKNOWN
    assert arrays["roles"].tolist() == [
        [LEFT, HEAD, HEAD, *[BETWEEN] * 2, TAIL, TAIL, *[RIGHT] * 4, 0, 0],
        [LEFT, LEFT, HEAD, HEAD, *[BETWEEN] * 3, TAIL, TAIL, *[RIGHT] * 4],
    ]
    assert arrays["allowed"].tolist() == [[True, True, False], [True, True, True]]
    assert (arrays["facts"] >= UNKNOWN).all()


def test_a_network_that_is_told_no_facts_gets_none(reader: PairReader) -> None:
    bare = replace(reader, facts=())
    assert bare.arrays(pairs_of(bare))["facts"].shape == (2, 0)


def test_batches_hold_pairs_of_like_length_in_other_company_every_time(reader: PairReader) -> None:
    pairs = [
        replace(pair, marked=replace(pair.marked, text="略" * length))
        for length in (30, 10, 20, 40)
        for pair in pairs_of(reader)[:1]
    ]
    lengths = [[len(p.marked.text) for p in batch] for batch in reader.batches(pairs, 3)]
    assert lengths == [[10, 20, 30], [40]]
    drawn = [reader.batches(pairs * 4, 3, Random(seed)) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert sorted(len(p.marked.text) for batch in drawn[2] for p in batch) == sorted(
        [10, 20, 30, 40] * 4
    )
    assert reader.batches([], 3) == []


def test_the_likeliest_label_is_a_relation_unless_it_is_other(reader: PairReader) -> None:
    seen: list[int] = []

    def scores(pairs: list[Pair]) -> np.ndarray:
        seen.append(len(pairs))
        return np.array([[0.0, 2.0 if p.document == 0 else -2.0, -1e4] for p in pairs])

    (first, none, other) = reader.relations(DOCUMENTS, scores, 1)
    assert seen == [1, 1]
    assert [(r.label, r.head, r.tail, r.score) for r in first] == [
        ("body_part_symptom", 0, 1, 0.8808)
    ]
    assert none == other == ()
    assert pairs_of(reader)[0].labels[0] == OTHER


def test_nothing_is_asked_where_there_is_no_pair(reader: PairReader) -> None:
    assert reader.relations([DOCUMENTS[1]], lambda pairs: pytest.fail("asked"), 8) == [()]


@pytest.mark.parametrize(("limit", "expected"), [(None, 20), (12, 12), (99, 20)])
def test_an_encoder_reads_texts_as_they_are_up_to_its_limit(
    limit: int | None, expected: int
) -> None:
    writer = PairReader.writing(PLAIN, limit, CUES)
    assert (writer.limit, writer.cues) == (expected, None)


def test_without_an_encoder_texts_are_folded_unless_the_config_says_no() -> None:
    config = {"encoder": None, "window": 20}
    assert PairReader.writing(config, 12, CUES).cues is CUES
    assert PairReader.writing({**config, "folded": False}, None, CUES).cues is None


def test_right_labels_are_numbered_within_the_pair(reader: PairReader) -> None:
    one, other = pairs_of(reader)
    pairs = [
        replace(one, label="body_part_symptom"),
        replace(other, label="treatment_not_improved"),
    ]
    assert right_labels([*pairs, one]).tolist() == [1, 2, 0]


def test_predicted_relations_take_the_place_of_those_there(reader: PairReader) -> None:
    found = reader.relations(DOCUMENTS, lambda pairs: np.tile([0.0, 1.0, -1.0], (len(pairs), 1)), 8)
    documents = with_relations(DOCUMENTS, found)
    assert [d.relations for d in documents] == found
    assert isinstance(documents[0], Document)
    assert with_relations(documents, [(), (), ()]) == DOCUMENTS
