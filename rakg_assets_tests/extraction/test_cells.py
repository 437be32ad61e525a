from pathlib import Path

from rakg_assets.extraction.artifacts import write_json
from rakg_assets.extraction.cells import (
    CURVE_RECORDS,
    Cell,
    cells_to_run,
    read_result,
    read_results,
    records_key,
    records_of,
)
from rakg_assets.extraction.zoo import MODELS, needs_encoder

RESULT = {"kind": "ner", "model": "m", "seed": 0, "sizes": {"train": 9}, "overall": {"f1": 50.0}}


def test_the_whole_of_train_is_the_same_cell_in_every_benchmark() -> None:
    assert Cell("ner", "m", 0).name == "ner-m-0"
    assert Cell("ner", "m", 0, 20).name == "ner-m-0-20"


def test_keys_of_partitions_name_numbers_of_records() -> None:
    keys = [records_key(records) for records in CURVE_RECORDS]
    assert keys == ["20", "40", "80", "all"]
    assert tuple(map(records_of, keys)) == CURVE_RECORDS


def test_partition_keys_name_a_cell() -> None:
    assert Cell.of("ner", {"model": "m", "seed": "2"}) == Cell("ner", "m", 2)
    assert Cell.of("ner", {"records": "40", "seed": "2"}, "m") == Cell("ner", "m", 2, 40)
    assert Cell.of("ner", {"records": "all", "seed": "2"}, "m") == Cell("ner", "m", 2)


def test_what_is_no_result_is_passed_over(tmp_path: Path) -> None:
    write_json(Cell("ner", "m", 0).file(tmp_path), RESULT)
    (tmp_path / "a.json").write_text("[]")
    write_json(tmp_path / "c.json", {"kind": "ner", "model": "m", "seed": 0, "overall": {}})
    (tmp_path / "b.json").write_text('{"kind": ')
    assert read_results(tmp_path) == [RESULT]
    assert read_result(tmp_path / "none.json") == {}
    assert read_results(tmp_path / "none") == []


def test_small_models_are_those_without_an_encoder() -> None:
    cells = cells_to_run(large=False, seeds=2)
    assert set(cells) == {"ner_benchmark", "relation_benchmark"}
    for kind, models in MODELS.items():
        chosen = cells[f"{kind}_benchmark"]
        assert {cell["model"] for cell in chosen} == {m for m in models if not needs_encoder(m)}
        assert {cell["seed"] for cell in chosen} == {"0", "1"}


def test_all_tables_take_five_seeds_and_three_of_large_models() -> None:
    cells = cells_to_run(large=True)
    seeds = [cell["seed"] for cell in cells["ner_benchmark"] if cell["model"] == "bilstm-crf"]
    assert seeds == ["0", "1", "2", "3", "4"]
    assert len([c for c in cells["ner_benchmark"] if c["model"] == "encoder-crf"]) == 3
    assert len(cells["relation_learning_curve"]) == 20
