"""Gold over stored records."""

from __future__ import annotations

import pandas as pd
import pytest

from rakg_assets.corpus.alignment import align_gold
from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.annotations import annotation_table
from rakg_assets.corpus.documents import Document, Entity, RelationMention, documents_of

TEXT = "患者李某双手肿痛。"
ENTITIES = (Entity(4, 6, "body_part", "双手"), Entity(6, 8, "symptom", "肿痛"))
LINK = RelationMention("body_part_symptom", 0, 1)
GOLD = Document("E1", TEXT, "入院记录", "主诉", ENTITIES, (LINK,))


def align(stored: str | None, gold: Document = GOLD) -> tuple[pd.DataFrame, list[str]]:
    rows = [] if stored is None else [["E1", "入院记录", "主诉", stored]]
    raw = pd.DataFrame(rows, columns=["record_id", "note", "section", "text"])
    return align_gold(annotation_table([AnnotatedRecord("E1", (gold,))]), raw)


@pytest.mark.parametrize("stored", [TEXT, "患者＊＊双手肿痛。", f"\n  {TEXT}\n"])
def test_labels_stand_on_equal_masked_and_padded_text(stored: str) -> None:
    table, doubts = align(stored)

    [document] = documents_of(table)
    assert doubts == []
    assert document.text == stored
    assert [e.text for e in document.entities] == ["双手", "肿痛"]
    assert all(stored[e.start : e.end] == e.text for e in document.entities)
    assert document.relations == (LINK,)


@pytest.mark.parametrize("stored", [None, "患者李某双手肿痛", "患者李某双足肿痛。", ""])
def test_other_text_is_named_without_being_quoted(stored: str | None) -> None:
    table, [doubt] = align(stored)

    assert table.empty
    assert doubt.startswith("E1 入院记录/主诉: ")
    assert "李某" not in doubt


def test_a_masked_mention_goes_with_its_relations() -> None:
    table, [doubt] = align("患者李某＊＊肿痛。")

    [document] = documents_of(table)
    assert [e.text for e in document.entities] == ["肿痛"]
    assert document.relations == ()
    assert "1 mentions are masked" in doubt


def test_masks_of_the_annotated_text_are_no_difference() -> None:
    table, doubts = align(
        "患者＊＊双手肿痛。", Document("E1", "患者＊＊双手肿痛。", "入院记录", "主诉")
    )

    assert (len(table), doubts) == (1, [])
