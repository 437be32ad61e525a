"""Agreement of two annotators, against figures worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from rakg_assets.corpus.agreement import COLUMNS, agreement, as_markdown, cohen_kappa
from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.annotations import annotation_table
from rakg_assets.corpus.documents import Document, Entity, RelationMention

TEXT = "双手肿痛发热咳嗽"
HANDS = Entity(0, 2, "body_part", "双手")
PAIN = Entity(2, 4, "symptom", "肿痛")
FEVER = Entity(4, 6, "symptom", "发热")
LINK = RelationMention("body_part_symptom", 0, 1)


def record(
    annotator: str,
    entities: tuple[Entity, ...],
    relations: tuple[RelationMention, ...] = (),
    text: str = TEXT,
) -> AnnotatedRecord:
    document = Document("E1", text, "入院记录", "主诉", entities, relations)
    return AnnotatedRecord("E1", (document,), annotator=annotator)


def measure(*records: AnnotatedRecord) -> pd.DataFrame:
    return agreement(annotation_table(records)).set_index(["kind", "label"])


def test_the_same_labels_agree_fully() -> None:
    table = measure(record("a", (HANDS, PAIN), (LINK,)), record("b", (HANDS, PAIN), (LINK,)))

    assert table.loc[("entity", "all"), "f1"] == 1
    assert table.loc[("entity", "symptom"), "kappa"] == 1
    assert table.loc[("relation", "body_part_symptom"), "f1"] == 1


def test_figures_by_type() -> None:
    denied = Entity(4, 6, "symptom", "发热", "absent")
    table = measure(
        record("a", (HANDS, PAIN, FEVER), (LINK,)),
        record("b", (PAIN, denied), ()),
    )

    assert table.loc[
        ("entity", "symptom"), ["first", "second", "both", "f1", "kappa"]
    ].tolist() == [2, 2, 2, 1, 1]
    # body_part: 2 of 8 characters against none; agreement 6/8, which chance gives as well.
    assert table.loc[("entity", "body_part"), ["f1", "kappa"]].tolist() == [0, 0]
    assert table.loc[("entity", "all"), "f1"] == pytest.approx(2 * 2 / 5)
    assert table.loc[("assertion", "all"), "f1"] == 0.5
    assert table.loc[("relation", "all"), ["first", "second", "f1"]].tolist() == [1, 0, 0]
    assert ("entity", "disease") not in table.index


def test_kappa_is_that_of_scikit_learn() -> None:
    ours, theirs = list("aabbccabca"), list("abbbccacca")

    assert cohen_kappa(zip(ours, theirs, strict=True)) == pytest.approx(
        cohen_kappa_score(ours, theirs)
    )


@pytest.mark.parametrize("pairs", [[], [("a", "a")]])
def test_kappa_without_chance_to_differ_is_none(pairs: list[tuple[str, str]]) -> None:
    assert cohen_kappa(pairs) is None


def test_only_sections_with_the_same_text_are_compared() -> None:
    assert measure(record("a", (HANDS,)), record("b", (HANDS,), text=TEXT + "。")).empty


def test_the_pair_with_most_in_common_is_chosen_and_can_be_named() -> None:
    records = [
        AnnotatedRecord(i, (Document(i, TEXT, "入院记录", "主诉", (PAIN,)),), annotator=name)
        for i, name in [("E1", "a"), ("E1", "b"), ("E1", "c"), ("E2", "b"), ("E2", "c")]
    ]
    table = annotation_table(records)

    assert agreement(table)["first"].iloc[0] == 2
    assert agreement(table, "a", "b")["first"].iloc[0] == 1


def test_what_was_settled_on_is_not_compared_while_two_annotators_are_there() -> None:
    records = [
        AnnotatedRecord(i, (Document(i, TEXT, "入院记录", "主诉", found),), annotator=name)
        for i, name, found in [
            ("E1", "", (PAIN,)),
            ("E1", "a", (PAIN,)),
            ("E1", "b", ()),
            ("E2", "", (PAIN,)),
            ("E2", "b", (PAIN,)),
        ]
    ]

    [row] = agreement(annotation_table(records)).query("kind == 'entity' and label == 'all'").values
    assert row[2:5].tolist() == [1, 0, 0]


def test_one_annotator_has_no_agreement() -> None:
    table = agreement(annotation_table([record("a", (HANDS,))]))

    assert (table.empty, list(table.columns)) == (True, COLUMNS)
    assert "no agreement" in as_markdown([record("a", (HANDS,))])


def test_markdown_has_a_line_a_row() -> None:
    lines = as_markdown([record("a", (HANDS,)), record("b", (HANDS,))]).splitlines()

    assert lines[0] == "| kind | label | first | second | both | f1 | kappa |"
    assert "| entity | body_part | 1 | 1 | 1 | 1.000 | 1.000 |" in lines
    assert not any("nan" in line.lower() for line in lines)
