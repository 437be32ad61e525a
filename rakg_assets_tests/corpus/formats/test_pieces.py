"""Checked sections, records put together, names of files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.formats.pieces import (
    Piece,
    Reading,
    SectionReader,
    file_stem,
    gather,
)
from rakg_assets_tests.corpus.strategies import texts


@given(texts.filter(bool), st.data())
def test_spans_given_in_utf16_units_are_found_by_their_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    surface = text[start:]
    units = [len(text[:i].encode("utf-16-le")) // 2 for i in (start, len(text))]
    reading = Reading()
    reader = SectionReader(text, "here", reading)

    reader.entity("x", *units, "symptom", surface)

    document = reader.document("E1", "n", "s")
    # Where both readings of an offset give the same text, either is true to the export.
    assert reading.problems == []
    assert "".join(document.entities[0].text.split()) == "".join(surface.split())


def test_sections_of_a_record_come_together_in_their_order() -> None:
    document = Document("E1", "肿痛", "入院记录", "主诉")
    later = Piece(document, source="a", position=2)
    sooner = Piece(replace(document, section="现病史"), source="a", position=1)
    other = Piece(replace(document, id="E0"), source="b")

    records, problems = gather([later, other, sooner])

    assert [r.id for r in records] == ["E0", "E1"]
    assert [d.section for d in records[1].sections] == ["现病史", "主诉"]
    assert problems == []


def test_doubles_and_differing_dates_are_named() -> None:
    piece = Piece(Document("E1", "肿痛", "入院记录", "主诉"), source="a")
    dated = replace(piece, admission=date(2018, 3, 5), source="b")

    [record], problems = gather([piece, dated])

    assert record.admission is None
    assert [p.place for p in problems] == ["b, E1 入院记录/主诉"] * 2


@given(st.lists(st.text(max_size=200), unique=True, max_size=5))
def test_file_names_are_short_safe_and_never_the_same(ids: list[str]) -> None:
    stems = [file_stem(AnnotatedRecord(i, ())) for i in ids]

    assert len({s.encode("utf-8", "replace") for s in stems}) == len(
        {i.encode("utf-8", "replace") for i in ids}
    )
    assert all(0 < len(s.encode()) <= 150 and not set(s) & set("/\\:.\0\n") for s in stems)
