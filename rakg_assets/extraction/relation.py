"""Learned relations: what a pair classifier is made of, trained and loaded as.

Belongs here: tensors, training, files. Does not belong here: candidate pairs (`pairs.py`), their
arrays and what scores say (`relation_reading.py`, `packing.py`), layers (`relation_network.py`,
`packed_network.py`, `relation_rivals.py`), the loop (`training.py`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
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
from rakg_assets.extraction.calibration import Calibration, calibrated
from rakg_assets.extraction.encoders.encoder import (
    Encoder,
    embedding_encoder,
    load_encoder,
    restore_encoder,
)
from rakg_assets.extraction.packed_network import PackedNetwork
from rakg_assets.extraction.pairs import Pair, candidate_pairs, with_fewer_others
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets.extraction.relation_network import (
    PairNetwork,
    RelationBatch,
    RelationNetwork,
    RelationSizes,
)
from rakg_assets.extraction.relation_reading import MOST_LABELS, right_labels, with_relations
from rakg_assets.extraction.relation_rivals import BilstmAttention, CnnAttention, PipelinedRnn
from rakg_assets.extraction.scoring import score_relations
from rakg_assets.extraction.training import (
    Progress,
    TrainingError,
    TrainingReport,
    TrainingSettings,
    cpu_threads,
    parameter_groups,
    pick_device,
    train,
    training_key,
)
from rakg_assets.extraction.vocabulary import Vocabulary

NETWORKS: Mapping[str, type[PairNetwork]] = {
    "ffnn": RelationNetwork,
    "packed": PackedNetwork,
    "prnn": PipelinedRnn,
    "cnn-attention": CnnAttention,
    "bilstm-attention": BilstmAttention,
}
"""Kinds of network by the name that a config gives them."""


@dataclass(frozen=True)
class RelationConfig(TrainingSettings):
    """All choices of a relation model.

    `network` is one of `NETWORKS`. `encoder` None means a BiLSTM over texts that are `folded`
    (`marking.py`), else a BERT-like folder or hub id, which reads texts as they are. `facts` tells
    the network what `pairs.py` counts. `forget` is the share of characters that read as unknown
    in training, `dropout` that of values left out around the network and `encoder_dropout` inside
    a pre-trained encoder, `window` the longest text of a pair. An epoch has at most `others`
    pairs without a relation to one with, drawn anew each time; None: all of them. A batch in
    training has `batch_pairs`; of packed pairs, `batch_tokens` pieces in passes of at most
    `pass_tokens`.
    """

    steps: int = 5_000
    patience: int = 16
    learning_rate: float = 3e-3
    network: str = "ffnn"
    encoder: str | None = None
    folded: bool = True
    facts: bool = True
    character_size: int = 64
    hidden_size: int = 64
    feature_size: int = 12
    dropout: float = 0.3
    forget: float = 0.05
    encoder_learning_rate: float = 5e-5
    encoder_dropout: float = 0.0
    batch_pairs: int = 48
    batch_tokens: int = 2_048
    pass_tokens: int = 512
    window: int = 120
    others: float | None = None

    @property
    def kind(self) -> type[PairNetwork]:
        """The kind of network. Raises `TrainingError` for an unknown name."""
        if self.network not in NETWORKS:
            known = ", ".join(NETWORKS)
            raise TrainingError(f"no relation network is named {self.network}; take {known}")
        return NETWORKS[self.network]


class RelationModel:
    """A network with what turns documents with entities into its tensors."""

    def __init__(
        self,
        config: RelationConfig,
        network: PairNetwork,
        cues: RelationCues,
        facts: Sequence[Vocabulary],
        version: str = "",
    ) -> None:
        self.config, self.network, self.version = config, network, version
        encoder = network.encoder
        self.reader = network.reading.of(
            config.to_json(), encoder, encoder.limit, cues, tuple(facts)
        )

    def predict(self, documents: Sequence[Document]) -> list[tuple[RelationMention, ...]]:
        """The relations between the present entities of each document, in order, with scores."""
        return self.reader.relations(documents, self._scores, self.reader.read_at_once())

    def annotate(self, documents: Sequence[Document]) -> list[Document]:
        """The documents with predicted relations in place of theirs."""
        return with_relations(documents, self.predict(documents))

    @torch.no_grad()
    def _scores(self, pairs: Sequence[Pair]) -> np.ndarray:
        self.network.eval()
        device = next(self.network.parameters()).device
        return self.network(self.tensors(pairs).to(device)).float().cpu().numpy()

    def tensors(self, pairs: Sequence[Pair]) -> RelationBatch:
        """Pairs as tensors on the CPU."""
        arrays = self.reader.arrays(pairs)
        inputs = {name: torch.from_numpy(array) for name, array in arrays.items()}
        return RelationBatch(inputs, torch.from_numpy(right_labels(pairs)))

    def calibrate(self, documents: Sequence[Document]) -> Calibration:
        """Give scores the temperature that fits documents with right relations best."""
        pairs = list(candidate_pairs(documents, self.reader.writer))
        batches = self.reader.batches(pairs, self.reader.read_at_once())
        scores = [self._scores(some) for some in batches] or [np.zeros((0, MOST_LABELS))]
        labels = right_labels(pair for some in batches for pair in some)
        found = calibrated(np.concatenate(scores), labels)
        self.network.cool(found.temperature)
        return found

    def vocab(self) -> dict[str, Any]:
        """All that turns pairs into numbers: encoder, cues, facts."""
        return {
            "encoder": self.network.encoder.to_json(),
            "cues": self.reader.cues.terms,
            "facts": [vocabulary.symbols for vocabulary in self.reader.facts],
        }

    def save(
        self,
        folder: Path,
        report: TrainingReport,
        dev: Mapping[str, Any],
        calibration: Calibration | None = None,
    ) -> None:
        """Write the folder: weights, config, vocab and metrics."""
        metrics = {"training": report.to_json(), "dev": dev}
        if calibration:
            metrics["calibration"] = asdict(calibration)
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

    Pairs are those of gold entities. Scores are calibrated on the documents that choose the epoch.
    A run that was cut short goes on from its checkpoint.
    Raises `TrainingError`, also if no document has a candidate pair, or `EncoderError`.
    """
    cues = cues or RelationCues({})
    torch.manual_seed(config.seed)
    encoder = load_encoder(config.encoder, folder.parent / DOWNLOADS) if config.encoder else None
    if encoder:
        encoder.drop_out(config.encoder_dropout)
    task = _RelationTask(train_documents, dev_documents, config, cues, encoder)
    key = training_key(config, [*train_documents, *dev_documents], cues.terms)
    report = train(task, config, folder / CHECKPOINT, key, progress)
    with cpu_threads(config.threads):
        calibration = task.model.calibrate(dev_documents)
        task.model.save(folder, report, task.dev_scores(), calibration)
    return report


def load_relation(folder: Path, device: str = "auto") -> RelationModel:
    """The model in a folder. Raises `ModelError` where there is none or it is damaged."""
    config = RelationConfig.from_json(read_part(folder, "config"))
    vocab = read_part(folder, "vocab")
    facts = tuple(map(Vocabulary, vocab["facts"]))
    network = build_network(config, restore_encoder(vocab["encoder"]), facts)
    read_weights(folder, network)
    network.to(pick_device(device)).eval()
    return RelationModel(config, network, RelationCues(vocab["cues"]), facts, model_version(folder))


def build_network(
    config: RelationConfig, encoder: Encoder, facts: Sequence[Vocabulary]
) -> PairNetwork:
    """The untrained network of a config. Raises `TrainingError`, `EncoderError`."""
    sizes = RelationSizes(
        config.hidden_size,
        config.feature_size,
        config.dropout,
        tuple(map(len, facts)),
        MOST_LABELS,
    )
    return config.kind(encoder, sizes)


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
        settings, limit = config.to_json(), encoder.limit if encoder else None
        writer = config.kind.reading.writing(settings, limit, cues)
        self.pairs = list(candidate_pairs(train_documents, writer))
        if not self.pairs:
            raise TrainingError("no labelled document has a candidate pair; annotate more")
        if encoder is None:
            texts = (pair.marked.text for pair in self.pairs)
            encoder = embedding_encoder(texts, config.character_size, config.forget)
        told = zip(*(p.facts for p in self.pairs), strict=True) if config.facts else ()
        facts = [Vocabulary.fit(column) for column in told]
        self.module = build_network(config, encoder, facts)
        self.model = RelationModel(config, self.module, cues, facts)
        self.size = self.model.reader.learnt_at_once(settings)
        first = with_fewer_others(self.pairs, config.others, random.Random(config.seed))
        self.batch_count = len(self.model.reader.batches(first, self.size))

    def parameter_groups(self) -> list[dict[str, Any]]:
        return parameter_groups(self.module, self.config.encoder_learning_rate)

    def batches(self, epoch: int) -> list[RelationBatch]:
        """Pairs of like length together, in other company every epoch."""
        draw = random.Random(self.config.seed * 10_007 + epoch)
        pairs = with_fewer_others(self.pairs, self.config.others, draw)
        batches = self.model.reader.batches(pairs, self.size, draw)
        return [self.model.tensors(some) for some in batches]

    def loss(self, batch: RelationBatch) -> Tensor:
        return self.module.loss(batch.to(next(self.module.parameters()).device))

    def evaluate(self) -> Mapping[str, float] | None:
        if not self.dev:
            return None
        return score_relations(self.dev, self.model.annotate(self.dev)).metrics()

    def dev_scores(self) -> dict[str, Any]:
        return score_relations(self.dev, self.model.annotate(self.dev)).to_json()
