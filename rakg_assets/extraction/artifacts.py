"""A trained model as a folder: weights.safetensors and JSON parts, swapped in whole.

Belongs here: how the folder is written, read and named by content; torch is loaded only with
weights of its own. Does not belong here: what the parts mean (`ner.py`, `relation.py`), released
weights (`onnx/export.py`) or checkpoints (`training.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rakg_assets.ontology.files import write_folder, write_text

if TYPE_CHECKING:
    from torch import Tensor, nn

WEIGHTS = "weights.safetensors"
NETWORK = "model.onnx"
CRF = "crf.safetensors"
METRICS = "metrics.json"
CHECKPOINT = "checkpoint/last.safetensors"
DOWNLOADS = "encoders"  # beside a model's folder, for encoders named by a hub id
_CONTENT = {".json", ".safetensors", ".onnx"}


class ModelError(ValueError):
    """A model folder that cannot be read; the message names folder, reason and remedy."""


def save_model(folder: Path, module: nn.Module, parts: Mapping[str, Any]) -> None:
    """Write weights and `parts` (file stem -> JSON value) beside `folder`, then swap it in.

    What the folder held before, a checkpoint included, is gone afterwards.
    """

    def fill(fresh: Path) -> None:
        write_weights(fresh / WEIGHTS, plain_tensors(module.state_dict()))
        for name, value in parts.items():
            write_json(fresh / f"{name}.json", value)

    write_folder(folder, fill)


def write_json(path: Path, value: Any) -> None:
    """Write a value as the parts of a model are written: UTF-8, keys in order."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def write_weights(
    path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None
) -> None:
    """Write tensors to a file with the usual permissions; safetensors' `save_file` keeps all but
    its owner out."""
    from safetensors.torch import save

    path.write_bytes(save(dict(tensors), dict(metadata) if metadata else None))


def plain_tensors(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Contiguous copies on the CPU; safetensors refuses tensors that share memory."""
    return {name: t.detach().cpu().clone().contiguous() for name, t in tensors.items()}


def read_part(folder: Path, name: str) -> Any:
    """One JSON part. Raises `ModelError` where it is missing or broken."""
    path = folder / f"{name}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: {type(error).__name__}; train the model again") from error


def read_weights(folder: Path, module: nn.Module) -> None:
    """Load the weights of a folder into `module`, all of them. Raises `ModelError`."""
    from safetensors.torch import load_file

    path = folder / WEIGHTS
    try:
        module.load_state_dict(load_file(path))
    except (OSError, ValueError, RuntimeError) as error:
        reason = type(error).__name__
        raise ModelError(f"{path}: {reason}, not this model's weights; train it again") from error


def model_version(folder: Path) -> str:
    """Twelve hexadecimal digits that change with weights, config or vocabulary, not metrics."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name != METRICS and path.suffix in _CONTENT:
            digest.update(path.name.encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def encoder_content(name: str | None) -> str:
    """What a training sees of an encoder: the version of its folder; a hub id as it is."""
    return model_version(Path(name)) if name and Path(name).is_dir() else name or ""
