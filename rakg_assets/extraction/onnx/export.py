"""A trained model as a small folder for ONNX Runtime, and the way back to torch.

    model.onnx        the network up to its scores (entities: the emissions), weights as int8
    crf.safetensors   of entities: scores of starts, transitions and ends, illegal ones impossible
    weights.json      which tensor of model.onnx is which parameter of the torch model
    config.json, vocab.json, metrics.json   as in the folder of the torch model

Belongs here: writing this folder, and its weights for torch. Does not belong here: how a graph
is made (`tracing.py`) and made smaller (`int8.py`), or prediction (`ner.py`, `relation.py`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import onnx
import torch
from onnx import ModelProto
from safetensors.numpy import save, save_file
from torch import nn

from rakg_assets.extraction.artifacts import (
    CRF,
    METRICS,
    NETWORK,
    WEIGHTS,
    ModelError,
    read_part,
    write_json,
)
from rakg_assets.extraction.ner import NerModel, load_ner
from rakg_assets.extraction.ner_network import NerBatch, NerNetwork
from rakg_assets.extraction.onnx.crf import SCORES, read_scores
from rakg_assets.extraction.onnx.int8 import dequantised, quantise
from rakg_assets.extraction.onnx.tracing import (
    ExportError,
    at_rest,
    places_of,
    silence,
    traced,
    weight_at,
)
from rakg_assets.extraction.relation import RelationModel, load_relation
from rakg_assets.extraction.relation_network import RelationNetwork
from rakg_assets.extraction.relation_reading import (
    BETWEEN,
    HEAD,
    LEFT,
    MOST_LABELS,
    RIGHT,
    TAIL,
)
from rakg_assets.ontology.files import others_in, write_folder

Model = TypeVar("Model", NerModel, RelationModel)

CARD = "README.md"
_CONFIG, _VOCAB, _PLACES = "config", "vocab", "weights"
_OURS = {NETWORK, CRF, METRICS, CARD, *(f"{part}.json" for part in (_CONFIG, _VOCAB, _PLACES))}
_CRF = "crf."
# The last layers: small, and all depends on them.
_EXACT = "classifier."


def export_ner(model: NerModel, folder: Path) -> None:
    """Write the release folder of a model. Raises `ExportError`; the model is left as it was."""
    network = model.network
    with at_rest(network):
        graph = _emissions_graph(network, len(model.featurizer.columns))
        network.crf.constrain()
        weights = _weights(network)
    scores = {part: weights[f"{_CRF}{name}"] for part, name in SCORES.items()}
    learnt = {name: value for name, value in weights.items() if not name.startswith(_CRF)}
    _write(folder, graph, learnt, model, {CRF: save(scores)})


def export_relation(model: RelationModel, folder: Path) -> None:
    """Write the release folder of a model. Raises `ExportError`; the model is left as it was."""
    if not isinstance(model.network, RelationNetwork):
        raise ExportError(
            f"relations by {model.config.network} cannot be written for ONNX Runtime; "
            "train one with the network ffnn"
        )
    with at_rest(model.network):
        graph, weights = _scores_graph(model.network), _weights(model.network)
    _write(folder, graph, weights, model)


def check_target(folder: Path) -> None:
    """Raise `ExportError` if `folder` holds what is no release's: writing would remove it."""
    if others := others_in(folder, _OURS):
        raise ExportError(f"{folder}: holds {others[0]}, which is no release's; name a new folder")


def torch_weights(folder: Path) -> dict[str, np.ndarray]:
    """The weights of a release folder by the names of the torch parameters, as float32."""
    tensors = dequantised(_read_graph(folder / NETWORK))
    places = read_part(folder, _PLACES)
    weights = {name: weight_at(place, tensors) for name, place in places.items()}
    if (folder / CRF).is_file():
        scores = read_scores(folder)
        weights |= {f"{_CRF}{name}": getattr(scores, part) for part, name in SCORES.items()}
    return weights


def torch_twin(folder: Path) -> NerModel:
    """A torch model of entities on the CPU with the weights of a release folder."""
    return _twin(folder, load_ner)


def relation_twin(folder: Path) -> RelationModel:
    """A torch model of relations on the CPU with the weights of a release folder."""
    return _twin(folder, load_relation)


def _twin(folder: Path, load: Callable[[Path, str], Model]) -> Model:
    with tempfile.TemporaryDirectory() as plain:
        for part in (_CONFIG, _VOCAB):
            write_json(Path(plain) / f"{part}.json", read_part(folder, part))
        save_file(torch_weights(folder), Path(plain) / WEIGHTS)
        return load(Path(plain), "cpu")


def _emissions_graph(network: NerNetwork, columns: int) -> ModelProto:
    mask = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])
    example = {
        "ids": mask.long(),
        "mask": mask,
        "features": torch.ones(2, 5, columns, dtype=torch.long),
    }
    axes = dict.fromkeys((*example, "emissions"), ("batch", "length"))
    return traced(network, lambda *t: network.emissions(NerBatch(*t)), example, "emissions", axes)


def _scores_graph(network: RelationNetwork) -> ModelProto:
    roles = torch.tensor([[LEFT, HEAD, BETWEEN, TAIL, RIGHT], [TAIL, BETWEEN, HEAD, 0, 0]])
    example = {
        "ids": (roles != 0).long(),
        "roles": roles,
        "facts": torch.ones(2, len(network.facts), dtype=torch.long),
        "allowed": torch.tensor([[True] * MOST_LABELS] * 2),
    }
    axes = dict.fromkeys(("ids", "roles"), ("batch", "length"))
    axes |= dict.fromkeys(("facts", "allowed", "scores"), ("batch",))
    return traced(network, network.scores, example, "scores", axes)


def _weights(network: nn.Module) -> dict[str, np.ndarray]:
    return {name: tensor.numpy().copy() for name, tensor in network.state_dict().items()}


def _write(
    folder: Path,
    graph: ModelProto,
    weights: Mapping[str, np.ndarray],
    model: NerModel | RelationModel,
    more: Mapping[str, bytes] = MappingProxyType({}),
) -> None:
    """Write a model's graph as int8, where its weights lie in it, and further files by name."""
    places = places_of(graph, weights)
    parts = {_CONFIG: _portable(model.config.to_json()), _VOCAB: model.vocab(), _PLACES: places}
    exact = {place["tensor"] for name, place in places.items() if name.startswith(_EXACT)}

    def fill(fresh: Path) -> None:
        with silence():
            onnx.save(quantise(graph, exact), fresh / NETWORK)
        for name, content in more.items():
            (fresh / name).write_bytes(content)
        for name, value in parts.items():
            write_json(fresh / f"{name}.json", value)

    write_folder(folder, fill)


def _portable(config: dict[str, Any]) -> dict[str, Any]:
    """The encoder by its folder's own name: paths differ between machines, and tell of them."""
    path = Path(config["encoder"] or "")
    is_folder = path.is_absolute() or (path / "config.json").is_file()
    return {**config, "encoder": path.name} if is_folder else config


def _read_graph(path: Path) -> ModelProto:
    try:
        return onnx.load(path)
    except OSError as error:
        reason = type(error).__name__
        raise ModelError(f"{path}: {reason}; export the model again") from error
