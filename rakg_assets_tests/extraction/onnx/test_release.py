import json
from pathlib import Path

import pytest

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.artifacts import METRICS
from rakg_assets.extraction.ner import NerConfig
from rakg_assets.extraction.onnx.export import CARD
from rakg_assets.extraction.onnx.ner import load_onnx_ner
from rakg_assets.extraction.onnx.release import ReleaseData, release_ner
from rakg_assets.extraction.onnx.tracing import ExportError
from rakg_assets_tests.extraction.conftest import marked


def test_a_model_is_trained_measured_and_written(
    labelled: list[Document], tiny_bert: Path, tmp_path: Path
) -> None:
    config = NerConfig(
        encoder=str(tiny_bert),
        epochs=30,
        learning_rate=1e-2,
        encoder_learning_rate=1e-3,
        dropout=0.0,
        exchange=0.0,
        threads=1,
        device="cpu",
        lexicon=False,
    )
    unlabelled = [marked("双手肿痛3年，伴晨僵。", "主诉", "U1")]
    data = ReleaseData(labelled, labelled, labelled, unlabelled)
    figures = release_ner(data, config, tmp_path / "out", tmp_path / "working", base="tiny")
    assert figures["float32"]["test"]["overall"]["f1"] > 80
    model = load_onnx_ner(tmp_path / "out")
    assert [len(found) for found in model.predict(labelled)] != [0] * len(labelled)
    card = (tmp_path / "out" / CARD).read_text("utf-8")
    assert f"{figures['int8']['test']['overall']['f1']:.2f}" in card
    assert "fine-tuned from: tiny" in card
    assert (tmp_path / "working" / "teacher").is_dir()
    metrics = json.loads((tmp_path / "out" / METRICS).read_text("utf-8"))
    assert metrics["int8"] == figures["int8"]
    config = json.loads((tmp_path / "out" / "config.json").read_text("utf-8"))
    assert config["encoder"] == tiny_bert.name


def test_a_folder_with_other_files_is_not_written_over(
    labelled: list[Document], tmp_path: Path
) -> None:
    (tmp_path / "thesis.docx").write_text("x")
    data = ReleaseData(labelled, labelled, labelled)
    with pytest.raises(ExportError, match=r"holds thesis\.docx, .*name a new folder"):
        release_ner(data, NerConfig(), tmp_path, tmp_path / "working")
