from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rakg_assets.extraction.artifacts import model_version
from rakg_assets.extraction.shelf import Shelf
from rakg_assets.orchestration.resources import Settings
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


def test_a_release_is_put_in_use_in_a_home(tmp_path: Path) -> None:
    shipped = Settings.from_environment().released / "relation"
    result = rakg("release", "use", shipped, "--home", "h")
    assert result.exit_code == 0, result.output
    place = Path("h/models/relation") / model_version(shipped)
    assert result.stdout == f"relation model in use: {place.resolve()}\n"
    shelf = Shelf(Path("h/models"), tmp_path / "none")
    assert shelf.folder("relation").samefile(place)
    assert (place / "model.onnx").read_bytes() == (shipped / "model.onnx").read_bytes()
    assert rakg("release", "use", shipped, "--home", "h").exit_code == 0  # again


@pytest.mark.parametrize(
    ("vocab", "message"),
    [
        (None, "vocab.json: FileNotFoundError; train the model again"),
        ("{}", "no model of entities or relations; name what a release wrote"),
        ('{"labels": []}', "train the model again"),
    ],
)
def test_what_is_no_model_is_not_put_in_use(vocab: str | None, message: str) -> None:
    Path("m").mkdir()
    if vocab is not None:
        Path("m/vocab.json").write_text(vocab, encoding="utf-8")
    result = rakg("release", "use", "m", "--home", "h")
    assert result.exit_code == 1
    assert message in result.stderr
    assert not Path("h/models/ner").exists()
