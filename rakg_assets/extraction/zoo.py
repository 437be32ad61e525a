"""The models that the benchmarks compare, as changes to the default configs.

Names are partition keys of `ner_benchmark` and `relation_benchmark`; no torch is needed to list
them. Does not belong here: how a benchmark is run (`benchmark.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Choice = Mapping[str, Any]

_PLAIN = {"features": False, "lexicon": False, "sections": False}

# An encoder makes use of what stands before; and longer texts fill its rows better.
_JOINED = {"joined": True}

# What training from an encoder does otherwise, by kind: small steps for weights that know much
# already, segments that with their two marks fill rows of 32, averaged weights, all cores.
WITH_ENCODER: Mapping[str, Choice] = {
    "ner": {
        "learning_rate": 2e-3,
        "encoder_learning_rate": 1.5e-4,
        "batch_characters": 2_000,
        "dropout": 0.3,
        "steps": 1_000,
        "clip": 1.0,
        "average": 0.995,
        "balance": 0.3,
        "segment_length": 158,
        "threads": 0,
    },
    "relation": {},
}

# Rows of the paper's Table 3. Names that begin with `encoder` need an encoder on disk.
NER_MODELS: Mapping[str, Choice] = {
    "bilstm-crf": _PLAIN,
    "bilstm-crf-features": {},
    "encoder-softmax": {**_PLAIN, **_JOINED, "bilstm": False, "crf": False},
    "encoder-crf": {**_PLAIN, **_JOINED, "bilstm": False},
    "encoder-bilstm-crf": {**_PLAIN, **_JOINED},
    "encoder-bilstm-crf-features": _JOINED,
}

# Rows of the paper's Table 6 that a text model of its own kind stands for.
RELATION_MODELS: Mapping[str, Choice] = {
    "bilstm": {},
    "encoder-ffnn": {},
}

MODELS: Mapping[str, Mapping[str, Choice]] = {"ner": NER_MODELS, "relation": RELATION_MODELS}


def started_from(kind: str, encoder: str) -> dict[str, Any]:
    """Changes to the default config of a kind of model for training that starts from an encoder."""
    return {"encoder": encoder, **WITH_ENCODER[kind]}


def needs_encoder(name: str) -> bool:
    """Whether a model of this name starts from a pre-trained encoder."""
    return name.startswith("encoder")
