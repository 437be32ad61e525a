from dataclasses import replace
from pathlib import Path

import pytest

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.artifacts import ModelError
from rakg_assets.extraction.assertion import AssertionRules
from rakg_assets.extraction.assertion_training import (
    AssertionConfig,
    load_assertion,
    train_assertion,
)
from rakg_assets.extraction.scoring import score_assertions
from rakg_assets.extraction.training import TrainingError
from rakg_assets_tests.extraction.conftest import marked

DICTIONARIES = Path(__file__).parents[2] / "dictionaries"
SMALL = AssertionConfig(
    epochs=3, character_size=16, hidden_size=16, feature_size=4, batch_passages=4
)
LEARNER = replace(SMALL, epochs=25, learning_rate=1e-2, plain_share=1.0)
WORDS = ("发热", "咳嗽", "皮疹", "口干", "脱发")


def said(text: str, *assertions: str, section: str = "现病史") -> Document:
    document = marked(text, section)
    pairs = zip(document.entities, assertions, strict=True)
    return replace(document, entities=tuple(replace(e, assertion=a) for e, a in pairs))


@pytest.fixture(scope="module")
def rules() -> AssertionRules:
    return AssertionRules.load(DICTIONARIES)


@pytest.fixture(scope="module")
def toy() -> list[Document]:
    documents = []
    for word in WORDS:
        documents += [
            said(f"无[{word}]s，[乏力]s。", "absent", "present"),
            said(f"近日[{word}]s明显。", "present"),
            said(f"[{word}]s可能。", "possible"),
            said(f"母[{word}]s。", "family", section="家族史"),
        ]
    return documents


@pytest.fixture(scope="module")
def learnt(
    toy: list[Document], rules: AssertionRules, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("assertion") / "m"
    assert train_assertion(toy, toy, LEARNER, folder, rules).best_metric == 100
    return folder


def test_it_learns_what_a_toy_holds(
    learnt: Path, toy: list[Document], rules: AssertionRules
) -> None:
    bare = [
        replace(d, entities=tuple(replace(e, assertion="present") for e in d.entities)) for d in toy
    ]
    assert score_assertions(toy, load_assertion(learnt, rules).annotate(bare)).f1 == 100


def test_words_never_seen_do_as_well(learnt: Path, rules: AssertionRules) -> None:
    gold = [
        said("无[盗汗]s，[头晕眼花]s。", "absent", "present"),
        said("[盗汗]s可能。", "possible"),
    ]
    assert score_assertions(gold, load_assertion(learnt, rules).annotate(gold)).f1 == 100


def test_texts_without_entities_stay(learnt: Path, rules: AssertionRules) -> None:
    documents = [Document("x", ""), Document("y", "无恙。")]
    assert load_assertion(learnt, rules).annotate(documents) == documents
    assert load_assertion(learnt, rules).annotate([]) == []


def test_an_interrupted_training_goes_on_to_the_same_model(
    toy: list[Document], rules: AssertionRules, tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if done > 0.6 * total:
            raise KeyboardInterrupt

    expected = train_assertion(toy, toy, SMALL, tmp_path / "a", rules)
    with pytest.raises(KeyboardInterrupt):
        train_assertion(toy, toy, SMALL, tmp_path / "b", rules, stop)
    assert train_assertion(toy, toy, SMALL, tmp_path / "b", rules) == expected
    files = [(tmp_path / name / "weights.safetensors").read_bytes() for name in "ab"]
    assert files[0] == files[1]


def test_one_that_knows_the_cues_asks_the_rules(
    toy: list[Document], rules: AssertionRules, tmp_path: Path
) -> None:
    train_assertion(toy, [], replace(LEARNER, cues=True), tmp_path / "m", rules)
    model = load_assertion(tmp_path / "m", rules)
    said_by_rules = {"absent", "family", "present"}  # 可能 speaks of diseases alone
    assert set(model.reader.facts[-1].symbols) == said_by_rules
    assert score_assertions(toy, model.annotate(toy)).f1 == 100


def test_of_plain_passages_an_epoch_reads_a_share(
    toy: list[Document], rules: AssertionRules, tmp_path: Path
) -> None:
    seen: list[int] = []
    config = replace(SMALL, epochs=1, batch_passages=1, plain_share=0.2)
    train_assertion(toy, [], config, tmp_path / "m", rules, lambda done, of: seen.append(of))
    assert seen == [15 + 1] * 16


def test_it_may_start_from_an_encoder(
    toy: list[Document], rules: AssertionRules, tiny_bert: Path, tmp_path: Path
) -> None:
    config = replace(LEARNER, encoder=str(tiny_bert), epochs=2, encoder_learning_rate=3e-3)
    train_assertion(toy, toy, config, tmp_path / "m", rules)
    model = load_assertion(tmp_path / "m", rules)
    assert (model.cutter.window, model.cutter.stand_ins) == (60, False)
    long = marked("略" * 400 + "无[发热]s" + "略" * 400)
    assert len(model.annotate([*toy, long])) == len(toy) + 1


def test_documents_without_entities_cannot_be_learnt_from(
    rules: AssertionRules, tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match="annotate more"):
        train_assertion([Document("x", "无恙")], [], SMALL, tmp_path / "m", rules)


def test_a_folder_without_a_model_is_named(rules: AssertionRules, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="train the model again"):
        load_assertion(tmp_path, rules)
