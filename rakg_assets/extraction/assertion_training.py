"""Learned assertion: what an assertion classifier is made of, trained and loaded as.

Belongs here: tensors, training, files. Does not belong here: what it reads
(`assertion_reading.py`), layers (`assertion_network.py`), the loop (`training.py`), the cue rules
that it is measured against (`assertion.py`).
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.artifacts import (
    CHECKPOINT,
    DOWNLOADS,
    read_part,
    read_weights,
    save_model,
)
from rakg_assets.extraction.assertion import AssertionRules
from rakg_assets.extraction.assertion_network import (
    AssertionBatch,
    AssertionNetwork,
    AssertionSizes,
)
from rakg_assets.extraction.assertion_reading import (
    ASSERTIONS,
    Passage,
    PassageCutter,
    PassageReader,
    with_assertions,
)
from rakg_assets.extraction.encoders.encoder import (
    Encoder,
    embedding_encoder,
    load_encoder,
    restore_encoder,
)
from rakg_assets.extraction.scoring import score_assertions
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
from rakg_assets.ontology.schema import Assertion

_BATCH = 128  # passages in a step of prediction


@dataclass(frozen=True)
class AssertionConfig(TrainingSettings):
    """All choices of an assertion model.

    `encoder` None means a BiLSTM over texts whose entities are one sign a type, else a BERT-like
    folder or hub id, which reads texts as they are. With `cues` it also knows what the cue rules
    say of an entity. Of the passages whose entities are all present, most of a record, an epoch
    reads a `plain_share`, other ones every time. `forget` is the share of characters and facts
    that read as unknown in training, `window` the longest passage.
    """

    steps: int = 800
    learning_rate: float = 3e-3
    encoder: str | None = None
    cues: bool = False
    character_size: int = 64
    hidden_size: int = 64
    feature_size: int = 12
    dropout: float = 0.3
    forget: float = 0.05
    plain_share: float = 0.25
    encoder_learning_rate: float = 5e-5
    batch_passages: int = 32
    window: int = 160


class AssertionModel:
    """A network with what turns documents with entities into its tensors."""

    def __init__(
        self,
        config: AssertionConfig,
        network: AssertionNetwork,
        facts: Sequence[Vocabulary],
        cutter: PassageCutter,
    ) -> None:
        self.config, self.network, self.cutter = config, network, cutter
        self.reader = PassageReader(network.encoder, tuple(facts))

    @torch.no_grad()
    def annotate(self, documents: Sequence[Document]) -> list[Document]:
        """The same documents with the assertion of each entity set."""
        self.network.eval()
        device = next(self.network.parameters()).device
        found: list[dict[int, Assertion]] = [{} for _ in documents]
        passages = sorted(self.cutter.cut(documents), key=lambda passage: len(passage.text))
        for start in range(0, len(passages), _BATCH):
            some = passages[start : start + _BATCH]
            best = iter(self.network(self.tensors(some).to(device)).argmax(-1).tolist())
            for passage in some:
                found[passage.document] |= {p: ASSERTIONS[next(best)] for p in passage.places}
        return [with_assertions(d, said) for d, said in zip(documents, found, strict=True)]

    def tensors(self, passages: Sequence[Passage]) -> AssertionBatch:
        """Passages as tensors on the CPU, padded to the longest."""
        arrays = self.reader.arrays(passages)
        return AssertionBatch(**{name: torch.from_numpy(a) for name, a in arrays.items()})

    def save(self, folder: Path, report: TrainingReport, dev: Mapping[str, Any]) -> None:
        """Write the folder: weights, config, vocab and metrics."""
        facts = [vocabulary.symbols for vocabulary in self.reader.facts]
        vocab = {"encoder": self.network.encoder.to_json(), "facts": facts}
        metrics = {"training": report.to_json(), "dev": dev}
        parts = {"config": self.config.to_json(), "vocab": vocab, "metrics": metrics}
        save_model(folder, self.network, parts)


def train_assertion(
    train_documents: Sequence[Document],
    dev_documents: Sequence[Document],
    config: AssertionConfig,
    folder: Path,
    rules: AssertionRules,
    progress: Progress | None = None,
) -> TrainingReport:
    """Train on some documents, choose the epoch on others, write the model to `folder`.

    The epoch is chosen by F1 over all assertions but present. A run that was cut short goes on
    from its checkpoint. Raises `TrainingError`, also if no document has an entity, or
    `EncoderError`.
    """
    torch.manual_seed(config.seed)
    encoder = load_encoder(config.encoder, folder.parent / DOWNLOADS) if config.encoder else None
    task = _AssertionTask(train_documents, dev_documents, config, rules, encoder)
    verdicts = [passage.facts for passage in task.passages]
    key = training_key(config, [*train_documents, *dev_documents], verdicts)
    report = train(task, config, folder / CHECKPOINT, key, progress)
    task.model.save(folder, report, score_assertions(task.dev, task.annotated()).to_json())
    return report


def load_assertion(folder: Path, rules: AssertionRules, device: str = "auto") -> AssertionModel:
    """The model in a folder; one trained with cues asks `rules`.

    Raises `ModelError` where there is none or it is damaged.
    """
    config = AssertionConfig.from_json(read_part(folder, "config"))
    vocab = read_part(folder, "vocab")
    facts = tuple(map(Vocabulary, vocab["facts"]))
    encoder = restore_encoder(vocab["encoder"])
    network = AssertionNetwork(encoder, _sizes(config, facts))
    read_weights(folder, network)
    network.to(pick_device(device)).eval()
    return AssertionModel(config, network, facts, _cutter(config, encoder, rules))


class _AssertionTask:
    """Assertion as the loop sees it."""

    name = "assertions"

    def __init__(
        self,
        train_documents: Sequence[Document],
        dev_documents: Sequence[Document],
        config: AssertionConfig,
        rules: AssertionRules,
        encoder: Encoder | None,
    ) -> None:
        self.config, self.dev = config, list(dev_documents)
        cutter = _cutter(config, encoder, rules)
        self.passages = list(cutter.cut(train_documents))
        if not self.passages:
            raise TrainingError("no labelled document has an entity; annotate more")
        present = ASSERTIONS.index(Assertion.PRESENT)
        self.telling = [p for p in self.passages if set(p.labels) != {present}]
        self.plain = [p for p in self.passages if set(p.labels) == {present}]
        self.batch_count = math.ceil(self._read() / config.batch_passages)
        texts = (passage.text for passage in self.passages)
        encoder = encoder or embedding_encoder(texts, config.character_size, config.forget)
        columns = zip(*(fact for p in self.passages for fact in p.facts), strict=True)
        facts = [Vocabulary.fit(column) for column in columns]
        self.module = AssertionNetwork(encoder, _sizes(config, facts))
        self.model = AssertionModel(config, self.module, facts, cutter)

    def parameter_groups(self) -> list[dict[str, Any]]:
        return parameter_groups(self.module, self.config.encoder_learning_rate)

    def batches(self, epoch: int) -> list[AssertionBatch]:
        """Passages of like length together, in other company every epoch."""
        draw, size = random.Random(self.config.seed * 10_007 + epoch), self.config.batch_passages
        read = self.telling + draw.sample(self.plain, self._read() - len(self.telling))
        order = sorted(read, key=lambda p: len(p.text) * draw.uniform(1, 1.3))
        batches = [order[start : start + size] for start in range(0, len(order), size)]
        draw.shuffle(batches)
        return [self.model.tensors(batch) for batch in batches]

    def loss(self, batch: AssertionBatch) -> Tensor:
        return self.module.loss(batch.to(next(self.module.parameters()).device))

    def evaluate(self) -> Mapping[str, float] | None:
        if not self.dev:
            return None
        return score_assertions(self.dev, self.annotated()).without(Assertion.PRESENT).metrics()

    def annotated(self) -> list[Document]:
        return self.model.annotate(self.dev)

    def _read(self) -> int:
        """How many passages an epoch reads."""
        return len(self.telling) + math.ceil(self.config.plain_share * len(self.plain))


def _cutter(
    config: AssertionConfig, encoder: Encoder | None, rules: AssertionRules
) -> PassageCutter:
    limit = encoder.limit if encoder else config.window
    asked = rules if config.cues else None
    return PassageCutter(min(config.window, limit), config.encoder is None, asked)


def _sizes(config: AssertionConfig, facts: Sequence[Vocabulary]) -> AssertionSizes:
    symbols = tuple(map(len, facts))
    return AssertionSizes(
        config.hidden_size, config.feature_size, config.dropout, config.forget, symbols
    )
