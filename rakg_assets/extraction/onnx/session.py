"""A released network as a function of named arrays, computed by ONNX Runtime.

Belongs here: how a session is set up, for every kind of model. Does not belong here: what the
arrays mean (`ner.py`, `relation.py`) or what the processor offers (`processor.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
)

from rakg_assets.extraction.artifacts import NETWORK, ModelError
from rakg_assets.extraction.processor import cores, has_byte_products

Network = Callable[[Mapping[str, np.ndarray]], np.ndarray]
"""From the inputs of a graph by name to its output."""

# Slower 8-bit products that cannot overflow, for processors without dot products of bytes (VNNI).
_EXACT_PRODUCTS = "session.x64quantprecision"


def has_onnx(folder: Path) -> bool:
    """Whether a released network lies in the folder."""
    return (folder / NETWORK).is_file()


def load_network(folder: Path, threads: int | None = None) -> Network:
    """The network in a release folder, on so many threads; None means one a core.

    Raises `ModelError` where there is none or it is damaged.
    """
    path = folder / NETWORK
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads or cores(), 1
    options.log_severity_level = 3  # errors
    if not has_byte_products():
        options.add_session_config_entry(_EXACT_PRODUCTS, "1")
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, InvalidProtobuf, NoSuchFile) as error:
        reason = type(error).__name__
        raise ModelError(f"{path}: {reason}; export the model again") from error
    # An input that a network makes no use of is not in its graph.
    names = [tensor.name for tensor in session.get_inputs()]
    return lambda tensors: session.run(None, {name: tensors[name] for name in names})[0]
