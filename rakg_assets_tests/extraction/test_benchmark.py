import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from rakg_assets.corpus.annotations import annotation_table, read_annotations
from rakg_assets.corpus.documents import Document
from rakg_assets.extraction import zoo
from rakg_assets.extraction.benchmark import BenchmarkError, benchmark_cell, benchmark_files
from rakg_assets_tests.extraction.conftest import marked

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "dictionaries"
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
    result = benchmark_files(*files, "learner", 2, WORDS, "")
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
    assert benchmark_files(*files, "learner", 1, WORDS)["overall"]["f1_sd"] == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_overlapping_labels_are_all_scored_though_a_tagger_learns_flat_ones(
    labelled: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(zoo.NER_MODELS, "learner", {**LEARNER, "epochs": 1})
    inner = replace(labelled[0].entities[0], end=1, text=labelled[0].text[0])
    nested = [replace(labelled[0], entities=(*labelled[0].entities, inner)), *labelled[1:]]
    path = lines(tmp_path / "nested.jsonl", nested)
    result = benchmark_files(path, path, path, "learner", 1, WORDS)
    assert result["overall"]["gold"] == sum(len(d.entities) for d in nested)


@pytest.mark.parametrize("encoder", ["", None, "/nowhere", Path("models/encoder")])
def test_a_model_without_its_encoder_names_the_remedy(
    encoder: str | Path | None, files: tuple[Path, Path, Path]
) -> None:
    with pytest.raises(BenchmarkError, match=r"encoder-learner.*RAKG_ENCODER.*domain_encoder"):
        benchmark_files(*files, "encoder-learner", 1, WORDS, encoder)


def test_an_unknown_model_names_those_there_are(files: tuple[Path, Path, Path]) -> None:
    with pytest.raises(BenchmarkError, match="no ner model is named magic; take bilstm-crf"):
        benchmark_files(*files, "magic", 1, WORDS)


def test_an_encoder_model_starts_from_the_encoder_given(
    files: tuple[Path, Path, Path], tiny_bert: Path
) -> None:
    result = benchmark_files(*files, "encoder-learner", 1, WORDS, str(tiny_bert))
    assert set(result["overall"]) == FIGURES


@pytest.fixture(scope="module")
def splits() -> pd.DataFrame:
    """Three records of the sample, one a split."""
    records, _ = read_annotations(ROOT / "rakg_assets/sample/records")
    table = annotation_table(records[:3])
    names = dict(zip(sorted(set(table["record_id"])), ("train", "dev", "test"), strict=True))
    return table.assign(split=table["record_id"].map(names))


def test_a_cell_is_written_as_a_file(splits: pd.DataFrame, tmp_path: Path) -> None:
    result = benchmark_cell("relation", "small", 3, splits, WORDS, None, tmp_path)
    assert [p.name for p in tmp_path.glob("*.json")] == ["relation-small-3.json"]
    assert json.loads((tmp_path / "relation-small-3.json").read_text("utf-8")) == result
    assert (result["kind"], result["model"], result["seed"]) == ("relation", "small", 3)
    assert result["overall"]["gold"] > 0
    assert not list((tmp_path / "in_training").iterdir())


def test_a_cell_is_the_same_twice(
    splits: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(zoo.NER_MODELS, "learner", {**LEARNER, "epochs": 1})
    folders = tmp_path / "a", tmp_path / "b"
    first, second = (
        benchmark_cell("ner", "learner", 0, splits, WORDS, None, folder) for folder in folders
    )
    assert first == second


def test_a_cell_without_test_records_says_so(splits: pd.DataFrame, tmp_path: Path) -> None:
    few = splits[splits["split"] == "train"]
    with pytest.raises(BenchmarkError, match="no record is in dev, test"):
        benchmark_cell("ner", "learner", 0, few, WORDS, None, tmp_path)
