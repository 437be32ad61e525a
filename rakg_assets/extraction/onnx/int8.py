"""An ONNX graph with its weights as int8, a scale for each row or column, and back again.

Products are quantised with their inputs, by ONNX Runtime. Embeddings and LSTMs keep their
arithmetic and only store int8: next to nothing in time, and closer to what was trained. Does not
belong here: where a graph comes from (`export.py`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

import numpy as np
import onnx
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

# The suffixes that ONNX Runtime gives too.
_INT8, _SCALE = "_quantized", "_scale"
# Less is not worth a node.
_FEWEST_VALUES = 1_024


def quantise(model: ModelProto, exact: Set[str]) -> ModelProto:
    """The same graph in int8; the tensors named in `exact` stay as they are."""
    kept = [n.name for n in model.graph.node if n.op_type == "MatMul" and exact & set(n.input)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        quantize_dynamic(
            model,
            path,
            op_types_to_quantize=["MatMul"],
            nodes_to_exclude=kept,
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
        smaller = onnx.load(path)
    _store_as_int8(smaller.graph)
    onnx.checker.check_model(smaller)
    return smaller


def dequantised(model: ModelProto) -> dict[str, np.ndarray]:
    """All tensors of a graph by the names they had before `quantise`, as they are computed with."""
    tensors = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    for name in [n for n in tensors if n.endswith(_INT8)]:
        bare = name.removesuffix(_INT8)
        tensors[bare] = tensors[name].astype(np.float32) * tensors[bare + _SCALE]
    return tensors


def _store_as_int8(graph: GraphProto) -> None:
    """Tables of Gather and weights of LSTM as int8, turned to float32 where they are read."""
    tensors = {t.name: t for t in graph.initializer}
    nodes: list[NodeProto] = []
    stored: set[str] = set()
    for node in graph.node:
        names = [n for n in _weights(node) if n in tensors and _worth_it(tensors[n])]
        stored.update(names)
        if node.op_type == "Gather" and names:
            nodes += _gathered(node)
        else:
            nodes += [part for name in names for part in _unpacked(name, node.name)]
            nodes.append(_reading(node, names))
    del graph.node[:]
    graph.node.extend(nodes)
    for name in sorted(stored):
        graph.initializer.remove(tensors[name])
        graph.initializer.extend(_packed(name, numpy_helper.to_array(tensors[name])))


def _weights(node: NodeProto) -> list[str]:
    """The inputs of a node that are only to be stored as int8."""
    inputs = {"Gather": slice(0, 1), "LSTM": slice(1, 3)}
    return list(node.input)[inputs[node.op_type]] if node.op_type in inputs else []


def _worth_it(tensor: TensorProto) -> bool:
    floats = tensor.data_type == TensorProto.FLOAT
    return floats and len(tensor.dims) > 1 and np.prod(tensor.dims) >= _FEWEST_VALUES


def _packed(name: str, values: np.ndarray) -> Iterator[TensorProto]:
    """int8 and one scale for each row, in the shape that multiplies."""
    scale = np.abs(values).max(-1, keepdims=True) / 127
    scale = np.where(scale == 0, 1, scale).astype(np.float32)
    yield numpy_helper.from_array(np.rint(values / scale).astype(np.int8), name + _INT8)
    yield numpy_helper.from_array(scale, name + _SCALE)


def _gathered(node: NodeProto) -> Iterator[NodeProto]:
    """The rows wanted, then their scales: the table itself never becomes float32."""
    table, places = node.input
    rows, scales, floats = (f"{node.output[0]}/{part}" for part in ("rows", "scales", "floats"))
    yield helper.make_node("Gather", [table + _INT8, places], [rows], rows, axis=0)
    yield helper.make_node("Gather", [table + _SCALE, places], [scales], scales, axis=0)
    yield helper.make_node("Cast", [rows], [floats], floats, to=TensorProto.FLOAT)
    yield helper.make_node("Mul", [floats, scales], [node.output[0]], node.name)


def _unpacked(name: str, reader: str) -> Iterator[NodeProto]:
    """Constant nodes: ONNX Runtime computes them once, as it loads."""
    floats, weight = f"{reader}/{name}/floats", _local(name, reader)
    yield helper.make_node("Cast", [name + _INT8], [floats], floats, to=TensorProto.FLOAT)
    yield helper.make_node("Mul", [floats, name + _SCALE], [weight], weight)


def _reading(node: NodeProto, names: Iterable[str]) -> NodeProto:
    """The node with its weights taken from `_unpacked`."""
    local = {name: _local(name, node.name) for name in names}
    inputs = [local.get(name, name) for name in node.input]
    del node.input[:]
    node.input.extend(inputs)
    return node


def _local(name: str, reader: str) -> str:
    return f"{reader}/{name}"
