from pathlib import Path

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.ner import NerConfig
from rakg_assets.extraction.onnx.ner import load_onnx_ner
from rakg_assets.extraction.onnx.release import CARD, ReleaseData, release_ner
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
