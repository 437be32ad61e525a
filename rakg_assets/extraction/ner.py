"""Entity recognition: one config, documents in, documents with entities and scores out.

Belongs here: the model, its tensors and its folder. Does not belong here: the network
(`ner_network.py`), its training (`ner_training.py`), prediction of whole corpora (`inference.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.artifacts import model_version, read_part, read_weights, save_model
from rakg_assets.extraction.encoders.encoder import Encoder, restore_encoder
from rakg_assets.extraction.features import Featurizer
from rakg_assets.extraction.ner_network import NerBatch, NerNetwork, NetworkSizes
from rakg_assets.extraction.reading import ScoredSpan, read_entities, with_entities
from rakg_assets.extraction.tagging import Segment, TagSet, segments
from rakg_assets.extraction.training import (
    TrainingReport,
    TrainingSettings,
    cpu_threads,
    pick_device,
)


@dataclass(frozen=True)
class NerConfig(TrainingSettings):
    """All choices of a NER model.

    `encoder` None means character embeddings, else a BERT-like folder or hub id, trained with
    `encoder_dropout` inside: to draw it takes a third of the time on a CPU. In training,
    `forget` is the share of characters that read as unknown, `feature_dropout` that of feature
    columns, `exchange` that of mentions exchanged for others of their type, `glue` that of
    neighbours of one type run together. `balance` is how much texts of rare types are repeated
    (`sampling.py`), `agreement` the weight of R-Drop (`regularising.py`). Texts are read by
    sentences, or `joined` as many together as `segment_length` holds.
    """

    learning_rate: float = 3e-3
    encoder: str | None = None
    bilstm: bool = True
    crf: bool = True
    features: bool = True
    sections: bool = True
    lexicon: bool = True
    character_size: int = 64
    hidden_size: int = 128
    feature_size: int = 24
    dropout: float = 0.4
    feature_dropout: float = 0.1
    forget: float = 0.1
    exchange: float = 0.25
    glue: float = 0.15
    balance: float = 0.0
    agreement: float = 0.0
    encoder_dropout: float = 0.0
    encoder_learning_rate: float = 1e-4
    batch_characters: int = 1_000
    segment_length: int = 200
    joined: bool = False


class NerModel:
    """A network with what turns texts into its tensors."""

    def __init__(
        self, config: NerConfig, network: NerNetwork, featurizer: Featurizer, version: str = ""
    ) -> None:
        self.config, self.network, self.featurizer = config, network, featurizer
        self.version = version
        self._rows: Callable[[str, str], np.ndarray] = featurizer

    def remember_rows(self, texts: int) -> None:
        """Keep the feature rows of the last `texts` texts: epochs come back to the same ones."""
        self._rows = lru_cache(maxsize=texts)(self.featurizer)

    @property
    def limit(self) -> int:
        """The longest segment in characters."""
        return min(self.config.segment_length, self.network.encoder.limit)

    def predict(self, documents: Sequence[Document]) -> list[list[Entity]]:
        """The entities of each document in order; `score` is the probability of the span."""
        pieces = segments(documents, self.limit, False, self.config.joined)
        with cpu_threads(self.config.threads):
            return read_entities(documents, pieces, self.config.batch_characters, self._spans)

    def annotate(self, documents: Sequence[Document]) -> list[Document]:
        """The documents with predicted entities in place of theirs; relations are dropped."""
        return with_entities(documents, self.predict(documents))

    def _spans(self, batch: Sequence[Segment]) -> list[list[ScoredSpan]]:
        self.network.eval()
        device = next(self.network.parameters()).device
        return self.network.spans(self.tensors(batch, with_tags=False).to(device))

    def tensors(self, batch: Sequence[Segment], with_tags: bool) -> NerBatch:
        """Segments as tensors on the CPU, padded to the longest."""
        encoder, tags = self.network.encoder, self.network.tags
        ids = _padded([torch.tensor(encoder.ids(s.text)) for s in batch])
        rows = _padded([torch.from_numpy(self._rows(s.text, s.section)) for s in batch])
        lengths = torch.tensor([len(s.text) for s in batch])
        mask = torch.arange(ids.shape[1]) < lengths[:, None]
        if not with_tags:
            return NerBatch(ids, mask, rows)
        encoded = [torch.tensor(tags.encode(len(s.text), s.entities)) for s in batch]
        return NerBatch(ids, mask, rows, _padded(encoded))

    def vocab(self) -> dict[str, Any]:
        """All that turns texts into numbers and back: labels, encoder, features."""
        return {
            "labels": list(self.network.tags.labels),
            "encoder": self.network.encoder.to_json(),
            "features": self.featurizer.to_json(),
        }

    def save(self, folder: Path, report: TrainingReport, dev: Mapping[str, Any]) -> None:
        """Write the folder: weights, config, vocab and metrics."""
        metrics = {"training": report.to_json(), "dev": dev}
        parts = {"config": self.config.to_json(), "vocab": self.vocab(), "metrics": metrics}
        save_model(folder, self.network, parts)
        self.version = model_version(folder)


def load_ner(folder: Path, device: str = "auto") -> NerModel:
    """The model in a folder. Raises `ModelError` where there is none or it is damaged."""
    config = NerConfig.from_json(read_part(folder, "config"))
    vocab = read_part(folder, "vocab")
    featurizer = Featurizer.from_json(vocab["features"])
    encoder = restore_encoder(vocab["encoder"])
    network = network_of(config, encoder, featurizer, TagSet(tuple(vocab["labels"])))
    read_weights(folder, network)
    network.to(pick_device(device)).eval()
    return NerModel(config, network, featurizer, model_version(folder))


def network_of(
    config: NerConfig, encoder: Encoder, featurizer: Featurizer, tags: TagSet
) -> NerNetwork:
    """The untrained network of a config."""
    hidden = config.hidden_size if config.bilstm else 0
    sizes = NetworkSizes(
        hidden, config.feature_size, config.dropout, config.feature_dropout, config.crf
    )
    return NerNetwork(encoder, featurizer.sizes(), sizes, tags)


def _padded(rows: list[Tensor]) -> Tensor:
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
