"""The models that the benchmarks compare, as changes to the default configs.

Names are partition keys of `ner_benchmark` and `relation_benchmark`; no torch is needed to list
them. Does not belong here: how a benchmark is run (`benchmark.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Choice = Mapping[str, Any]

_PLAIN = {"features": False, "lexicon": False, "sections": False}

# Rows of the paper's Table 3. Names that begin with `encoder` need an encoder on disk.
NER_MODELS: Mapping[str, Choice] = {
    "bilstm-crf": _PLAIN,
    "bilstm-crf-features": {},
    "encoder-softmax": {**_PLAIN, "bilstm": False, "crf": False},
    "encoder-crf": {**_PLAIN, "bilstm": False},
    "encoder-bilstm-crf": _PLAIN,
    "encoder-bilstm-crf-features": {},
}

# Rows of the paper's Table 6 that a text model of its own kind stands for.
RELATION_MODELS: Mapping[str, Choice] = {
    "bilstm": {},
    "encoder-ffnn": {},
}

MODELS: Mapping[str, Mapping[str, Choice]] = {"ner": NER_MODELS, "relation": RELATION_MODELS}


def needs_encoder(name: str) -> bool:
    """Whether a model of this name starts from a pre-trained encoder."""
    return name.startswith("encoder")
