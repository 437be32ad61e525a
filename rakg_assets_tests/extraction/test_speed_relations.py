"""Sentences, the plain classifier, the clock and the table of `make bench-relations`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
import typer
from typer.testing import CliRunner

from rakg_assets.cli_speed import bench_relations
from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.encoders.encoder import BertEncoder, load_encoder
from rakg_assets.extraction.marking import Writer
from rakg_assets.extraction.pairs import candidate_pairs
from rakg_assets.extraction.speed.relations import (
    measure,
    plain_classifiers,
    sentences_with_pairs,
    text_classifier,
)
from rakg_assets.extraction.speed.relations_report import relation_speed_table
from rakg_assets_tests.conftest import SAMPLE
from rakg_assets_tests.extraction.onnx.tiny import train_relation_release
from rakg_assets_tests.extraction.toy_relations import SMALL, toy_documents

WRITER = Writer(56)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "false")  # a pipeline would set it for good


@pytest.fixture
def encoder(tiny_bert: Path) -> BertEncoder:
    return load_encoder(str(tiny_bert)).eval()


def texts_of(documents: Sequence[Document]) -> list[str]:
    return [pair.marked.text for pair in candidate_pairs(documents, WRITER)]


def test_sentences_have_pairs_and_are_a_stable_choice() -> None:
    chosen, more = (sentences_with_pairs(SAMPLE, WRITER, count) for count in (10, 20))
    assert len({d.text for d in chosen}) == 10
    assert [d for d in more if d in chosen] == chosen
    assert all(any(candidate_pairs([d], WRITER)) for d in more)
    assert all(d.text[e.start : e.end] == e.text for d in more for e in d.entities)


def test_the_plain_classifier_reads_the_same_pieces_with_the_same_weights(
    encoder: BertEncoder,
) -> None:
    texts = texts_of(toy_documents())
    classifier = text_classifier(encoder, texts)
    read = classifier.tokenizer(texts[0], return_tensors="pt")
    special = encoder.characters
    ids = [special.first, *encoder.ids(texts[0]), special.last]
    assert read["input_ids"].tolist() == [ids]
    with torch.inference_mode():
        hidden = classifier.model.base_model(**read).last_hidden_state[0, 1:-1]
        mask = torch.ones(1, len(texts[0]), dtype=torch.bool)
        ours = encoder(torch.tensor([ids[1:-1]]), mask).characters[0]
    assert torch.allclose(hidden, ours, atol=1e-5)


def test_every_way_to_call_it_gives_the_same(encoder: BertEncoder) -> None:
    documents = toy_documents()
    ways = plain_classifiers(encoder, WRITER, documents)
    assert len(ways) == 3
    found = [way.predict(documents) for way in ways.values()]
    assert len(found[0]) == len(texts_of(documents))
    for other in found[1:]:
        assert [f["label"] for f in other] == [f["label"] for f in found[0]]
        scores = [[f["score"] for f in some] for some in (other, found[0])]
        assert scores[0] == pytest.approx(scores[1], abs=1e-5)


def test_the_best_of_rounds_in_turn_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    now, calls = [0.0], []
    monkeypatch.setattr("time.perf_counter", lambda: now[0])

    class Waiter:
        def __init__(self, title: str, waits: list[float]) -> None:
            self.title, self.waits = title, waits

        def predict(self, documents: Sequence[Document]) -> list[None]:
            calls.append((self.title, len(documents)))
            now[0] += self.waits.pop(0)
            return []

    contenders = {"slow": Waiter("slow", [9, 5, 6]), "fast": Waiter("fast", [9, 3, 2])}
    speeds = measure(contenders, toy_documents(), rounds=2)
    assert [(s.title, s.seconds) for s in speeds] == [("slow", 5), ("fast", 2)]
    assert calls == [("slow", 8), ("fast", 8), *[("slow", 18), ("fast", 18)] * 2]


def test_the_table_holds_all_ways_and_what_packing_brings(tiny_bert: Path, tmp_path: Path) -> None:
    _, released = train_relation_release(SMALL, toy_documents(), tmp_path)
    table = relation_speed_table(tiny_bert, released, SAMPLE, 10, threads=1, rounds=1)
    head, _, *rows, _, sentence = table.splitlines()
    assert re.search(r"\d+ pairs in 10 sentences, \d+ characters, 1 CPU threads", head)
    titles = [row.strip("|").split("|")[0].strip() for row in rows]
    assert titles[:3] == [
        "rakg, the model that ships (int8 BiLSTM)",
        "rakg, packed",
        "rakg, one pass a pair",
    ]
    assert len(titles) == 6
    assert rows[1].strip("|").split("|")[3].strip() == "1.0×"
    assert re.match(r"Packed pairs are [\d.]+ times as fast as one pass a pair", sentence)


def test_the_command_takes_folders_sentences_and_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = lambda *given: " ".join(getattr(g, "name", str(g)) for g in given)  # noqa: E731
    monkeypatch.setattr("rakg_assets.extraction.speed.relations_report.relation_speed_table", said)
    app = typer.Typer()
    app.command()(bench_relations)
    run = CliRunner().invoke
    given = ["--encoder", str(tmp_path), "--sentences", "9", "--threads", "3"]
    assert run(app, given).stdout == f"{tmp_path.name} relation records 9 3\n"
    assert run(app, []).stdout == "encoder relation records 120 None\n"
    assert run(app, ["--sentences", "1"]).exit_code == 2
