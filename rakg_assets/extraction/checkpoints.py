"""The state of an unfinished training in one safetensors file, replaced in one rename.

Belongs here: file format, no pickle. Does not belong here: when to write or resume
(`training.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from rakg_assets.extraction.artifacts import plain_tensors
from rakg_assets.ontology.files import write_atomically


@dataclass(frozen=True)
class Checkpoint:
    """Everything an epoch leaves behind; `fingerprint` names the config and data it belongs to."""

    fingerprint: str
    report: Mapping[str, Any]
    model: Mapping[str, Tensor]
    best: Mapping[str, Tensor]
    optimizer: Mapping[str, Any]
    average: Mapping[str, Tensor] = field(default_factory=dict)


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write the file whole or not at all."""
    tensors = {f"model/{name}": t for name, t in checkpoint.model.items()}
    tensors |= {f"best/{name}": t for name, t in checkpoint.best.items()}
    tensors |= {f"average/{name}": t for name, t in checkpoint.average.items()}
    for number, state in checkpoint.optimizer["state"].items():
        tensors |= {f"optimizer/{number}/{key}": t for key, t in state.items()}
    metadata = {"fingerprint": checkpoint.fingerprint, "report": json.dumps(checkpoint.report)}
    write_atomically(path, lambda fresh: save_file(plain_tensors(tensors), fresh, metadata))


def read_checkpoint(
    path: Path, fingerprint: str, optimizer: Mapping[str, Any]
) -> Checkpoint | None:
    """The checkpoint at `path`; None if there is none, it is damaged or another training's.

    `optimizer` is the fresh optimiser's state dict; its parameter groups are kept.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("fingerprint") != fingerprint:
                return None
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError):
        return None
    moments: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _part(tensors, "optimizer/").items():
        number, _, key = name.partition("/")
        moments.setdefault(int(number), {})[key] = tensor
    groups = {"state": moments, "param_groups": optimizer["param_groups"]}
    model, best, average = (_part(tensors, f"{name}/") for name in ("model", "best", "average"))
    return Checkpoint(fingerprint, json.loads(metadata["report"]), model, best, groups, average)


def _part(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
