"""Sentences, rivals, the clock and the table of `make bench-extraction`, with small models."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from rakg_assets.cli_speed import bench_extraction
from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.ner import NerConfig, NerModel, load_ner
from rakg_assets.extraction.ner_training import train_ner
from rakg_assets.extraction.onnx.export import export_ner
from rakg_assets.extraction.speed.report import speed_table
from rakg_assets.extraction.speed.rivals import rivals, take_faster_attention
from rakg_assets.extraction.speed.texts import SpeedError, sentences_of_file, shipped_sentences
from rakg_assets.extraction.speed.timing import Contender, Stopwatch, measure
from rakg_assets_tests.commands import lines
from rakg_assets_tests.conftest import SAMPLE
from rakg_assets_tests.extraction.conftest import TEXTS, marked

_SMALL = NerConfig(
    epochs=40,
    threads=1,
    device="cpu",
    character_size=16,
    hidden_size=16,
    feature_size=4,
    dropout=0.0,
    learning_rate=1e-2,
)


class Clock:
    """A clock that moves only when something sleeps."""

    now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.perf_counter", lambda: clock.now)
    return clock


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "false")  # a pipeline would set it for good


@pytest.fixture(scope="module", params=["embedding", "bert"])
def folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, tiny_bert: Path
) -> Path:
    """A model that has learned the five texts, with each kind of encoder."""
    encoder = str(tiny_bert) if request.param == "bert" else None
    folder = tmp_path_factory.mktemp("speed") / "model"
    documents = [marked(text, section) for section, text in TEXTS]
    config = {**_SMALL.to_json(), "encoder": encoder, "encoder_learning_rate": 1e-3}
    train_ner(documents, [], NerConfig.from_json(config), folder)
    return folder


@pytest.fixture
def twin(folder: Path) -> NerModel:
    return load_ner(folder, "cpu")


# --- texts


def test_shipped_sentences_are_distinct_in_order_and_a_stable_choice() -> None:
    chosen, more = shipped_sentences(SAMPLE, 50), shipped_sentences(SAMPLE, 80)
    assert len({d.text for d in chosen}) == 50
    assert max(len(d.text) for d in chosen) <= 200
    assert [d for d in more if d in chosen] == chosen
    assert any(d.section for d in chosen)


def test_sentences_of_a_file_are_cut_once_each_labels_or_not(tmp_path: Path) -> None:
    rows = ({"text": "双手肿痛。无发热。", "section": "主诉"}, {"text": "无发热。", "entities": []})
    path = lines(tmp_path / "t.jsonl", "", *rows)
    found = sentences_of_file(path, least=2)
    assert [(d.text, d.section) for d in found] == [("双手肿痛。", "主诉"), ("无发热。", "主诉")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{双手", "t.jsonl, line 1: not JSON in UTF-8; write one object a line"),
        ({"words": "双手"}, "t.jsonl, line 1: an object with text"),
        ({"text": "双手。"}, "t.jsonl: 1 distinct sentences, too few to time; .* 605 or more"),
    ],
)
def test_a_file_that_cannot_be_timed_is_named(row: object, said: str, tmp_path: Path) -> None:
    with pytest.raises(SpeedError, match=said) as caught:
        sentences_of_file(lines(tmp_path / "t.jsonl", row))
    assert "双手" not in str(caught.value)


# --- rivals


def test_every_rival_finds_what_the_model_finds(twin: NerModel, labelled: list[Document]) -> None:
    documents = [*labelled, Document("", "无"), *labelled, *labelled]
    readers = rivals(twin, documents[:4])
    truth = twin.predict(documents)
    assert sum(map(len, truth)) > 10
    assert len(readers) == 7
    for title, reader in readers.items():
        assert _spans(reader.predict(documents)) == _spans(truth), title
        for found, expected in zip(reader.predict(documents), truth, strict=True):
            assert [e.score for e in found] == pytest.approx([e.score for e in expected], abs=1e-3)


def test_batches_are_padded_and_go_through_the_network_whole(
    twin: NerModel, labelled: list[Document]
) -> None:
    readers, shapes = rivals(twin, labelled), []
    emissions = twin.network.emissions
    twin.network.emissions = lambda batch: (shapes.append(batch.ids.shape), emissions(batch))[1]
    longest = max(len(d.text) for d in labelled)
    readers["transformers Pipeline, batch 8, CRF too"].predict([*labelled, *labelled])
    assert [shape[0] for shape in shapes] == [8, 2]
    assert shapes[0][1] == longest
    shapes.clear()
    readers["transformers Pipeline, a text at a time"].predict(labelled)
    assert shapes == [(1, len(d.text)) for d in labelled]


def test_the_faster_attention_stays(clock: Clock) -> None:
    class Backbone:
        name = ""

        def set_attn_implementation(self, name: str) -> None:
            self.name = name

    backbone = Backbone()
    wait = {"eager": 2, "sdpa": 1}
    took = take_faster_attention(backbone, lambda: clock.sleep(wait[backbone.name]))  # type: ignore
    assert took == backbone.name == "sdpa"


# --- the clock


class _Words:
    """Finds the first `length` characters of each text, `seconds` a call."""

    def __init__(self, length: int, seconds: float, clock: Clock) -> None:
        self.clock, self.network = clock, Stopwatch(clock.sleep)
        self.length, self.seconds = length, seconds
        self.calls: list[int] = []

    def predict(self, documents: Sequence[Document]) -> list[list[Entity]]:
        self.calls.append(len(documents))
        self.network(self.seconds)
        self.clock.sleep(1)
        return [[Entity(0, self.length, "s", d.text[: self.length])] for d in documents]


def test_readers_are_timed_in_turn_after_a_warm_up(labelled: list[Document], clock: Clock) -> None:
    slow, fast, other = _Words(2, 5, clock), _Words(2, 2, clock), _Words(1, 2, clock)
    readers = {"slow": slow, "fast": fast, "other": other}
    contenders = {title: Contender(reader, reader.network) for title, reader in readers.items()}
    speeds = measure(contenders, [*labelled * 20], "slow", rounds=2)
    assert slow.calls == fast.calls == [64, 100, 100]
    assert [s.title for s in speeds] == list(readers)
    assert [s.agreement for s in speeds] == [100, 100, 0]
    assert [(s.seconds, s.network_seconds) for s in speeds] == [(6, 5), (3, 2), (3, 2)]


# --- the table and the command


def test_the_table_holds_ours_beside_its_weights_and_the_rivals(
    twin: NerModel, labelled: list[Document], tmp_path: Path
) -> None:
    export_ner(twin, tmp_path / "release")
    table = speed_table(tmp_path / "release", labelled, threads=1, rounds=1)
    head, _, ours, weights, *others, _, sentence = table.splitlines()
    # A document of two sentences counts as two texts.
    assert re.search(r"5 sentences, \d+ characters, 1 CPU threads", head)
    assert _cells(ours)[0] == "rakg"
    assert [_cells(ours)[i] for i in (3, 5)] == ["1.0×", "1.0×"]
    assert float(_cells(ours)[-1]) > 80
    assert _cells(weights)[-1] == "100.00"
    assert len(others) == 7
    assert {_cells(row)[-1] for row in others} == {"100.00"}
    assert re.fullmatch(r"rakg is [\d.]+ times as fast as the fastest rival \(.*\)\.", sentence)


def test_the_command_takes_texts_model_and_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = lambda folder, texts, threads: f"{folder.name} {len(texts)} {threads}"  # noqa: E731
    monkeypatch.setattr("rakg_assets.extraction.speed.report.speed_table", said)
    texts = lines(tmp_path / "t.jsonl", *({"text": f"第{n}次。"} for n in range(605)))
    app = typer.Typer()
    app.command()(bench_extraction)

    def run(*words: object) -> Result:
        return CliRunner().invoke(app, ["--model", str(tmp_path), *map(str, words)])

    assert run("--texts", texts, "--threads", 3).stdout == f"{tmp_path.name} 605 3\n"
    assert run().stdout == f"{tmp_path.name} 700 None\n"
    assert run("--threads", 0).exit_code == run("--texts", "missing.jsonl").exit_code == 2
    few = run("--texts", lines(tmp_path / "few.jsonl", {"text": "双手。"}))
    assert few.exit_code == 1
    assert "rakg: few.jsonl: 1 distinct sentences" in few.stderr


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def _spans(found: Sequence[Sequence[Entity]]) -> list[list[tuple[int, int, str]]]:
    return [[(e.start, e.end, e.label) for e in entities] for entities in found]
