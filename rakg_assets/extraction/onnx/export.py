"""A trained NER model as a small folder for ONNX Runtime, and the way back to torch.

    model.onnx        the network up to the emissions, weights as int8
    crf.safetensors   scores of starts, transitions and ends, the illegal ones impossible
    weights.json      which tensor of model.onnx is which parameter of the torch model
    config.json, vocab.json, metrics.json   as in the folder of the torch model

Belongs here: writing this folder, and its weights for torch. Does not belong here: how a graph
is made smaller (`int8.py`) or prediction (`ner.py`).
"""

from __future__ import annotations

import io
import logging
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import ModelProto, numpy_helper
from safetensors.numpy import save, save_file
from torch import Tensor, nn

from rakg_assets.extraction.artifacts import (
    CRF,
    METRICS,
    NETWORK,
    WEIGHTS,
    ModelError,
    read_part,
    write_json,
)
from rakg_assets.extraction.encoders.encoder import BertEncoder
from rakg_assets.extraction.ner import NerModel, load_ner
from rakg_assets.extraction.ner_network import NerBatch, NerNetwork
from rakg_assets.extraction.onnx.crf import SCORES, read_scores
from rakg_assets.extraction.onnx.int8 import dequantised, quantise
from rakg_assets.ontology.files import others_in, write_folder

INPUTS, OUTPUT = ("ids", "mask", "features"), "emissions"
_OPSET = 17
_CONFIG, _VOCAB, _PLACES = "config", "vocab", "weights"
CARD = "README.md"
_OURS = {NETWORK, CRF, METRICS, CARD, *(f"{part}.json" for part in (_CONFIG, _VOCAB, _PLACES))}
# Parameters that no emission depends on, of backbones that cannot be built without them.
_UNUSED = ".pooler."
# Small, and all depends on it.
_EXACT = {"classifier.weight"}


class ExportError(RuntimeError):
    """A network that does not come through the export whole, or a folder that is not its own."""


def export_ner(model: NerModel, folder: Path) -> None:
    """Write the release folder of a model. Raises `ExportError`; the model is left as it was."""
    network = model.network
    with _at_rest(network):
        graph = _graph(network, len(model.featurizer.columns))
        network.crf.constrain()
        weights = {name: t.numpy().copy() for name, t in network.state_dict().items()}
    places = _places(graph, weights)
    parts = {_CONFIG: _portable(model.config.to_json()), _VOCAB: model.vocab(), _PLACES: places}
    exact = {places[name]["tensor"] for name in places if name in _EXACT}

    def fill(fresh: Path) -> None:
        with _silence():
            onnx.save(quantise(graph, exact), fresh / NETWORK)
        scores = {part: weights[f"crf.{name}"] for part, name in SCORES.items()}
        (fresh / CRF).write_bytes(save(scores))
        for name, value in parts.items():
            write_json(fresh / f"{name}.json", value)

    write_folder(folder, fill)


def check_target(folder: Path) -> None:
    """Raise `ExportError` if `folder` holds what is no release's: writing would remove it."""
    if others := others_in(folder, _OURS):
        raise ExportError(f"{folder}: holds {others[0]}, which is no release's; name a new folder")


def _portable(config: dict[str, Any]) -> dict[str, Any]:
    """The encoder by its folder's own name: paths differ between machines, and tell of them."""
    path = Path(config["encoder"] or "")
    is_folder = path.is_absolute() or (path / "config.json").is_file()
    return {**config, "encoder": path.name} if is_folder else config


def torch_weights(folder: Path) -> dict[str, np.ndarray]:
    """The weights of a release folder by the names of the torch parameters, as float32."""
    tensors = dequantised(_read_graph(folder / NETWORK))
    weights = {}
    for name, place in read_part(folder, _PLACES).items():
        if "zeros" in place:
            weights[name] = np.zeros(place["zeros"], dtype=np.float32)
        else:
            found = _LAYOUTS[place["layout"]](tensors[place["tensor"]])
            weights[name] = np.ascontiguousarray(found)
    scores = read_scores(folder)
    return weights | {f"crf.{name}": getattr(scores, part) for part, name in SCORES.items()}


def torch_twin(folder: Path) -> NerModel:
    """A torch model on the CPU with the weights of a release folder."""
    with tempfile.TemporaryDirectory() as plain:
        for part in (_CONFIG, _VOCAB):
            write_json(Path(plain) / f"{part}.json", read_part(folder, part))
        save_file(torch_weights(folder), Path(plain) / WEIGHTS)
        return load_ner(Path(plain), "cpu")


def _read_graph(path: Path) -> ModelProto:
    try:
        return onnx.load(path)
    except OSError as error:
        reason = type(error).__name__
        raise ModelError(f"{path}: {reason}; export the model again") from error


class _Emissions(nn.Module):
    """The network as a graph sees it: three tensors in, one out."""

    def __init__(self, network: NerNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, mask: Tensor, features: Tensor) -> Tensor:
        return self.network.emissions(NerBatch(ids, mask, features))


def _graph(network: NerNetwork, columns: int) -> ModelProto:
    """The network in float32, for any number and length of texts.

    By tracing: it needs no package beside torch and gives the plainer graph.
    """
    mask = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])
    example = (mask.long(), mask, torch.ones(2, 5, columns, dtype=torch.long))
    content = io.BytesIO()
    with _silence(), torch.no_grad():
        torch.onnx.export(
            _Emissions(network).eval(),
            example,
            content,
            dynamo=False,
            opset_version=_OPSET,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in (*INPUTS, OUTPUT)},
        )
    return onnx.load_from_string(content.getvalue())


@contextmanager
def _at_rest(network: NerNetwork) -> Iterator[None]:
    """On the CPU, in eval mode and with plain attention; afterwards as before."""
    device, training = next(network.parameters()).device, network.training
    with ExitStack() as after:
        after.callback(lambda: network.to(device).train(training))
        if isinstance(network.encoder, BertEncoder):
            backbone = network.encoder.backbone
            before = backbone.config._attn_implementation
            after.callback(backbone.set_attn_implementation, before)
            backbone.set_attn_implementation("eager")
        network.cpu().eval()
        yield


@contextmanager
def _silence() -> Iterator[None]:
    """Keep remarks on what tracing and quantising cannot know off the terminal; tests know."""
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


def _gates(rows: np.ndarray) -> np.ndarray:
    """Gates of an LSTM from ONNX's order (input, output, forget, cell) to torch's."""
    entry, exit_, forget, cell = np.split(rows, 4)
    return np.concatenate([entry, forget, cell, exit_])


# From a tensor of the graph to a parameter of torch.
_LAYOUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "plain": lambda tensor: tensor,
    "transposed": lambda tensor: tensor.T,
    "gates": lambda tensor: _gates(tensor[0]),
    "input_bias": lambda tensor: _gates(np.split(tensor[0], 2)[0]),
    "hidden_bias": lambda tensor: _gates(np.split(tensor[0], 2)[1]),
}


def _places(graph: ModelProto, weights: Mapping[str, np.ndarray]) -> dict[str, dict[str, Any]]:
    """For each parameter its tensor in the graph and how it lies there, found by content."""
    tensors = {t.name: numpy_helper.to_array(t) for t in graph.graph.initializer}
    floats = {n: t for n, t in tensors.items() if t.dtype == np.float32 and t.ndim}
    places: dict[str, dict[str, Any]] = {}
    for name, weight in weights.items():
        if name.startswith("crf."):
            continue
        if place := _place(floats, weight):
            places[name] = place
        elif _UNUSED in name or not weight.any():  # zeros are folded away
            places[name] = {"zeros": list(weight.shape)}
        else:
            raise ExportError(
                f"parameter {name} is not in the exported graph; its network cannot be released"
            )
    return places


def _place(tensors: Mapping[str, np.ndarray], weight: np.ndarray) -> dict[str, str] | None:
    for name, tensor in tensors.items():
        for layout in _fitting(tensor, weight):
            if np.array_equal(_LAYOUTS[layout](tensor), weight):
                return {"tensor": name, "layout": layout}
    return None


def _fitting(tensor: np.ndarray, weight: np.ndarray) -> Iterator[str]:
    """Layouts in which a tensor has the shape of a parameter."""
    if tensor.shape == weight.shape:
        yield "plain"
    if tensor.ndim == 2 and tensor.T.shape == weight.shape:
        yield "transposed"
    if tensor.shape == (1, *weight.shape) and not len(weight) % 4:
        yield "gates"
    if weight.ndim == 1 and tensor.shape == (1, 2 * len(weight)) and not len(weight) % 4:
        yield from ("input_bias", "hidden_bias")
