import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rakg_assets.corpus.annotations import annotation_table, read_annotations
from rakg_assets.corpus.documents import Document
from rakg_assets.extraction import trials, zoo
from rakg_assets.extraction.benchmark import benchmark_cell, benchmark_files
from rakg_assets.extraction.cells import Cell
from rakg_assets.extraction.trials import BenchmarkError, Supplies
from rakg_assets_tests.extraction.conftest import marked
from rakg_assets_tests.extraction.fakes import fake_extractor

ROOT = Path(__file__).parents[2]
SUPPLIES = Supplies(ROOT / "dictionaries")
SMALL = {"threads": 1, "device": "cpu", "character_size": 32, "hidden_size": 32}
LEARNER = {
    **SMALL,
    "features": False,
    "sections": False,
    "lexicon": False,
    "epochs": 40,
    "learning_rate": 1e-2,
    "dropout": 0.0,
    "forget": 0.0,
    "exchange": 0.0,
}
FIGURES = {"precision", "recall", "f1", "f1_sd", "gold"}


@pytest.fixture(autouse=True)
def _small_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(zoo.NER_MODELS, "learner", LEARNER)
    monkeypatch.setitem(zoo.NER_MODELS, "encoder-learner", {**LEARNER, "epochs": 1})
    monkeypatch.setitem(zoo.RELATION_MODELS, "small", {**SMALL, "epochs": 1})


def lines(path: Path, documents: Sequence[Document]) -> Path:
    rows = [json.dumps(d.to_json() | {"id": d.id}, ensure_ascii=False) for d in documents]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def files(labelled: list[Document], tmp_path: Path) -> tuple[Path, Path, Path]:
    test = [*labelled, marked("[双手]b[肿痛]s2年。", "主诉")]
    parts = {"train": labelled, "dev": labelled, "test": test}
    train, dev, test = (lines(tmp_path / f"{n}.jsonl", d) for n, d in parts.items())
    return train, dev, test


def test_files_are_learnt_and_scored(files: tuple[Path, Path, Path]) -> None:
    result = benchmark_files(*files, "learner", 2, SUPPLIES)
    assert set(result) == {"model", "overall", "by_type", "unseen", "seeds"}
    assert set(result["overall"]) == FIGURES
    assert result["overall"]["f1"] > 80
    assert set(result["by_type"]) >= {"body_part", "symptom", "lab_test"}
    assert all(set(figure) == FIGURES for figure in result["by_type"].values())
    assert result["overall"]["gold"] == 17
    assert result["unseen"]["gold"] == 2
    assert [seed["seed"] for seed in result["seeds"]] == [0, 1]
    scores = [seed["overall"]["f1"] for seed in result["seeds"]]
    assert result["overall"]["f1"] == pytest.approx(sum(scores) / 2, abs=0.01)


def test_one_seed_has_no_spread_and_leaves_nothing_behind(
    files: tuple[Path, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setitem(zoo.NER_MODELS, "learner", {**LEARNER, "epochs": 1})
    assert benchmark_files(*files, "learner", 1, SUPPLIES)["overall"]["f1_sd"] == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_overlapping_labels_are_all_scored_though_a_tagger_learns_flat_ones(
    labelled: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(zoo.NER_MODELS, "learner", {**LEARNER, "epochs": 1})
    inner = replace(labelled[0].entities[0], end=1, text=labelled[0].text[0])
    nested = [replace(labelled[0], entities=(*labelled[0].entities, inner)), *labelled[1:]]
    path = lines(tmp_path / "nested.jsonl", nested)
    result = benchmark_files(path, path, path, "learner", 1, SUPPLIES)
    assert result["overall"]["gold"] == sum(len(d.entities) for d in nested)


def test_an_encoder_model_starts_from_the_encoder_given(
    files: tuple[Path, Path, Path], tiny_bert: Path
) -> None:
    result = benchmark_files(*files, "encoder-learner", 1, replace(SUPPLIES, encoder=tiny_bert))
    assert set(result["overall"]) == FIGURES


@pytest.fixture(scope="module")
def splits() -> pd.DataFrame:
    """Four records of the sample: two to train, one to tune, one to test."""
    records, _ = read_annotations(ROOT / "rakg_assets/sample/records")
    table = annotation_table(records[:4])
    names = sorted(set(table["record_id"]))
    parts = dict(zip(names, ("train", "train", "dev", "test"), strict=True))
    return table.assign(split=table["record_id"].map(parts))


RELATION = Cell("relation", "small", 3)
LEARNER_CELL = Cell("ner", "learner", 0)


def test_a_cell_is_written_as_a_file(splits: pd.DataFrame, tmp_path: Path) -> None:
    result = benchmark_cell(RELATION, splits, SUPPLIES, tmp_path, fake_extractor())
    assert [p.name for p in tmp_path.glob("*.json")] == ["relation-small-3.json"]
    assert json.loads((tmp_path / "relation-small-3.json").read_text("utf-8")) == result
    assert (result["kind"], result["model"], result["seed"]) == ("relation", "small", 3)
    assert result["sizes"] == {"train": 2, "dev": 1, "test": 1}
    gold = result["overall"]["gold"]
    assert gold > 0
    assert result["predicted"]["overall"]["gold"] == gold
    assert result["predicted"]["overall"]["recall"] < 100
    assert not list((tmp_path / "in_training").iterdir())


_KILLED = """
import json, os, signal, sys
from pathlib import Path
import pandas as pd
from rakg_assets.extraction import zoo
from rakg_assets.extraction.benchmark import benchmark_cell
from rakg_assets.extraction.cells import Cell
from rakg_assets.extraction.trials import Supplies

table, words, folder, choice = sys.argv[1:]
zoo.NER_MODELS["learner"] = json.loads(choice)

def die(done, whole):
    if done > whole * 0.6:
        os.kill(os.getpid(), signal.SIGKILL)

cell, supplies = Cell("ner", "learner", 0), Supplies(Path(words))
benchmark_cell(cell, pd.read_parquet(table), supplies, Path(folder), progress=die)
"""


def test_a_training_that_was_killed_goes_on_where_it_was(
    splits: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = {**LEARNER, "epochs": 4}
    monkeypatch.setitem(zoo.NER_MODELS, "learner", choice)
    splits.to_parquet(tmp_path / "table")
    given = (tmp_path / "table", SUPPLIES.words, tmp_path / "a", json.dumps(choice))
    command = [sys.executable, "-c", _KILLED, *map(str, given)]
    killed = subprocess.run(command, capture_output=True, check=False, text=True)
    assert killed.returncode < 0, killed.stderr
    assert not list((tmp_path / "a").glob("*.json"))
    steps: list[float] = []

    def run(folder: str) -> Any:
        steps.clear()
        return benchmark_cell(
            LEARNER_CELL,
            pd.read_parquet(tmp_path / "table"),
            SUPPLIES,
            tmp_path / folder,
            progress=lambda done, whole: steps.append(done / whole),
        )

    resumed = run("a")
    assert min(steps) > 0.5
    whole = run("b")
    assert min(steps) < 0.3
    assert resumed == whole


class Silent:
    def annotate(self, documents: list[Document]) -> list[Document]:
        return documents


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stands in for training; holds what each learnt from."""
    seen: list[Any] = []

    def fit(config: Any, learn: Any, tune: Any, folder: Path, *_: Any) -> None:
        folder.mkdir(parents=True)
        seen.append({d.id for d in learn})

    monkeypatch.setattr(trials, "fit", fit)
    for kind in ("ner", "relation"):
        monkeypatch.setitem(trials._LOAD, kind, lambda folder: Silent())
    return seen


def test_a_cell_is_kept_while_its_inputs_stand(
    splits: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fits: list[Any]
) -> None:
    first = benchmark_cell(LEARNER_CELL, splits, SUPPLIES, tmp_path)
    assert benchmark_cell(LEARNER_CELL, splits, SUPPLIES, tmp_path) == first
    assert len(fits) == 1
    again = benchmark_cell(LEARNER_CELL, splits, SUPPLIES, tmp_path, retrain=True)
    assert (again, len(fits)) == (first, 2)
    other = benchmark_cell(LEARNER_CELL, splits[1:], SUPPLIES, tmp_path)
    assert len(fits) == 3
    assert other["data"] != first["data"]
    monkeypatch.setitem(zoo.NER_MODELS, "learner", {**LEARNER, "dropout": 0.1})
    changed = benchmark_cell(LEARNER_CELL, splits[1:], SUPPLIES, tmp_path)
    assert len(fits) == 4
    assert changed["setting"] != other["setting"] == first["setting"]
    seed = benchmark_cell(replace(LEARNER_CELL, seed=8), splits[1:], SUPPLIES, tmp_path)
    assert seed["setting"] == changed["setting"]


def test_a_damaged_result_is_made_again(
    splits: pd.DataFrame, tmp_path: Path, fits: list[Any]
) -> None:
    first = benchmark_cell(LEARNER_CELL, splits, SUPPLIES, tmp_path)
    LEARNER_CELL.file(tmp_path).write_text('{"inputs": ')
    assert benchmark_cell(LEARNER_CELL, splits, SUPPLIES, tmp_path) == first
    assert len(fits) == 2


def test_entities_that_a_model_finds_are_an_input_of_relations(
    splits: pd.DataFrame, tmp_path: Path, fits: list[Any]
) -> None:
    assert "predicted" not in benchmark_cell(RELATION, splits, SUPPLIES, tmp_path)
    for version in ("1", "1", "2"):
        extractor = fake_extractor(version=version)
        assert "predicted" in benchmark_cell(RELATION, splits, SUPPLIES, tmp_path, extractor)
    assert len(fits) == 2


def test_a_learning_curve_learns_from_fewer_records(
    splits: pd.DataFrame, tmp_path: Path, fits: list[Any]
) -> None:
    few = benchmark_cell(replace(LEARNER_CELL, records=1), splits, SUPPLIES, tmp_path)
    whole = benchmark_cell(LEARNER_CELL, splits, SUPPLIES, tmp_path)
    assert [len(names) for names in fits] == [1, 2]
    assert (few["sizes"]["train"], few["records"]) == (1, 1)
    assert (whole["sizes"]["train"], whole["records"]) == (2, None)
    assert few["data"] == whole["data"]
    names = {path.name for path in tmp_path.glob("*.json")}
    assert names == {"ner-learner-0-1.json", "ner-learner-0.json"}


def test_a_cell_without_test_records_says_so(splits: pd.DataFrame, tmp_path: Path) -> None:
    few = splits[splits["split"] == "train"]
    with pytest.raises(BenchmarkError, match="no record is in dev, test"):
        benchmark_cell(LEARNER_CELL, few, SUPPLIES, tmp_path)
