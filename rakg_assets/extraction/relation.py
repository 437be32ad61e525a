"""Learned relations: what a pair classifier is made of, trained and loaded as.

Belongs here: tensors, training, files. Does not belong here: candidate pairs (`pairs.py`), their
arrays and what scores say (`relation_reading.py`), layers (`relation_network.py`), the loop
(`training.py`).
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rakg_assets.corpus.documents import Document, RelationMention
from rakg_assets.extraction.artifacts import (
    CHECKPOINT,
    DOWNLOADS,
    model_version,
    read_part,
    read_weights,
    save_model,
)
from rakg_assets.extraction.encoders.encoder import (
    Encoder,
    embedding_encoder,
    load_encoder,
    restore_encoder,
)
from rakg_assets.extraction.pairs import Pair, candidate_pairs
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets.extraction.relation_network import (
    RelationBatch,
    RelationNetwork,
    RelationSizes,
)
from rakg_assets.extraction.relation_reading import (
    MOST_LABELS,
    PairReader,
    pair_writer,
    with_relations,
)
from rakg_assets.extraction.scoring import score_relations
from rakg_assets.extraction.training import (
    Progress,
    TrainingError,
    TrainingReport,
    TrainingSettings,
    parameter_groups,
    pick_device,
    train,
    training_key,
)
from rakg_assets.extraction.vocabulary import Vocabulary

_BATCH = 256  # pairs in a step of prediction


@dataclass(frozen=True)
class RelationConfig(TrainingSettings):
    """All choices of a relation model.

    `encoder` None means a BiLSTM over folded texts (`marking.py`), else a BERT-like folder or hub
    id, which reads texts as they are. `forget` is the share of characters that read as unknown
    in training, `window` the longest text of a pair.
    """

    steps: int = 5_000
    patience: int = 16
    learning_rate: float = 3e-3
    encoder: str | None = None
    character_size: int = 64
    hidden_size: int = 64
    feature_size: int = 12
    dropout: float = 0.3
    forget: float = 0.05
    encoder_learning_rate: float = 5e-5
    batch_pairs: int = 48
    window: int = 120


class RelationModel:
    """A network with what turns documents with entities into its tensors."""

    def __init__(
        self,
        config: RelationConfig,
        network: RelationNetwork,
        cues: RelationCues,
        facts: Sequence[Vocabulary],
        version: str = "",
    ) -> None:
        self.config, self.network, self.version = config, network, version
        encoder = network.encoder
        writer = pair_writer(config.to_json(), encoder.limit, cues)
        self.reader = PairReader(encoder, cues, tuple(facts), writer)

    def predict(self, documents: Sequence[Document]) -> list[tuple[RelationMention, ...]]:
        """The relations between the present entities of each document, in order, with scores."""
        return self.reader.relations(documents, self._scores, _BATCH)

    def annotate(self, documents: Sequence[Document]) -> list[Document]:
        """The documents with predicted relations in place of theirs."""
        return with_relations(documents, self.predict(documents))

    @torch.no_grad()
    def _scores(self, pairs: Sequence[Pair]) -> np.ndarray:
        self.network.eval()
        device = next(self.network.parameters()).device
        return self.network(self.tensors(pairs).to(device)).float().cpu().numpy()

    def tensors(self, pairs: Sequence[Pair]) -> RelationBatch:
        """Pairs as tensors on the CPU, padded to the longest."""
        arrays = self.reader.arrays(pairs)
        labels = torch.tensor([pair.labels.index(pair.label) for pair in pairs])
        return RelationBatch(**{n: torch.from_numpy(a) for n, a in arrays.items()}, labels=labels)

    def vocab(self) -> dict[str, Any]:
        """All that turns pairs into numbers: encoder, cues, facts."""
        return {
            "encoder": self.network.encoder.to_json(),
            "cues": self.reader.cues.terms,
            "facts": [vocabulary.symbols for vocabulary in self.reader.facts],
        }

    def save(self, folder: Path, report: TrainingReport, dev: Mapping[str, Any]) -> None:
        """Write the folder: weights, config, vocab and metrics."""
        metrics = {"training": report.to_json(), "dev": dev}
        parts = {"config": self.config.to_json(), "vocab": self.vocab(), "metrics": metrics}
        save_model(folder, self.network, parts)
        self.version = model_version(folder)


def train_relation(
    train_documents: Sequence[Document],
    dev_documents: Sequence[Document],
    config: RelationConfig,
    folder: Path,
    progress: Progress | None = None,
    cues: RelationCues | None = None,
) -> TrainingReport:
    """Train on some documents, choose the epoch on others, write the model to `folder`.

    Pairs are those of gold entities. A run that was cut short goes on from its checkpoint.
    Raises `TrainingError`, also if no document has a candidate pair, or `EncoderError`.
    """
    cues = cues or RelationCues({})
    torch.manual_seed(config.seed)
    encoder = load_encoder(config.encoder, folder.parent / DOWNLOADS) if config.encoder else None
    task = _RelationTask(train_documents, dev_documents, config, cues, encoder)
    key = training_key(config, [*train_documents, *dev_documents], cues.terms)
    report = train(task, config, folder / CHECKPOINT, key, progress)
    task.model.save(folder, report, task.dev_scores())
    return report


def load_relation(folder: Path, device: str = "auto") -> RelationModel:
    """The model in a folder. Raises `ModelError` where there is none or it is damaged."""
    config = RelationConfig.from_json(read_part(folder, "config"))
    vocab = read_part(folder, "vocab")
    facts = tuple(map(Vocabulary, vocab["facts"]))
    network = _network(config, restore_encoder(vocab["encoder"]), facts)
    read_weights(folder, network)
    network.to(pick_device(device)).eval()
    return RelationModel(config, network, RelationCues(vocab["cues"]), facts, model_version(folder))


class _RelationTask:
    """Relation extraction as the loop sees it."""

    name = "relations"

    def __init__(
        self,
        train_documents: Sequence[Document],
        dev_documents: Sequence[Document],
        config: RelationConfig,
        cues: RelationCues,
        encoder: Encoder | None,
    ) -> None:
        self.config, self.dev = config, list(dev_documents)
        writer = pair_writer(config.to_json(), encoder.limit if encoder else None, cues)
        pairs = list(candidate_pairs(train_documents, writer))
        if not pairs:
            raise TrainingError("no labelled document has a candidate pair; annotate more")
        self.batch_count = math.ceil(len(pairs) / config.batch_pairs)
        texts = [pair.marked.text for pair in pairs]
        encoder = encoder or embedding_encoder(texts, config.character_size, config.forget)
        facts = [Vocabulary.fit(column) for column in zip(*(p.facts for p in pairs), strict=True)]
        self.module = _network(config, encoder, facts)
        self.model = RelationModel(config, self.module, cues, facts)
        self.lengths, self.tensors = [len(text) for text in texts], self.model.tensors(pairs)

    def parameter_groups(self) -> list[dict[str, Any]]:
        return parameter_groups(self.module, self.config.encoder_learning_rate)

    def batches(self, epoch: int) -> list[RelationBatch]:
        """Pairs of like length together, in other company every epoch."""
        draw, size = random.Random(self.config.seed * 10_007 + epoch), self.config.batch_pairs
        loose = [length * draw.uniform(1, 1.3) for length in self.lengths]
        order = sorted(range(len(loose)), key=loose.__getitem__)
        batches = [order[start : start + size] for start in range(0, len(order), size)]
        draw.shuffle(batches)
        return [self.tensors.rows(torch.tensor(batch)) for batch in batches]

    def loss(self, batch: RelationBatch) -> Tensor:
        return self.module.loss(batch.to(next(self.module.parameters()).device))

    def evaluate(self) -> Mapping[str, float] | None:
        if not self.dev:
            return None
        return score_relations(self.dev, self.model.annotate(self.dev)).metrics()

    def dev_scores(self) -> dict[str, Any]:
        return score_relations(self.dev, self.model.annotate(self.dev)).to_json()


def _network(
    config: RelationConfig, encoder: Encoder, facts: Sequence[Vocabulary]
) -> RelationNetwork:
    sizes = RelationSizes(
        config.hidden_size,
        config.feature_size,
        config.dropout,
        tuple(map(len, facts)),
        MOST_LABELS,
    )
    return RelationNetwork(encoder, sizes)
