import logging
import warnings
from collections.abc import Mapping

import numpy as np
import pytest
import torch
from onnx import ModelProto
from torch import Tensor, nn

from rakg_assets.extraction.onnx.int8 import dequantised
from rakg_assets.extraction.onnx.tracing import (
    ExportError,
    at_rest,
    places_of,
    silence,
    traced,
    weight_at,
)


class Tiny(nn.Module):
    """An LSTM and a layer; one parameter has no part in what they compute."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.encoder = nn.LSTM(4, 8, batch_first=True)
        self.layer = nn.Linear(8, 2)

    def read(self, vectors: Tensor) -> Tensor:
        return self.layer(self.encoder(vectors)[0])


def graph_of(network: Tiny) -> ModelProto:
    axes = dict.fromkeys(("vectors", "out"), ("batch", "length"))
    return traced(network, network.read, {"vectors": torch.ones(2, 3, 4)}, "out", axes)


def weights_of(network: nn.Module) -> Mapping[str, np.ndarray]:
    return {name: value.numpy() for name, value in network.state_dict().items()}


def test_every_parameter_is_found_again_whatever_its_layout() -> None:
    network = Tiny().eval()
    graph, weights = graph_of(network), weights_of(network)
    tensors, places = dequantised(graph), places_of(graph, weights)
    assert {place["layout"] for place in places.values()} > {"gates", "input_bias", "hidden_bias"}
    for name, weight in weights.items():
        assert np.array_equal(weight_at(places[name], tensors), weight)
    assert [tensor.name for tensor in graph.graph.input] == ["vectors"]


def test_parameters_of_zeros_come_back_as_zeros() -> None:
    network = Tiny().eval()
    nn.init.zeros_(network.layer.bias)
    graph, zeros = graph_of(network), {"layer.pad": np.zeros((3, 2), dtype=np.float32)}
    places = places_of(graph, zeros)
    assert places == {"layer.pad": {"zeros": [3, 2]}}
    assert np.array_equal(weight_at(places["layer.pad"], {}), zeros["layer.pad"])


def test_a_parameter_that_is_not_in_the_graph_is_named() -> None:
    network = Tiny().eval()
    weights = {**weights_of(network), "layer.lost": np.ones(7, dtype=np.float32)}
    with pytest.raises(ExportError, match=r"parameter layer\.lost is not in the exported graph"):
        places_of(graph_of(network), weights)


def test_a_network_is_at_rest_only_for_a_while() -> None:
    network = Tiny().train()
    with at_rest(network):
        assert not network.training
    assert network.training


def test_nothing_is_said_in_silence_and_all_is_said_after(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = logging.getLogger("some")
    with silence():
        warnings.warn("unheard", stacklevel=1)
        log.warning("unheard")
    log.warning("heard")
    assert caplog.messages == ["heard"]
