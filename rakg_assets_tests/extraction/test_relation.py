import json
from dataclasses import replace
from pathlib import Path
from statistics import mean

import numpy as np
import pytest
import torch

from rakg_assets.corpus.documents import Document, RelationMention
from rakg_assets.extraction.artifacts import ModelError
from rakg_assets.extraction.pairs import candidate_pairs
from rakg_assets.extraction.relation import (
    RelationConfig,
    RelationModel,
    load_relation,
    train_relation,
)
from rakg_assets.extraction.scoring import score_relations
from rakg_assets.extraction.training import TrainingError, TrainingReport
from rakg_assets_tests.extraction.conftest import marked
from rakg_assets_tests.extraction.toy_relations import (
    CUES,
    LEARNER,
    SMALL,
    related,
    toy_documents,
)


@pytest.fixture(scope="module")
def toy() -> list[Document]:
    return toy_documents()


@pytest.fixture(scope="module")
def learnt(toy: list[Document], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("relation") / "m"
    report = train_relation(toy, toy, LEARNER, folder, None, CUES)
    assert report.best_metric == 100
    return folder


def test_it_learns_what_a_toy_holds(learnt: Path, toy: list[Document]) -> None:
    documents = load_relation(learnt).annotate(toy)
    assert score_relations(toy, documents).f1 == 100
    assert all(0 < r.score <= 1 for d in documents for r in d.relations)


def test_words_never_seen_do_as_well_as_those_seen(learnt: Path) -> None:
    part = "body_part_symptom"
    gold = [
        related("[右侧颞颌关节]b[酸胀]s，[左髋]b[冷痛]s。", (part, 0, 1), (part, 2, 3)),
        related("服[雷公藤多苷片]t后[酸胀不适]s缓解。", ("treatment_improved", 0, 1)),
    ]
    assert score_relations(gold, load_relation(learnt).annotate(gold)).f1 == 100


def test_listed_heads_share_what_is_said(learnt: Path) -> None:
    document = marked("[左髋]b、[右髋]b及[双踝]b[肿痛]s。")
    (found,) = load_relation(learnt).predict([document])
    assert [(r.head, r.tail) for r in found] == [(0, 3), (1, 3), (2, 3)]
    assert len({r.score for r in found}) == 1


def test_it_is_loaded_and_saved_exactly(learnt: Path, toy: list[Document], tmp_path: Path) -> None:
    model = load_relation(learnt, "cpu")
    assert model.config == LEARNER
    assert model.reader.cues.terms == CUES.terms
    model.save(tmp_path / "n", TrainingReport(), {})
    again = load_relation(tmp_path / "n")
    assert again.version == model.version != ""
    assert weights_equal(model, again)
    assert model.predict(toy) == again.predict(toy)


def weights_equal(a: RelationModel, b: RelationModel) -> bool:
    ours, theirs = a.network.state_dict(), b.network.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[n], theirs[n]) for n in ours)


def test_an_interrupted_training_goes_on_to_the_same_model(
    toy: list[Document], tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if done > 0.6 * total:
            raise KeyboardInterrupt

    expected = train_relation(toy, toy, SMALL, tmp_path / "a", None, CUES)
    with pytest.raises(KeyboardInterrupt):
        train_relation(toy, toy, SMALL, tmp_path / "b", stop, CUES)
    assert train_relation(toy, toy, SMALL, tmp_path / "b", None, CUES) == expected
    assert load_relation(tmp_path / "a").version == load_relation(tmp_path / "b").version


def test_predictions_do_not_depend_on_neighbours(learnt: Path, toy: list[Document]) -> None:
    model = load_relation(learnt)
    together = model.predict([*toy, marked("[双手]b" + "，" * 40 + "[肿痛]s。")])
    for document, expected in zip(toy, together, strict=False):
        (alone,) = model.predict([document])
        pairs = zip(alone, expected, strict=True)
        assert all(a.score == pytest.approx(b.score, abs=2e-4) for a, b in pairs)


def test_nothing_is_found_in_texts_without_a_pair(learnt: Path) -> None:
    model = load_relation(learnt)
    assert model.predict([]) == []
    assert model.predict([marked("[双手]b无恙。"), Document("x", "")]) == [(), ()]


def test_the_encoder_path_learns_and_needs_its_folder_only_for_training(
    toy: list[Document], tiny_bert: Path, tmp_path: Path
) -> None:
    config = replace(
        LEARNER, encoder=str(tiny_bert), epochs=12, encoder_learning_rate=3e-3, window=200
    )
    report = train_relation(toy, [], config, tmp_path / "m", None, CUES)
    assert report.epochs[-1].loss < 0.8 * report.epochs[0].loss
    text = (tmp_path / "m/config.json").read_text(encoding="utf-8")
    config_file = tmp_path / "m/config.json"
    config_file.write_text(text.replace(str(tiny_bert), "/gone"), encoding="utf-8")
    model = load_relation(tmp_path / "m")
    assert model.reader.writer.limit == 60
    assert len(model.predict([*toy, marked("略" * 400 + "[双手]b[肿痛]s" + "略" * 400)])) == 19


def test_the_same_training_gives_the_same_version_from_an_encoder_too(
    toy: list[Document], tiny_bert: Path, tmp_path: Path
) -> None:
    config = replace(SMALL, encoder=str(tiny_bert), epochs=1)
    for name in "ab":
        train_relation(toy, [], config, tmp_path / name, None, CUES)
    assert load_relation(tmp_path / "a").version == load_relation(tmp_path / "b").version


@pytest.fixture
def packed(tiny_bert: Path) -> RelationConfig:
    return replace(
        LEARNER,
        network="packed",
        encoder=str(tiny_bert),
        encoder_learning_rate=3e-3,
        learning_rate=1e-2,
        epochs=20,
        batch_tokens=128,
    )


def test_packed_pairs_are_learnt_and_loaded_as_they_were(
    toy: list[Document], packed: RelationConfig, tmp_path: Path
) -> None:
    report = train_relation(toy, [], packed, tmp_path / "m", None, CUES)
    assert report.epochs[-1].loss < 0.5 * report.epochs[0].loss
    model = load_relation(tmp_path / "m")
    found = model.predict(toy)
    assert score_relations(toy, model.annotate(toy)).f1 > 80
    model.save(tmp_path / "n", report, {})
    again = load_relation(tmp_path / "n")
    assert again.version == model.version
    assert again.predict(toy) == found


def test_packed_predictions_do_not_depend_on_the_pass(
    toy: list[Document], packed: RelationConfig, tmp_path: Path
) -> None:
    train_relation(toy, [], replace(packed, epochs=1), tmp_path / "m", None, CUES)
    many = marked("".join(f"[左指{i % 10}]b略[肿]s，" for i in range(12)))
    model = load_relation(tmp_path / "m")
    pairs = list(candidate_pairs([*toy, many], model.reader.writer))
    assert len({p.marked.text for p in pairs if p.document == len(toy)}) > 1
    together = model._scores(pairs)
    model.reader = replace(model.reader, tokens=72)
    assert max(map(len, model.reader.passes(pairs))) < 5
    assert np.allclose(model._scores(pairs), together, atol=1e-5)
    alone = np.concatenate([model._scores([pair]) for pair in pairs])
    assert np.allclose(alone, together, atol=1e-5)


def test_an_interrupted_packed_training_goes_on_to_the_same_model(
    toy: list[Document], packed: RelationConfig, tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if done > 0.6 * total:
            raise KeyboardInterrupt

    config = replace(packed, epochs=2)
    expected = train_relation(toy, toy, config, tmp_path / "a", None, CUES)
    with pytest.raises(KeyboardInterrupt):
        train_relation(toy, toy, config, tmp_path / "b", stop, CUES)
    assert train_relation(toy, toy, config, tmp_path / "b", None, CUES) == expected
    assert load_relation(tmp_path / "a").version == load_relation(tmp_path / "b").version


@pytest.mark.parametrize("network", ["prnn", "cnn-attention", "bilstm-attention"])
def test_a_network_without_cues_and_facts_learns_and_is_loaded(
    network: str, toy: list[Document], tmp_path: Path
) -> None:
    config = replace(LEARNER, network=network, folded=False, facts=False)
    train_relation(toy, [], config, tmp_path / "m", None, CUES)
    model = load_relation(tmp_path / "m")
    assert score_relations(toy, model.annotate(toy)).f1 > 90
    assert model.reader.writer.cues is None
    assert model.vocab()["facts"] == []


def test_an_unknown_network_is_named_with_those_there_are(
    toy: list[Document], tmp_path: Path
) -> None:
    config = replace(SMALL, network="magic")
    with pytest.raises(TrainingError, match=r"named magic; take ffnn, packed, prnn"):
        train_relation(toy, [], config, tmp_path / "m")


def test_scores_are_calibrated_on_dev_and_the_errors_are_told(
    toy: list[Document], tmp_path: Path
) -> None:
    # Half of what dev says is wrong, so that a model that is sure of it all errs.
    wrong = [replace(d, relations=()) for d in toy[::2]]
    train_relation(toy, [*wrong, *toy[1::2]], LEARNER, tmp_path / "m", None, CUES)
    told = json.loads((tmp_path / "m/metrics.json").read_text("utf-8"))["calibration"]
    assert told["temperature"] > 1.5
    assert told["before"] > told["after"]
    assert told["count"] == 27
    train_relation(toy, [], LEARNER, tmp_path / "n", None, CUES)
    sure, unsure = (
        load_relation(tmp_path / "n").predict(toy),
        load_relation(tmp_path / "m").predict(toy),
    )
    assert mean_score(unsure) < mean_score(sure)


def mean_score(found: list[tuple[RelationMention, ...]]) -> float:
    return mean(r.score for relations in found for r in relations)


def test_documents_without_pairs_cannot_be_learnt_from(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="annotate more"):
        train_relation([marked("[双手]b。")], [], SMALL, tmp_path / "m")


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="train the model again"):
        load_relation(tmp_path)
