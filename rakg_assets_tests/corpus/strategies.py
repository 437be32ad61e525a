"""Random records for property tests: any Unicode text, any spans, any relations."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from rakg_assets.corpus.annotated import AnnotatedRecord, in_order
from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.ontology.schema import Assertion, EntityType, Relation

# What has broken offsets before: full-width forms, astral and combining characters, controls,
# every kind of line break, signs of the formats' own syntax.
_HARD = "双手肿痛３，。；？！\t \u3000𠮷💊e\u0301\u200d\x00\x1c\x85\u2028\r\n\v{}|#!\\\"'<>&\ufeff"
texts = st.text(
    st.one_of(st.sampled_from(_HARD), st.characters(exclude_categories=["Cs"])), max_size=40
)
plain_texts = st.text(st.sampled_from("双手肿痛无发热，。3年前𠮷💊a1 "), min_size=1, max_size=40)


@st.composite
def documents(
    draw: st.DrawFn, record_id: str, section: str, text: st.SearchStrategy[str] = texts
) -> Document:
    """A section with up to five entities (overlaps allowed) and three relations."""
    content = draw(text)
    entities = []
    for _ in range(draw(st.integers(0, 5)) if content else 0):
        start = draw(st.integers(0, len(content) - 1))
        end = draw(st.integers(start + 1, min(len(content), start + 6)))
        label, assertion = draw(st.sampled_from(EntityType)), draw(st.sampled_from(Assertion))
        entities.append(Entity(start, end, label.value, content[start:end], assertion.value))
    positions = st.integers(0, len(entities) - 1)
    relations = [
        RelationMention(draw(st.sampled_from(Relation)).value, draw(positions), draw(positions))
        for _ in range(draw(st.integers(0, 3)) if entities else 0)
    ]
    return in_order(
        Document(record_id, content, "入院记录", section, tuple(entities), tuple(relations))
    )


@st.composite
def records(
    draw: st.DrawFn, text: st.SearchStrategy[str] = texts, record_id: str = "E001"
) -> AnnotatedRecord:
    """A record of one to three sections."""
    names = draw(st.lists(st.sampled_from(["主诉", "现病史", "体格检查"]), min_size=1, unique=True))
    return AnnotatedRecord(
        record_id,
        tuple(draw(documents(record_id, name, text)) for name in names),
        draw(st.sampled_from([None, date(2018, 3, 5)])),
        draw(st.sampled_from([None, date(2018, 3, 16)])),
        draw(st.sampled_from(["", "甲", "b@example.org"])),
    )
