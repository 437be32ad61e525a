from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rakg_assets_tests.commands import empty_folder, rakg, usage_error

__all__ = ["empty_folder"]
RELEASED = "rakg_assets.orchestration.resources.Settings.released"


@pytest.fixture(autouse=True)
def no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAKG_ENCODER", raising=False)


def scores(f1: float) -> dict[str, Any]:
    return {part: {"overall": {"f1": f1}} for part in ("dev", "test")}


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the release of relations is called with, which trains nothing."""
    calls: list[tuple[Any, ...]] = []

    def release(*given: Any) -> dict[str, Any]:
        calls.append(given)
        return {kind: {"gold": scores(95), "predicted": scores(90)} for kind in ("float32", "int8")}

    monkeypatch.setattr("rakg_assets.extraction.onnx.relation_release.release_relation", release)
    monkeypatch.setattr("rakg_assets.extraction.onnx.ner.load_onnx_ner", lambda folder: folder.name)
    return calls


def test_the_entity_model_starts_from_an_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RELEASED, tmp_path / "none")
    result = rakg("release", "ner", "--out", "e")
    assert "RAKG_ENCODER is not set; name one" in usage_error(result)
    assert not Path("e").exists()


def test_a_single_part_is_refused(trained: list[tuple[Any, ...]]) -> None:
    result = rakg("release", "relation", "--out", "r", "--folds", 1)
    assert "one part leaves no record to learn from" in usage_error(result)
    assert not trained


def test_relations_are_released_with_the_split_records(trained: list[tuple[Any, ...]]) -> None:
    given = ("--seed", 4, "--epochs", 2, "--working", "w", "--folds", 3)
    result = rakg("release", "relation", "--out", "r", *given)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "float32  F1 between gold entities: dev 95.00, test 95.00",
        "float32  F1 between predicted entities: dev 90.00, test 90.00",
        "int8     F1 between gold entities: dev 95.00, test 95.00",
        "int8     F1 between predicted entities: dev 90.00, test 90.00",
        "model    r",
    ]
    ((data, config, out, working, ner, words, _, searchers),) = trained
    assert [searcher.seed for searcher in searchers] == [0, 1, 2]
    assert (config.seed, config.epochs, config.encoder) == (4, 2, None)
    assert (out, working, ner) == (Path("r"), Path("w"), "ner")
    assert all(any(d.relations for d in part) for part in (data.train, data.dev, data.test))
    assert "synthetic records" in data.origin
    assert (words / "cues" / "relations.csv").is_file()


def test_relations_can_start_from_an_encoder(
    trained: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    rakg("release", "relation", "--out", "r", "--encoder", "some-bert")
    monkeypatch.setenv("RAKG_ENCODER", "other-bert")
    rakg("release", "relation", "--out", "r")
    assert [config.encoder for _, config, *_ in trained] == ["some-bert", "other-bert"]


def test_without_a_released_entity_model_nothing_is_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RELEASED, tmp_path / "none")
    result = rakg("release", "relation", "--out", "r")
    assert result.exit_code == 1
    assert "vocab.json: FileNotFoundError" in result.stderr
    assert not Path("r").exists()
