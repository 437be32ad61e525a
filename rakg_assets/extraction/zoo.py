"""The models that the benchmarks compare, as changes to the default configs.

Names are partition keys of `ner_benchmark` and `relation_benchmark`; no torch is needed to list
them. Does not belong here: how a model is tried (`trials.py`) or called in tables
(`result_tables.py`).
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
    "relation": {
        "learning_rate": 1e-3,
        "encoder_learning_rate": 1.5e-4,
        "steps": 1_000,
        "clip": 1.0,
        "average": 0.995,
        "threads": 0,
    },
}

# Rows of the paper's Table 3. Names that begin with `encoder` start from the adapted encoder, those
# that begin with `base-encoder` from one that was never trained on medical text.
NER_MODELS: Mapping[str, Choice] = {
    "bilstm-crf": _PLAIN,
    "bilstm-crf-features": {},
    "base-encoder-crf": {**_PLAIN, **_JOINED, "bilstm": False},
    "encoder-softmax": {**_PLAIN, **_JOINED, "bilstm": False, "crf": False},
    "encoder-crf": {**_PLAIN, **_JOINED, "bilstm": False},
    "encoder-bilstm-crf": {**_PLAIN, **_JOINED},
    "encoder-bilstm-crf-features": _JOINED,
}

# What the rivals of the paper's Table 6 are given: the text as it is, and nothing else.
_BARE = {"folded": False, "facts": False}

# Reads a sentence once for all its pairs, and so as much of it as it takes.
_PACKED = {"network": "packed", "window": 250}

# Two of three pairs hold nothing; a BERT that reads a text for each of them learns from fewer.
_PASS_A_PAIR = {"others": 1.0}

# Rows of the paper's Table 6, and those of rakg: `bilstm` ships. What domain adaptation brings is
# seen between the two that are packed: they learn in a fifth of the time.
RELATION_MODELS: Mapping[str, Choice] = {
    "prnn": {"network": "prnn", **_BARE},
    "cnn-attention": {"network": "cnn-attention", **_BARE},
    "bilstm-attention": {"network": "bilstm-attention", **_BARE},
    "bilstm": {},
    "encoder-ffnn": _PASS_A_PAIR,
    "base-encoder-ffnn-packed": _PACKED,
    "encoder-ffnn-packed": _PACKED,
}

MODELS: Mapping[str, Mapping[str, Choice]] = {"ner": NER_MODELS, "relation": RELATION_MODELS}

# The rows that the others are tested against, by kind, and the fast ones for learning curves.
DEFAULTS: Mapping[str, str] = {"ner": "encoder-bilstm-crf-features", "relation": "bilstm"}
QUICK: Mapping[str, str] = {"ner": "bilstm-crf-features", "relation": "bilstm"}

SEEDS = range(5)
_LARGE_SEEDS = range(3)


def started_from(kind: str, encoder: str) -> dict[str, Any]:
    """Changes to the default config of a kind of model for training that starts from an encoder."""
    return {"encoder": encoder, **WITH_ENCODER[kind]}


def needs_encoder(name: str) -> bool:
    """Whether a model of this name starts from a pre-trained encoder."""
    return name.startswith(("encoder", "base-encoder"))


def starts_from_base(name: str) -> bool:
    """Whether that encoder is the one without domain adaptation."""
    return name.startswith("base-encoder")


def usual_seeds(name: str) -> range:
    """The seeds that a model is trained with: five, three where it takes long."""
    return _LARGE_SEEDS if needs_encoder(name) else SEEDS
