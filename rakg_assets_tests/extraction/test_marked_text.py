from __future__ import annotations

import pytest

from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.extraction.marked_text import (
    ASSERTION_ZH,
    TYPE_SIGNS,
    Concept,
    SectionView,
    lines_of,
    marked_markdown,
    marked_page,
)
from rakg_assets.ontology.schema import LEARNED_RELATIONS, Assertion, EntityType
from rakg_assets_tests.pages import Page, asks_the_network

HOSTILE = '<script>alert(1)</script> & "quoted" {{ 7*7 }}'


def document(marked: str, *relations: RelationMention, **more: str) -> Document:
    """A text in which mentions are written as `|words/label!assertion|`."""
    text, entities = "", []
    for number, part in enumerate(marked.split("|")):
        words, _, label = part.partition("/")
        if number % 2:
            label, _, assertion = label.partition("!")
            end = len(text) + len(words)
            entities.append(Entity(len(text), end, label, words, assertion or "present", 0.9))
        text += words
    return Document("R1", text, entities=tuple(entities), relations=relations, **more)


SWOLLEN = document(
    "|双手/body_part||肿痛/symptom|3年。无|发热/symptom!absent|，疑|痛风/disease!possible|，"
    "母亲患|类风湿关节炎/disease!family|。",
    RelationMention("body_part_symptom", 0, 1, 0.98),
    note="入院记录",
    section="现病史",
)


def test_sentences_hold_every_character_and_their_relations() -> None:
    first, second = lines_of(SectionView(SWOLLEN))
    texts = [
        "".join(p if isinstance(p, str) else p.entity.text for p in line.pieces)
        for line in (first, second)
    ]
    assert "".join(texts) == SWOLLEN.text
    assert [p if isinstance(p, str) else p.tag for p in first.pieces] == ["部1", "症2", "3年。"]
    assert [(a.head.entity.text, a.tail.entity.text) for a in first.arrows] == [("双手", "肿痛")]
    assert second.arrows == ()


def test_assertions_show_in_the_tag() -> None:
    _, second = lines_of(SectionView(SWOLLEN))
    tags = [piece.tag for piece in second.pieces if not isinstance(piece, str)]
    assert tags == ["症3−", "病4?", "病5家"]


def test_a_mention_across_a_boundary_keeps_its_sentences_together() -> None:
    crossing = Document("R1", "甲。乙。丙。 ", entities=(Entity(1, 4, "disease", "。乙。"),))
    [joined, last] = lines_of(SectionView(crossing))
    assert len(joined.pieces) == 2
    assert last.pieces == ("丙。 ",)


def test_mentions_that_overlap_are_an_error() -> None:
    over = (Entity(0, 2, "disease", "甲乙"), Entity(1, 3, "disease", "乙丙"))
    with pytest.raises(ValueError, match="two entities overlap"):
        lines_of(SectionView(Document("R1", "甲乙丙", entities=over)))


def test_the_page_shows_types_assertions_concepts_and_relations() -> None:
    concepts = (Concept("BDP0007", "手", "hand"), *(None,) * 4)
    page = Page(marked_page([SectionView(SWOLLEN, concepts, "模型 model")], "E002.txt", ["遮盖"]))
    body = page.of_class("mark")[len(TYPE_SIGNS) + len(ASSERTION_ZH) :]
    assert [a["class"] for a in body] == [
        "mark body_part present",
        "mark symptom present",
        "mark symptom absent",
        "mark disease possible",
        "mark disease family",
    ]
    title = body[0]["title"] or ""
    assert title.split("\n") == ["身体部位 body part", "存在 present", "BDP0007 手 hand", "0.90"]
    assert "部位-症状" in page.text
    assert all(part in page.text for part in ("E002.txt", "遮盖", "现病史", "模型 model"))


def test_records_bear_their_id_where_there_are_several() -> None:
    other = Document("R2", "无。")
    together = Page(marked_page([SectionView(SWOLLEN), SectionView(other)], "two")).text
    assert together.count("R1") == together.count("R2") == 1
    assert "R2" not in Page(marked_page([SectionView(other)], "one")).text


def test_the_legend_names_everything_in_both_languages() -> None:
    text = Page(marked_page([], "none")).text
    assert all(kind.zh in text and kind.en in text for kind in EntityType)
    assert all(ASSERTION_ZH[a] in text and a.value in text for a in Assertion)
    assert all(r.zh in text and r.en in text for r in LEARNED_RELATIONS)
    assert all(sign in kind.zh for kind, sign in TYPE_SIGNS.items())
    assert len(set(TYPE_SIGNS.values())) == len(EntityType)


def test_arrows_point_at_mentions_of_their_own_section() -> None:
    page = Page(marked_page([SectionView(SWOLLEN), SectionView(SWOLLEN)], "two"))
    targets = [a["href"] for tag, a in page.tags if tag == "a"]
    assert targets == ["#e1-1", "#e1-2", "#e2-1", "#e2-2"]
    assert {str(target)[1:] for target in targets} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_whatever_the_text_holds_is_text() -> None:
    wild = document(f"前{HOSTILE}|{HOSTILE.replace('/', '')}/symptom|。", note=HOSTILE)
    concept = Concept(HOSTILE, HOSTILE, HOSTILE)
    html = marked_page([SectionView(wild, (concept,), HOSTILE)], HOSTILE, [HOSTILE])
    assert not asks_the_network(html)
    page = Page(html)
    assert {"script", "img"}.isdisjoint(tag for tag, _ in page.tags)
    assert page.text.count("{{ 7*7 }}") == 6
    assert "default-src 'none'" in html


def test_the_same_input_gives_the_same_page() -> None:
    assert marked_page([SectionView(SWOLLEN)], "a") == marked_page([SectionView(SWOLLEN)], "a")


def test_markdown_shows_mentions_and_escapes_the_rest() -> None:
    text = marked_markdown([SectionView(SWOLLEN)])
    heading, first, relations, second = text.split("\n\n")
    assert heading == "**入院记录 · 现病史**"
    assert first == "**双手** `部1`  **肿痛** `症2` 3年。"
    assert relations == "- 双手 → 肿痛 (部位-症状 body part symptom)"
    assert "~~发热~~ `症3−`" in second
    assert marked_markdown([SectionView(Document("R1", "a*b*_c_ <b>"))]).endswith(
        r"a\*b\*\_c\_ \<b\>"
    )
