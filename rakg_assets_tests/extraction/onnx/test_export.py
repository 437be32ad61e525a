import json
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.artifacts import NETWORK, ModelError
from rakg_assets.extraction.ner import NerModel
from rakg_assets.extraction.ner_network import NerBatch
from rakg_assets.extraction.onnx.export import (
    check_target,
    export_ner,
    export_relation,
    relation_twin,
    torch_twin,
    torch_weights,
)
from rakg_assets.extraction.onnx.ner import load_onnx_ner
from rakg_assets.extraction.onnx.tracing import ExportError
from rakg_assets.extraction.pairs import candidate_pairs
from rakg_assets.extraction.tagging import segments
from rakg_assets_tests.extraction.conftest import TEXTS, marked
from rakg_assets_tests.extraction.onnx.tiny import (
    CONFIG,
    train_relation_release,
    train_release,
)
from rakg_assets_tests.extraction.toy_relations import SMALL, toy_documents

LABELLED = [marked(text, section) for section, text in TEXTS]


@pytest.fixture(scope="module")
def released(tiny_bert: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[NerModel, Path]:
    config = replace(CONFIG, encoder=str(tiny_bert))
    return train_release(config, LABELLED, tmp_path_factory.mktemp("released"))


def batch_of(model: NerModel, documents: list[Document]) -> NerBatch:
    return model.tensors(segments(documents, model.limit, keep_entities=False), with_tags=False)


@torch.no_grad()
def emissions(model: NerModel, documents: list[Document]) -> np.ndarray:
    batch = batch_of(model, documents)
    return model.network.eval().emissions(batch)[batch.mask].numpy()


def test_the_folder_holds_what_prediction_needs(released: tuple[NerModel, Path]) -> None:
    model, folder = released
    assert sorted(p.name for p in folder.iterdir()) == [
        "config.json",
        "crf.safetensors",
        "model.onnx",
        "vocab.json",
        "weights.json",
    ]
    assert len({p.stat().st_mode for p in folder.iterdir()}) == 1
    vocab = json.loads((folder / "vocab.json").read_text("utf-8"))
    assert vocab["labels"] == list(model.network.tags.labels)
    assert vocab["features"]["lexicon"]["symptom"] == ["晨僵", "肿痛"]


def test_nothing_large_is_left_in_float32(released: tuple[NerModel, Path]) -> None:
    tensors = onnx.load(released[1] / NETWORK).graph.initializer
    large = [t for t in tensors if np.prod(t.dims) >= 4096 and t.data_type != onnx.TensorProto.INT8]
    assert large == []


@pytest.mark.parametrize("lengths", [[1], [3, 9, 2], [5] * 7])
def test_texts_of_any_number_and_length_give_nearly_what_torch_gives(
    lengths: list[int], released: tuple[NerModel, Path]
) -> None:
    model, folder = released
    documents = [Document("", LABELLED[i % 5].text[:n]) for i, n in enumerate(lengths)]
    batch = batch_of(model, documents)
    given = {name: getattr(batch, name).numpy() for name in ("ids", "mask", "features")}
    found = load_onnx_ner(folder, 1).network(given)[given["mask"]]
    expected = emissions(model, documents)
    assert np.abs(found - expected).mean() < 0.05 * expected.std()


def test_the_twin_has_the_weights_of_the_graph(released: tuple[NerModel, Path]) -> None:
    model, folder = released
    weights, twin = torch_weights(folder), torch_twin(folder)
    state = model.network.state_dict()
    assert weights.keys() == state.keys()
    for name, value in state.items():
        assert np.allclose(weights[name], value, atol=0.01 * float(value.abs().max()) + 1e-9)
        if "classifier" in name or "crf" in name:
            assert np.array_equal(weights[name], value)
    expected = emissions(model, LABELLED)
    assert np.abs(emissions(twin, LABELLED) - expected).mean() < 0.02 * expected.std()
    assert twin.predict(LABELLED)


@pytest.mark.parametrize(
    "changes", [{}, {"bilstm": False}, {"features": False, "sections": False, "lexicon": False}]
)
def test_models_without_a_bert_can_be_released(
    changes: dict[str, bool], labelled: list[Document], tmp_path: Path
) -> None:
    model, folder = train_release(replace(CONFIG, epochs=2, **changes), labelled, tmp_path)
    expected = emissions(model, labelled)
    assert np.abs(emissions(torch_twin(folder), labelled) - expected).max() < 0.05
    assert len(load_onnx_ner(folder, 1).predict(labelled)) == len(labelled)


def test_the_model_is_left_as_it_was_and_nothing_is_said(
    released: tuple[NerModel, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model, folder = released
    model.network.encoder.backbone.set_attn_implementation("sdpa")
    before = {name: value.clone() for name, value in model.network.state_dict().items()}
    model.network.train()
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        export_ner(model, tmp_path / "again")
    assert seen == []
    assert capfd.readouterr() == ("", "")
    assert model.network.training
    assert model.network.encoder.backbone.config._attn_implementation == "sdpa"
    assert all(torch.equal(value, before[n]) for n, value in model.network.state_dict().items())
    ours, theirs = ((path / NETWORK).read_bytes() for path in (tmp_path / "again", folder))
    assert ours == theirs


def test_relations_come_back_to_torch_and_are_written_the_same_again(tmp_path: Path) -> None:
    model, folder = train_relation_release(SMALL, toy_documents(), tmp_path)
    names = {p.name for p in folder.iterdir()}
    assert names == {"config.json", "model.onnx", "vocab.json", "weights.json"}
    weights, state = torch_weights(folder), model.network.state_dict()
    assert weights.keys() == state.keys()
    for name, value in state.items():
        assert np.allclose(weights[name], value, atol=0.01 * float(value.abs().max()) + 1e-9)
    pairs = list(candidate_pairs(toy_documents(), model.reader.writer))
    with torch.no_grad():
        ours, theirs = (
            m.network(m.tensors(pairs)).softmax(-1) for m in (relation_twin(folder), model)
        )
    assert torch.allclose(ours, theirs, atol=0.05)
    export_relation(model, tmp_path / "again")
    assert (tmp_path / "again" / NETWORK).read_bytes() == (folder / NETWORK).read_bytes()


def test_the_folder_of_an_encoder_is_not_told(tiny_bert: Path, tmp_path: Path) -> None:
    config = replace(SMALL, encoder=str(tiny_bert), epochs=1)
    _, folder = train_relation_release(config, toy_documents(), tmp_path)
    written = json.loads((folder / "config.json").read_text("utf-8"))
    assert written["encoder"] == tiny_bert.name
    (folder / "thesis.docx").write_text("x")
    with pytest.raises(ExportError, match=r"holds thesis\.docx, .*name a new folder"):
        check_target(folder)


def test_a_missing_graph_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="FileNotFoundError; export the model again"):
        torch_weights(tmp_path)
