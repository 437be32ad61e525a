import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.artifacts import METRICS
from rakg_assets.extraction.ner import NerConfig
from rakg_assets.extraction.onnx.export import CARD
from rakg_assets.extraction.onnx.relation import load_onnx_relation
from rakg_assets.extraction.onnx.relation_release import found_sentences, release_relation
from rakg_assets.extraction.onnx.release import ReleaseData
from rakg_assets.extraction.onnx.tracing import ExportError
from rakg_assets_tests.extraction.fakes import WORDS, FakeNer
from rakg_assets_tests.extraction.toy_relations import LEARNER, toy_documents

TOY = toy_documents()
DATA = ReleaseData(TOY, TOY, TOY, origin="toys")


class Forgetful(FakeNer):
    """Finds the entities of the toy, but for those of its last records."""

    def predict(self, documents: Sequence[Document]) -> list[list[Entity]]:
        known = {d.text: list(d.entities) for d in TOY[:12]}
        return [known.get(d.text, []) for d in documents]


def test_a_model_is_trained_measured_and_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    config = replace(LEARNER, seed=3)
    figures = release_relation(DATA, config, out, tmp_path / "working", Forgetful(), WORDS)
    between_gold, between_found = (
        figures["int8"][k]["test"]["overall"] for k in ("gold", "predicted")
    )
    assert between_gold["f1"] == 100
    assert 0 < between_found["recall"] < 100
    assert figures["float32"]["gold"]["test"]["overall"] == between_gold
    trust = figures["int8"]["predicted"]["test"]["trust"]
    assert 0.9 < trust["mean_score"] <= trust["share_right"] == 1
    assert 0 <= trust["calibration_error"] < 0.1
    assert len(load_onnx_relation(out, 1).predict(TOY)) == len(TOY)
    card = (out / CARD).read_text("utf-8")
    assert f"| test | predicted | {between_found['f1']:.2f} | {between_found['f1']:.2f} |" in card
    assert "BiLSTM over characters" in card
    assert f"{len(TOY)} toys" in card
    assert "Seed: 3" in card
    assert json.loads((out / METRICS).read_text("utf-8")) == figures


def test_what_searchers_find_in_records_they_do_not_know_is_learnt_too(tmp_path: Path) -> None:
    tiny = NerConfig(epochs=1, hidden_size=8, character_size=8, features=False, lexicon=False)
    working, searchers = tmp_path / "working", [tiny, replace(tiny, seed=1)]
    found = found_sentences(DATA, searchers, working, WORDS)
    assert found
    trained = [working / f"searcher-{fold}" / METRICS for fold in range(2)]
    before = [path.stat().st_mtime_ns for path in trained]

    config = replace(LEARNER, epochs=1)
    out = tmp_path / "out"
    figures = release_relation(DATA, config, out, working, FakeNer(), WORDS, None, searchers)
    assert [path.stat().st_mtime_ns for path in trained] == before
    assert figures["found_sentences"] == len(found)
    assert f"and from {len(found)} sentences" in (out / CARD).read_text("utf-8")


def test_a_folder_with_other_files_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("x")
    with pytest.raises(ExportError, match=r"holds thesis\.docx, .*name a new folder"):
        release_relation(DATA, LEARNER, tmp_path, tmp_path / "working", FakeNer(), WORDS)
    assert not (tmp_path / "working").exists()
