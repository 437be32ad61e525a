from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from rakg_assets_tests.commands import empty_folder, lines, rakg, usage_error

LONG = "患者三年前无明显诱因出现双手多关节肿痛，伴晨僵约一小时，活动后减轻。"
SMALL = {"layers": 1, "size": 16, "heads": 2, "row_length": 32, "batch_rows": 64}
__all__ = ["empty_folder"]
HEADER = "concept_id,name_zh,name_en,aliases,parent\n"


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiny network, dictionaries of a few terms, no encoder, and an empty folder."""
    from rakg_assets.extraction.encoders import character_lm_training, pretraining
    from rakg_assets.ontology.dictionaries import ID_PREFIXES

    real = pretraining.PretrainConfig
    monkeypatch.setattr(pretraining, "PretrainConfig", lambda **v: real(**{**SMALL, **v}))
    models = character_lm_training.CharacterLmConfig
    few = {"size": 8, "embedding_size": 8, "head_size": 8, "row_length": 32}
    monkeypatch.setattr(
        character_lm_training, "CharacterLmConfig", lambda **v: models(**{**few, **v})
    )
    monkeypatch.setattr("rakg_assets.orchestration.resources.Settings.released", tmp_path / "none")
    for kind, prefix in ID_PREFIXES.items():
        path = tmp_path / "words" / f"{kind.value}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{HEADER}{prefix}0001,晨僵,stiffness,关节晨僵,\n", encoding="utf-8")
    monkeypatch.setenv("RAKG_DICTIONARIES", str(tmp_path / "words"))
    monkeypatch.delenv("RAKG_ENCODER", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(f"{LONG}\n" * 40, encoding="utf-8")


def pretrain(*words: object) -> Result:
    return rakg("encoder", "pretrain", "--threads", 1, *words)


def train(*more: object) -> Result:
    return pretrain("--text", "a.txt*2", "--start", "fresh", *more)


def test_an_encoder_is_trained_and_described(tmp_path: Path) -> None:
    result = train("--out", "e", "--passes", 2, "--half")
    assert result.exit_code == 0, result.output
    assert "from fresh:" in result.stdout
    assert "held-out loss" in result.stdout
    assert "RAKG_ENCODER=e" in result.stdout
    names = {path.name for path in Path("e").iterdir()}
    assert names == {"config.json", "model.safetensors", "vocab.txt", "metrics.json", "README.md"}
    card = Path("e/README.md").read_text("utf-8")
    assert f"| a.txt | 40 | {40 * len(LONG)} | 2 |" in card.replace(",", "")
    assert "| dictionaries | 9 |" in card
    assert str(tmp_path) not in card
    assert len(json.loads(Path("e/metrics.json").read_text("utf-8"))["training"]["epochs"]) == 2


def test_character_language_models_are_trained_and_described() -> None:
    words = ("--text", "a.txt", "--kind", "character-lm", "--passes", 1, "--half")
    result = pretrain(*words, "--out", "e")
    assert result.exit_code == 0, result.output
    assert "from fresh:" in result.stdout
    assert ", perplexity " in result.stdout
    assert json.loads(Path("e/config.json").read_text("utf-8"))["model_type"] == "character-lm"
    card = Path("e/README.md").read_text("utf-8")
    assert "- Base: none" in card
    assert "perplexity" in card
    refused = pretrain(*words, "--out", "f", "--start", "e")
    assert "start from nothing; leave --start out" in usage_error(refused)
    assert not Path("f").exists()


def test_time_that_is_over_ends_the_training_with_an_encoder() -> None:
    assert train("--out", "e", "--passes", 9, "--minutes", 0).exit_code == 0
    assert len(json.loads(Path("e/metrics.json").read_text("utf-8"))["training"]["epochs"]) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--text", "b.txt", "--out", "e"), "b.txt: no such file or folder; check"),
        (("--text", "a.txt*0", "--out", "e"), r"write FILE or FILE*N"),
        (("--text", "a.txt", "--out", ".", "--start", "fresh"), "which is no encoder's"),
        (("--text", "a.txt", "--out", "e", "--start", "./no"), "no folder with a config.json"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(words: tuple[str, ...], message: str) -> None:
    result = pretrain(*words)
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_layers_are_taken_out() -> None:
    train("--out", "e", "--passes", 1)
    result = rakg("encoder", "prune", "e", "small", "--layers", 1)
    assert result.stdout == "kept layers 0: small\n"
    assert rakg("encoder", "prune", "e", "small", "--keep", "0", "--half").exit_code == 0


@pytest.mark.parametrize(
    "words", [(), ("--layers", 1, "--keep", "0"), ("--keep", "0;1"), ("--keep", "0,")]
)
def test_layers_must_be_told_one_way(words: tuple[object, ...]) -> None:
    Path("e").mkdir()
    assert rakg("encoder", "prune", "e", "small", *words).exit_code == 2


@pytest.mark.parametrize("corpus", ["a.jsonl", "x=a.jsonl", "x=,a.jsonl", "=a.jsonl,a.jsonl"])
def test_a_corpus_to_tune_on_is_a_name_and_two_files(corpus: str) -> None:
    lines(Path("a.jsonl"), {"text": "双手", "entities": []})
    result = rakg("encoder", "tune", "--corpus", corpus, "--out", "e")
    assert "write NAME=TRAIN.jsonl,DEV.jsonl" in usage_error(result)
    assert not Path("e").exists()


def test_two_corpora_of_one_name_are_refused() -> None:
    lines(Path("a.jsonl"), {"text": "双手", "entities": []})
    corpus = ("--corpus", "x=a.jsonl,a.jsonl")
    result = rakg("encoder", "tune", *corpus, *corpus, "--out", "e")
    assert "two corpora have the same name" in usage_error(result)


def test_a_file_of_a_corpus_that_is_not_there_is_named() -> None:
    lines(Path("a.jsonl"), {"text": "双手", "entities": []})
    result = rakg("encoder", "tune", "--corpus", "x=a.jsonl,b.jsonl", "--out", "e")
    assert result.exit_code == 1
    assert "b.jsonl" in result.stderr


def test_tuning_without_an_encoder_says_that_there_is_none() -> None:
    lines(Path("a.jsonl"), {"text": "双手", "entities": []})
    result = rakg("encoder", "tune", "--corpus", "x=a.jsonl,a.jsonl", "--out", "e")
    assert "RAKG_ENCODER is not set; name one" in usage_error(result)
    assert not Path("e").exists()
