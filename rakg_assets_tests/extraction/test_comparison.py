from __future__ import annotations

from rakg_assets.extraction.comparison import PUBLISHED, comparison_table


def result(kind: str, model: str, f1: float) -> dict:
    return {"kind": kind, "model": model, "overall": {"f1": f1}}


def test_means_and_spread_stand_beside_what_was_published() -> None:
    table = comparison_table(
        [
            result("ner", "bilstm-crf", 60.0),
            result("relation", "bilstm", 50.0),
            result("ner", "bilstm-crf", 64.0),
        ]
    )
    lines = [line.split() for line in table.splitlines()]
    assert lines[1] == ["bilstm-crf", "62.00", "±", "2.83", "seeds:", "2"]
    assert lines[2][-1] == f"{PUBLISHED['ner'][1]:.2f}"
    assert lines[4] == ["bilstm", "50.00", "seeds:", "1"]
    assert lines[5][-1] == f"{PUBLISHED['relation'][1]:.2f}"


def test_a_kind_without_results_is_left_out() -> None:
    assert "relation" not in comparison_table([result("ner", "bilstm-crf", 60.0)])
    assert comparison_table([]) == ""
