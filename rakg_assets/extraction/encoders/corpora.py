"""One encoder tuned on several labelled corpora at once, each with labels of its own.

Belongs here: the first fine-tuning of the paper, on public corpora, before that on records. Does
not belong here: the task of one corpus (`ner_training.py`) or masked training (`pretraining.py`).
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from torch import Tensor, nn

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.artifacts import CHECKPOINT, DOWNLOADS
from rakg_assets.extraction.encoders.folder import check_target, write_encoder
from rakg_assets.extraction.encoders.start import load_bert
from rakg_assets.extraction.encoders.tokens import EncoderError
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.ner import NerConfig
from rakg_assets.extraction.ner_network import NerBatch
from rakg_assets.extraction.ner_training import NerTask
from rakg_assets.extraction.training import Progress, TrainingReport, train, training_key


class Corpus(NamedTuple):
    """Labelled documents to learn from and to judge by."""

    train: Sequence[Document]
    dev: Sequence[Document]


def tune_encoder(
    corpora: Mapping[str, Corpus],
    config: NerConfig,
    folder: Path,
    progress: Progress | None = None,
    lexicon: Lexicon | None = None,
) -> TrainingReport:
    """Tune the encoder that `config` names on all corpora and write it to `folder`.

    Every corpus has features, BiLSTM, labels and CRF of its own, which are dropped at the end; in
    an epoch every text of every corpus is read once. The epoch with the best mean F1 on dev
    counts. A run that was cut short goes on from its checkpoint. Raises `EncoderError`,
    `TaggingError`, `TrainingError`.
    """
    check_target(folder)
    if not config.encoder:
        raise EncoderError("no encoder is given to tune; name a BERT-like folder or hub id")
    encoder = load_bert(config.encoder, folder.parent / DOWNLOADS)
    lexicon = lexicon if config.lexicon else None
    tasks = {n: NerTask(c.train, c.dev, config, lexicon, encoder) for n, c in corpora.items()}
    task, key = _JointTask(tasks, config), _key(corpora, config, lexicon)
    report = train(task, config, folder / CHECKPOINT, key, progress)
    write_encoder(folder, encoder)
    return report


class _JointTask:
    """Several corpora as the loop sees them; a batch is of one."""

    name = "NER on several corpora"

    def __init__(self, tasks: Mapping[str, NerTask], config: NerConfig) -> None:
        self.tasks, self.config = tasks, config
        self.module = nn.ModuleList(task.module for task in tasks.values())
        self.batch_count = sum(task.batch_count for task in tasks.values())

    def parameter_groups(self) -> list[dict[str, Any]]:
        """The shared backbone once, and what each corpus has of its own."""
        groups = [group for task in self.tasks.values() for group in task.parameter_groups()]
        seen: set[int] = set()
        for group in groups:
            group["params"] = [p for p in group["params"] if id(p) not in seen]
            seen.update(map(id, group["params"]))
        return [group for group in groups if group["params"]]

    def batches(self, epoch: int) -> list[tuple[str, NerBatch]]:
        """The batches of all corpora, shuffled together."""
        batches = [(n, batch) for n, task in self.tasks.items() for batch in task.batches(epoch)]
        random.Random(self.config.seed * 10_007 + epoch).shuffle(batches)
        return batches

    def loss(self, batch: tuple[str, NerBatch]) -> Tensor:
        """The loss of the batch's corpus."""
        name, tensors = batch
        return self.tasks[name].loss(tensors)

    def evaluate(self) -> Mapping[str, float] | None:
        """Strict F1 of each corpus by its name, and their mean as `f1`."""
        figures = {name: task.evaluate() for name, task in self.tasks.items()}
        scores = {name: figure["f1"] for name, figure in figures.items() if figure}
        return {**scores, "f1": sum(scores.values()) / len(scores)} if scores else None


def _key(corpora: Mapping[str, Corpus], config: NerConfig, lexicon: Lexicon | None) -> str:
    terms = lexicon and lexicon.terms
    parts = [training_key(config, [*c.train, *c.dev], [n, terms]) for n, c in corpora.items()]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()
