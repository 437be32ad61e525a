import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.artifacts import ModelError
from rakg_assets.extraction.encoders.encoder import load_encoder
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.ner import NerConfig, NerModel, load_ner
from rakg_assets.extraction.ner_training import NerTask, train_ner
from rakg_assets.extraction.scoring import score_entities
from rakg_assets.extraction.tagging import TaggingError

SMALL = NerConfig(
    epochs=2, threads=1, device="cpu", character_size=8, hidden_size=8, feature_size=4
)
LEARNER = replace(
    SMALL, epochs=40, hidden_size=32, character_size=32, dropout=0.0, learning_rate=1e-2, exchange=0
)
LEXICON = Lexicon({"symptom": ["肿痛", "晨僵"], "treatment": ["甲氨蝶呤"]})


def weights_equal(a: NerModel, b: NerModel) -> bool:
    ours, theirs = a.network.state_dict(), b.network.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[n], theirs[n]) for n in ours)


def test_it_learns_and_every_span_is_exact(labelled: list[Document], tmp_path: Path) -> None:
    report = train_ner(labelled, labelled, LEARNER, tmp_path / "m")
    model = load_ner(tmp_path / "m")
    documents = model.annotate(labelled)
    assert score_entities(labelled, documents).f1 == 100
    assert report.best_metric == 100
    for document in documents:
        assert all(document.text[e.start : e.end] == e.text for e in document.entities)
        assert all(0 < e.score <= 1 for e in document.entities)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"bilstm": False},
        {"crf": False},
        {"features": False},
        {"features": False, "sections": False, "lexicon": False},
    ],
)
def test_every_choice_trains_and_comes_back_exactly(
    changes: dict[str, bool], labelled: list[Document], tmp_path: Path
) -> None:
    config = replace(SMALL, **changes)
    train_ner(labelled, [], config, tmp_path / "m", lexicon=LEXICON)
    model = load_ner(tmp_path / "m", "cpu")
    assert model.config == config
    assert (model.featurizer.lexicon is not None) == config.lexicon
    model.save(tmp_path / "n", _no_report(), {})
    again = load_ner(tmp_path / "n")
    assert weights_equal(model, again)
    assert model.predict(labelled) == again.predict(labelled)


def _no_report():
    from rakg_assets.extraction.training import TrainingReport

    return TrainingReport()


def test_trained_weights_are_those_that_are_loaded(
    labelled: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[NerModel] = []
    save = NerModel.save
    monkeypatch.setattr(NerModel, "save", lambda m, *a: (saved.append(m), save(m, *a))[1])
    train_ner(labelled, labelled, SMALL, tmp_path / "m", lexicon=LEXICON)
    loaded = load_ner(tmp_path / "m")
    assert weights_equal(saved[0], loaded)
    assert saved[0].version == loaded.version != ""
    assert saved[0].predict(labelled) == loaded.predict(labelled)


def test_the_encoder_path_needs_its_folder_only_for_training(
    labelled: list[Document], tiny_bert: Path, tmp_path: Path
) -> None:
    config = replace(SMALL, encoder=str(tiny_bert), epochs=12, encoder_learning_rate=3e-3)
    report = train_ner(labelled, [], replace(config, learning_rate=1e-2), tmp_path / "m")
    assert report.epochs[-1].loss < 0.8 * report.epochs[0].loss
    text = (tmp_path / "m/config.json").read_text(encoding="utf-8")
    config_file = tmp_path / "m/config.json"
    config_file.write_text(text.replace(str(tiny_bert), "/gone"), encoding="utf-8")
    model = load_ner(tmp_path / "m")
    assert model.limit == 60
    long = Document("X", "双手肿痛" * 100)
    assert all(long.text[e.start : e.end] == e.text for e in model.predict([long])[0])


@pytest.mark.parametrize(
    "changes", [{}, {"average": 0.9, "adversarial": 0.5, "agreement": 0.5, "balance": 0.5}]
)
def test_an_interrupted_training_goes_on_to_the_same_model(
    changes: dict[str, float], labelled: list[Document], tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if done > 0.6 * total:
            raise KeyboardInterrupt

    config = replace(SMALL, epochs=5, **changes)
    expected = train_ner(labelled, labelled, config, tmp_path / "a", lexicon=LEXICON)
    with pytest.raises(KeyboardInterrupt):
        train_ner(labelled, labelled, config, tmp_path / "b", stop, LEXICON)
    assert (tmp_path / "b/checkpoint").is_dir()
    assert train_ner(labelled, labelled, config, tmp_path / "b", None, LEXICON) == expected
    assert weights_equal(load_ner(tmp_path / "a"), load_ner(tmp_path / "b"))
    assert not (tmp_path / "b/checkpoint").exists()


def test_long_mentions_do_not_make_a_text_too_long_for_the_encoder(
    labelled: list[Document], tiny_bert: Path
) -> None:
    encoder, words = load_encoder(str(tiny_bert)), Lexicon({"symptom": ["痛" * 70, "痛" * 30]})
    task = NerTask(labelled, [], replace(SMALL, exchange=1.0), words, encoder)
    lengths = [batch.ids.shape[1] for epoch in range(30) for batch in task.batches(epoch)]
    assert 30 < max(lengths) <= encoder.limit == 60


def test_predictions_do_not_depend_on_neighbours_or_order(
    labelled: list[Document], tmp_path: Path
) -> None:
    train_ner(labelled, [], replace(SMALL, epochs=10, learning_rate=1e-2), tmp_path / "m")
    model = load_ner(tmp_path / "m")
    together = model.predict(labelled)
    assert together == [model.predict([document])[0] for document in labelled]
    assert together == model.predict(labelled[::-1])[::-1]


def test_any_text_can_be_predicted(labelled: list[Document], tmp_path: Path) -> None:
    train_ner(labelled, [], LEARNER, tmp_path / "m")
    model = load_ner(tmp_path / "m")
    texts = ["", " \n", "\0\u200b𠀀\ud800", "𠀀\u3000双手肿痛\r\n\t伴晨僵😀。", "Å" * 500]
    for text, entities in zip(texts, model.predict([Document("X", t) for t in texts]), strict=True):
        assert [text[e.start : e.end] for e in entities] == [e.text for e in entities]
    assert model.predict([]) == []


def test_metrics_hold_curves_and_dev_figures(labelled: list[Document], tmp_path: Path) -> None:
    train_ner(labelled, labelled, SMALL, tmp_path / "m")
    metrics = json.loads((tmp_path / "m/metrics.json").read_text(encoding="utf-8"))
    assert [epoch["epoch"] for epoch in metrics["training"]["epochs"]] == [1, 2]
    assert set(metrics["training"]["epochs"][0]["dev"]) == {"precision", "recall", "f1"}
    assert "overall" in metrics["dev"]


def test_equal_trainings_write_equal_files(labelled: list[Document], tmp_path: Path) -> None:
    for name in "ab":
        train_ner(labelled, labelled, SMALL, tmp_path / name, lexicon=LEXICON)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_overlapping_gold_is_an_error_without_text(tmp_path: Path) -> None:
    entities = (Entity(0, 2, "symptom", "肿痛"), Entity(1, 3, "symptom", "痛三"))
    with pytest.raises(TaggingError, match="1-3 overlaps") as error:
        train_ner([Document("X", "肿痛三年", entities=entities)], [], SMALL, tmp_path / "m")
    assert "痛" not in str(error.value)


def test_a_folder_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="train the model again"):
        load_ner(tmp_path)


def test_config_passes_over_names_it_does_not_know() -> None:
    assert NerConfig.from_json({**SMALL.to_json(), "later": 1}) == SMALL
