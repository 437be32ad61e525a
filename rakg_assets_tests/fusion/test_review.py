"""The review queue: what waits, in which order, with which candidates."""

from __future__ import annotations

import pandas as pd

from rakg_assets.fusion.linking import Linker, link_table
from rakg_assets.fusion.review import review_queue
from rakg_assets.ontology.tables import TABLES
from rakg_assets_tests.fusion.test_linking import predicted_rows


def test_most_frequent_first_with_counts_and_candidates(linker: Linker) -> None:
    rows = [("treatment", "锝"), *[("treatment", "氯喹")] * 2, ("disease", "RA")]
    linked = link_table(predicted_rows(rows).assign(record_id=["a", "b", "b", "c"]), linker)
    queue = review_queue(linked, linker)
    assert list(queue.columns) == TABLES["review_queue"].column_names
    assert queue["mention"].tolist() == ["氯喹", "锝"]
    assert queue[["records", "mentions"]].values.tolist() == [[1, 2], [1, 1]]
    assert queue["candidates"][0][0]["concept_id"] == "T5"
    assert [c["concept_id"] for c in queue["candidates"][1][:2]] == ["T10", "T9"]


def test_the_number_of_candidates_is_bounded(linker: Linker) -> None:
    linked = link_table(predicted_rows([("treatment", "氯喹")]), linker)
    assert len(review_queue(linked, linker, candidates=1)["candidates"][0]) == 1


def test_nothing_unlinked_gives_an_empty_queue(linker: Linker) -> None:
    for rows in ([], [("disease", "RA")]):
        queue = review_queue(link_table(predicted_rows(rows), linker), linker)
        assert isinstance(queue, pd.DataFrame)
        assert queue.empty
        assert list(queue.columns) == TABLES["review_queue"].column_names
