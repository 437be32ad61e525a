"""Splits by record."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rakg_assets.corpus.splits import one_annotator, split_records
from rakg_assets.ontology.tables import TABLES


def annotations(ids: list[str], annotator: str = "") -> pd.DataFrame:
    """Two sections a record."""
    rows = [
        [i, None, None, "入院记录", section, "肿痛", [], [], annotator, "a.txt"]
        for i in ids
        for section in ("主诉", "现病史")
    ]
    return pd.DataFrame(rows, columns=TABLES["annotations"].column_names)


def ids(count: int) -> list[str]:
    return [f"E{i:03d}" for i in range(count)]


def sizes(table: pd.DataFrame) -> dict[str, int]:
    return table.groupby("split")["record_id"].nunique().to_dict()


def test_the_paper_s_records_give_the_paper_s_split() -> None:
    table = split_records(annotations(ids(367)), 7)

    assert sizes(table) == {"train": 327, "dev": 15, "test": 25}
    assert list(table.columns) == TABLES["labeled_splits"].column_names


@given(count=st.integers(3, 60), seed=st.integers(0, 9))
def test_every_record_is_in_one_split_and_none_is_empty(count: int, seed: int) -> None:
    table = split_records(annotations(ids(count)), seed)

    assert set(sizes(table)) == {"train", "dev", "test"}
    assert sum(sizes(table).values()) == count
    assert (table.groupby("record_id")["split"].nunique() == 1).all()


@pytest.mark.parametrize(
    ("count", "expected"), [(0, {}), (1, {"train": 1}), (2, {"train": 1, "dev": 1})]
)
def test_few_records_train_first(count: int, expected: dict[str, int]) -> None:
    assert sizes(split_records(annotations(ids(count)), 0)) == expected


def test_the_order_of_rows_does_not_matter_but_the_seed_does() -> None:
    table = annotations(ids(40))
    shuffled = table.sample(frac=1, random_state=1)

    pd.testing.assert_frame_equal(split_records(table, 3), split_records(shuffled, 3))
    assert not split_records(table, 3)["split"].equals(split_records(table, 4)["split"])


def test_one_annotator_of_a_record_is_taken() -> None:
    both = pd.concat([annotations(ids(2), "b"), annotations(ids(4)[1:], "a")])

    chosen = one_annotator(both)

    assert chosen.groupby("record_id")["annotator"].first().to_dict() == {
        "E000": "b",
        "E001": "a",
        "E002": "a",
        "E003": "a",
    }
    assert not split_records(both, 0).duplicated(["record_id", "note", "section"]).any()


@pytest.mark.parametrize("proportions", [(1, 1), (1, 0, 1), (1, 1, -1)])
def test_other_proportions_are_refused(proportions: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="three positive"):
        split_records(annotations(ids(3)), 0, proportions)


def test_dev_and_test_hold_every_style() -> None:
    terse = "女,56.12y前双手PIP肿痛,RF 512.\n" * 4
    plain = "患者十二年前无明显诱因出现双手肿痛，伴晨僵，活动后减轻，未予重视。" * 4
    table = annotations(ids(60))
    table["text"] = [terse if i < "E030" else plain for i in table["record_id"]]

    split = split_records(table, 1, (40, 10, 10)).groupby("record_id")["split"].first()

    for name in ("dev", "test"):
        assert sum(i < "E030" for i in split.index[split == name]) == 5
