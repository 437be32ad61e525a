from pathlib import Path
from typing import Any

import pytest

from rakg_assets.extraction.artifacts import write_json
from rakg_assets.extraction.cells import Cell
from rakg_assets.extraction.result_tables import (
    ResultTable,
    reading_notes,
    result_tables,
    tables_text,
)
from rakg_assets.extraction.result_words import MIXED, NAMES, SHIPPED
from rakg_assets.extraction.zoo import MODELS

DEFAULT, PLAIN = "encoder-bilstm-crf-features", "bilstm-crf"


def figure(f1: float, gold: int = 40) -> dict[str, float]:
    return {"precision": f1 + 1, "recall": f1 - 1, "f1": f1, "gold": gold}


def put(folder: Path, cell: Cell, f1: float, **more: Any) -> None:
    kept = {"kind": cell.kind, "model": cell.model, "seed": cell.seed, "records": cell.records}
    scores = {"overall": figure(f1), "by_type": {}, "unseen": {"overall": figure(f1 - 5)}}
    sizes = {"sizes": {"train": cell.records or 185}, "data": "d"}
    write_json(cell.file(folder), kept | scores | sizes | more)


def rows(table: ResultTable) -> dict[str, list[str]]:
    """English name of each row -> its figures."""
    return {name.english: [words.zh for words in rest] for name, *rest in table.rows}


@pytest.fixture
def tables(tmp_path: Path) -> list[ResultTable]:
    for seed, f1 in enumerate((90.0, 92.0, 94.0)):
        by_type = {"disease": figure(f1 - 1, 7)}
        put(tmp_path, Cell("ner", DEFAULT, seed), f1, by_type=by_type)
        put(tmp_path, Cell("ner", PLAIN, seed), f1 - 8 - seed)
        by_type = {"treatment_improved": figure(f1 - 20, 9)}
        predicted = {"overall": figure(f1 - 15), "by_type": by_type}
        put(tmp_path, Cell("relation", "bilstm", seed), f1, predicted=predicted)
        put(tmp_path, Cell("relation", "bilstm", seed, 20), f1 - 30, predicted=predicted)
    return result_tables(tmp_path)


def test_entities_by_model_stand_beside_the_paper(tables: list[ResultTable]) -> None:
    found = rows(tables[0])
    default = found["adapted encoder-BiLSTM-CRF with features (default)"]
    assert default == [
        *("93.00 ± 2.00", "91.00 ± 2.00", "92.00 ± 2.00", "87.00 ± 2.00"),
        *("3", "–", "92.96"),
    ]
    # Differences 8, 9, 10: t = 9 * sqrt(3), two degrees of freedom.
    assert found["BiLSTM-CRF"][-3:] == ["3", f"{1 - 243**0.5 / 245**0.5:.3f}", "–"]


def test_models_without_a_result_are_shown_as_missing(tables: list[ResultTable]) -> None:
    assert len(tables[0].rows) == len(MODELS["ner"])
    missing = rows(tables[0])["encoder without adaptation-CRF"]
    assert missing == ["–", "–", "–", "–", "0", "–", "–"]


def test_types_of_entities_and_relations(tables: list[ResultTable]) -> None:
    entities, gold, predicted = map(rows, tables[1:4])
    assert entities["disease"] == ["7", "91.00 ± 2.00", "3", "–"]
    assert entities["symptom"] == ["–", "–", "0", "–"]
    assert entities["all"] == ["40", "92.00 ± 2.00", "3", "92.96"]
    assert gold["all"] == ["40", "92.00 ± 2.00", "3", "95.29"]
    assert predicted["all"] == ["40", "77.00 ± 2.00", "3", "73.64"]
    assert predicted["treatment improved"] == ["9", "72.00 ± 2.00", "3", "–"]
    assert gold.keys() == predicted.keys()
    assert not [name for name in gold if name.startswith("disease")]


def test_relations_by_model_on_both_kinds_of_entities(
    tables: list[ResultTable], tmp_path: Path
) -> None:
    name = "BiLSTM with cues (default)"
    assert rows(tables[4])[name] == ["92.00 ± 2.00", "–", "–", "77.00 ± 2.00", "–", "3"]
    put(tmp_path, Cell("relation", "bilstm", 4), 92.0)
    assert rows(result_tables(tmp_path)[4])[name][-1] == "4 / 3"


def test_the_learning_curve_has_a_row_for_each_number_of_records(
    tables: list[ResultTable],
) -> None:
    curve = [[words.english for words in row] for row in tables[5].rows]
    assert curve == [
        ["BiLSTM with cues", "20", "62.00 ± 2.00", "77.00 ± 2.00", "3"],
        ["BiLSTM with cues", "40", "–", "–", "0"],
        ["BiLSTM with cues", "80", "–", "–", "0"],
        ["BiLSTM with cues", "185", "92.00 ± 2.00", "77.00 ± 2.00", "3"],
    ]


def test_every_model_of_the_zoo_has_a_name() -> None:
    assert {model for models in MODELS.values() for model in models} <= NAMES.keys()


def test_without_results_there_is_no_table(tmp_path: Path) -> None:
    assert result_tables(tmp_path / "none") == []
    assert reading_notes(tmp_path / "none") == []
    assert tables_text(tmp_path / "none") == ""


def test_the_text_says_that_the_data_differ(tables: list[ResultTable], tmp_path: Path) -> None:
    text = tables_text(tmp_path, "github")
    assert "Relations by model (after Table 6)" in text
    assert "| BiLSTM-CRF " in text
    assert "cannot be compared directly" in text
    assert "of other annotations" not in text


def test_results_of_other_annotations_are_told(tables: list[ResultTable], tmp_path: Path) -> None:
    put(tmp_path, Cell("ner", PLAIN, 4), 80.0, data="other")
    assert MIXED in reading_notes(tmp_path)


def test_a_row_of_two_settings_is_told(tables: list[ResultTable], tmp_path: Path) -> None:
    assert MIXED not in reading_notes(tmp_path)
    put(tmp_path, Cell("ner", PLAIN, 4), 80.0, setting="three epochs")
    assert MIXED in reading_notes(tmp_path)


def test_results_that_ship_are_told(tables: list[ResultTable], tmp_path: Path) -> None:
    assert SHIPPED not in reading_notes(tmp_path)
    assert reading_notes(tmp_path, shipped=True)[0] == SHIPPED
