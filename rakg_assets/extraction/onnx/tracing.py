"""A torch network as an ONNX graph, and where its parameters lie in it.

Belongs here: tracing and finding weights again, for every kind of network. Does not belong here:
folders (`export.py`) or how a graph is made smaller (`int8.py`).
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import onnx
import torch
from onnx import ModelProto, numpy_helper
from onnxruntime.quantization.onnx_model import ONNXModel
from torch import Tensor, nn

from rakg_assets.extraction.encoders.encoder import BertEncoder

_OPSET = 17
# Parameters that no output depends on, of backbones that cannot be built without them.
_UNUSED = ".pooler."

Place = Mapping[str, Any]
"""Where a parameter lies: `tensor` and `layout`, or `zeros` and its shape."""


class ExportError(RuntimeError):
    """A network that does not come through the export whole, or a folder that is not its own."""


class _Call(nn.Module):
    """A network as a graph sees it: its call takes the tensors one by one."""

    def __init__(self, network: nn.Module, call: Callable[..., Tensor]) -> None:
        super().__init__()
        self.network, self.call = network, call

    def forward(self, *tensors: Tensor) -> Tensor:
        return self.call(*tensors)


def traced(
    network: nn.Module,
    call: Callable[..., Tensor],
    example: Mapping[str, Tensor],
    output: str,
    axes: Mapping[str, tuple[str, ...]],
) -> ModelProto:
    """What `call` computes with a network, in float32: inputs as in `example`, one output.

    `axes` names the first dimensions of inputs and output, which may have any size. By tracing:
    it needs no package beside torch and gives the plainer graph.
    """
    content = io.BytesIO()
    with silence(), torch.no_grad():
        torch.onnx.export(
            _Call(network, call).eval(),
            tuple(example.values()),
            content,
            dynamo=False,
            opset_version=_OPSET,
            input_names=list(example),
            output_names=[output],
            dynamic_axes={name: dict(enumerate(names)) for name, names in axes.items()},
        )
    graph = ONNXModel(onnx.load_from_string(content.getvalue()))
    # Quantising would do so too, and give weights other names.
    graph.replace_gemm_with_matmul()
    graph.clean_initializers()
    return graph.model


@contextmanager
def at_rest(network: nn.Module) -> Iterator[None]:
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
def silence() -> Iterator[None]:
    """Keep remarks on what tracing and quantising cannot know off the terminal; tests know."""
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


def places_of(graph: ModelProto, weights: Mapping[str, np.ndarray]) -> dict[str, Place]:
    """For each parameter its tensor in the graph and how it lies there, found by content.

    Raises `ExportError` where one is missing.
    """
    tensors = {t.name: numpy_helper.to_array(t) for t in graph.graph.initializer}
    floats = {n: t for n, t in tensors.items() if t.dtype == np.float32 and t.ndim}
    places: dict[str, Place] = {}
    for name, weight in weights.items():
        if place := _place(floats, weight):
            places[name] = place
        elif _UNUSED in name or not weight.any():  # zeros are folded away
            places[name] = {"zeros": list(weight.shape)}
        else:
            raise ExportError(
                f"parameter {name} is not in the exported graph; its network cannot be released"
            )
    return places


def weight_at(place: Place, tensors: Mapping[str, np.ndarray]) -> np.ndarray:
    """The parameter at a place, of the tensors of a graph by name."""
    if "zeros" in place:
        return np.zeros(place["zeros"], dtype=np.float32)
    return np.ascontiguousarray(_LAYOUTS[place["layout"]](tensors[place["tensor"]]))


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
