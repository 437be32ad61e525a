from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.tagging import (
    Segment,
    TaggingError,
    TagSet,
    by_length,
    cut,
    segments,
)
from rakg_assets_tests.extraction.conftest import marked

TAGS = TagSet(("disease", "symptom"))
O, B_D, I_D, B_S, I_S = range(5)  # noqa: E741


def entity(start: int, end: int, label: str = "symptom") -> Entity:
    return Entity(start, end, label, "?" * (end - start))


def test_names_and_numbers_agree() -> None:
    assert TAGS.names == ("O", "B-disease", "I-disease", "B-symptom", "I-symptom")
    assert TAGS.begin("symptom") == B_S
    assert TagSet.of([marked("[肿]s[手]b")]).labels == ("body_part", "symptom")


def test_adjacent_entities_of_one_type_stay_two() -> None:
    tags = TAGS.encode(5, [entity(0, 2), entity(2, 4)])
    assert tags == [B_S, I_S, B_S, I_S, O]
    assert TAGS.decode(tags) == [(0, 2, "symptom"), (2, 4, "symptom")]


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ([I_S, I_S, O], []),
        ([O, I_D, B_S], [(2, 3, "symptom")]),
        ([B_D, I_S, I_D], [(0, 1, "disease")]),
        ([B_D, I_D, I_S], [(0, 2, "disease")]),
    ],
)
def test_decoding_is_strict(tags: list[int], spans: list[tuple[int, int, str]]) -> None:
    assert TAGS.decode(tags) == spans


@pytest.mark.parametrize(
    ("entities", "reason"),
    [
        ([entity(0, 2), entity(1, 3)], "overlaps"),
        ([entity(2, 2)], "does not lie"),
        ([entity(3, 9)], "does not lie"),
        ([entity(0, 1, "树")], "not in the tag set"),
    ],
)
def test_what_iob2_cannot_hold_is_an_error(entities: list[Entity], reason: str) -> None:
    with pytest.raises(TaggingError, match=reason):
        TAGS.encode(4, entities)


def test_only_an_own_begin_or_inside_leads_inside() -> None:
    assert TAGS.legal_starts() == [True, True, False, True, False]
    moves = TAGS.legal_transitions()
    assert [row[I_D] for row in moves] == [False, True, True, False, False]
    assert all(row[O] and row[B_D] and row[B_S] for row in moves)


@given(st.text(alphabet="痛，。；\n 𠀀a\t、", max_size=80), st.integers(1, 12))
def test_pieces_cover_the_text_in_order(text: str, limit: int) -> None:
    pieces = cut(text, limit)
    assert all(0 < end - start <= limit for start, end in pieces)
    assert all(a[1] <= b[0] for a, b in pairwise(pieces))
    covered = {p for start, end in pieces for p in range(start, end)}
    assert all(text[p].isspace() for p in set(range(len(text))) - covered)


@given(
    st.text(alphabet="痛，。；\n𠀀a", min_size=1, max_size=60),
    st.data(),
    st.integers(1, 10),
)
def test_no_cut_falls_in_an_entity(text: str, data: st.DataObject, limit: int) -> None:
    ends = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = list(zip(ends[::2], ends[1::2], strict=False))
    spans = [(s, e) for s, e in spans if text[s:e].strip() == text[s:e]]
    document = Document("X", text, entities=tuple(entity(s, e) for s, e in spans))
    pieces = segments([document], limit, keep_entities=True)
    kept = [(p.offset + e.start, p.offset + e.end) for p in pieces for e in p.entities]
    assert kept == spans
    assert all(document.text[p.offset : p.offset + len(p.text)] == p.text for p in pieces)


def test_a_long_sentence_is_cut_at_its_strongest_late_pause() -> None:
    text = "关节肿，痛三年、发热"
    assert [text[s:e] for s, e in cut(text, 8)] == ["关节肿，痛三年、", "发热"]
    assert [text[s:e] for s, e in cut(text, 7)] == ["关节肿，", "痛三年、发热"]


def test_neighbours_are_read_together_as_far_as_the_limit_goes() -> None:
    document = marked("[双手]b肿。痛三年。\n[发热]s。")
    pieces = segments([document], 8, keep_entities=True, joined=True)
    assert [p.text for p in pieces] == ["双手肿。痛三年。", "发热。"]
    assert [(p.offset, len(p.entities)) for p in pieces] == [(0, 1), (9, 1)]


def test_batches_hold_at_most_their_characters() -> None:
    pieces = [Segment(i, 0, "痛" * n) for i, n in enumerate((5, 1, 9, 3, 30, 2))]
    batches = list(by_length(pieces, 10))
    assert [[len(p.text) for p in batch] for batch in batches] == [[1, 2, 3], [5], [9], [30]]
