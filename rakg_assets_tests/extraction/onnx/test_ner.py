import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.artifacts import NETWORK, ModelError, model_version
from rakg_assets.extraction.inference import Extractor
from rakg_assets.extraction.ner import NerModel
from rakg_assets.extraction.onnx.ner import OnnxNer, load_onnx_ner
from rakg_assets_tests.extraction.conftest import TEXTS, marked
from rakg_assets_tests.extraction.onnx.tiny import CONFIG, train_release

LABELLED = [marked(text, section) for section, text in TEXTS]
_WITHOUT_TORCH = """
import sys
from pathlib import Path
from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.onnx.ner import load_onnx_ner
assert load_onnx_ner(Path(sys.argv[1]), 1).predict([Document("", "双手肿痛3年")])[0]
assert not {"torch", "transformers", "onnx"} & sys.modules.keys()
"""


@pytest.fixture(scope="module")
def released(tiny_bert: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[NerModel, Path]:
    config = replace(CONFIG, encoder=str(tiny_bert))
    return train_release(config, LABELLED, tmp_path_factory.mktemp("released"))


@pytest.fixture(scope="module")
def model(released: tuple[NerModel, Path]) -> OnnxNer:
    return load_onnx_ner(released[1], 1)


def labels(document: Document) -> list[str]:
    found = [""] * len(document.text)
    for entity in document.entities:
        found[entity.start : entity.end] = [entity.label] * (entity.end - entity.start)
    return found


def test_it_reads_as_the_torch_model_does(released: tuple[NerModel, Path], model: OnnxNer) -> None:
    ours, theirs = model.annotate(LABELLED), released[0].annotate(LABELLED)
    pairs = [
        pair
        for a, b in zip(ours, theirs, strict=True)
        for pair in zip(labels(a), labels(b), strict=True)
    ]
    assert sum(a == b for a, b in pairs) >= 0.97 * len(pairs)
    assert any(document.entities for document in ours)
    for document in ours:
        assert all(document.text[e.start : e.end] == e.text for e in document.entities)
        assert all(0 < e.score <= 1 for e in document.entities)


def test_the_same_texts_read_the_same_again(
    released: tuple[NerModel, Path], model: OnnxNer
) -> None:
    assert model.predict(LABELLED) == load_onnx_ner(released[1], 1).predict(LABELLED)


def test_long_texts_are_cut_and_empty_ones_are_no_problem(model: OnnxNer) -> None:
    text = LABELLED[0].text
    (found, none) = model.predict([Document("", text * 12), Document("", "")])
    assert model.limit == 60
    assert none == []
    assert found == sorted(found, key=lambda e: e.start)
    assert found[-1].end > 11 * len(text)


def test_it_needs_no_torch(released: tuple[NerModel, Path]) -> None:
    command = [sys.executable, "-c", _WITHOUT_TORCH, str(released[1])]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_version_is_that_of_the_folder(released: tuple[NerModel, Path], model: OnnxNer) -> None:
    assert model.version == model_version(released[1])


def test_an_extractor_takes_the_released_network(
    released: tuple[NerModel, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rakg_assets.extraction.inference._relation", lambda folder: None)

    class OneFolder:
        def folder(self, kind: str) -> Path:
            return released[1] if kind == "ner" else released[1].parent / "torch"

    words = Path(__file__).parents[3] / "dictionaries"
    extractor = Extractor.load(OneFolder(), words)  # type: ignore[arg-type]
    assert isinstance(extractor.ner, OnnxNer)


def test_a_damaged_folder_says_what_to_do(released: tuple[NerModel, Path], tmp_path: Path) -> None:
    shutil.copytree(released[1], tmp_path / "m")
    (tmp_path / "m" / NETWORK).write_bytes(b"broken")
    with pytest.raises(ModelError, match="export the model again"):
        load_onnx_ner(tmp_path / "m")
