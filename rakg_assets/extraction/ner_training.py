"""Training of entity recognition on few labelled documents.

Belongs here: the task of one corpus and the training of a model on it. Does not belong here: the
model (`ner.py`), the loop (`training.py`), several corpora at once (`encoders/corpora.py`).
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.artifacts import CHECKPOINT, DOWNLOADS
from rakg_assets.extraction.augmentation import Augmenter
from rakg_assets.extraction.encoders.encoder import Encoder, embedding_encoder, load_encoder
from rakg_assets.extraction.features import Featurizer
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.ner import NerConfig, NerModel, network_of
from rakg_assets.extraction.ner_network import NerBatch
from rakg_assets.extraction.regularising import disagreement
from rakg_assets.extraction.sampling import Balance
from rakg_assets.extraction.scoring import score_entities
from rakg_assets.extraction.tagging import Segment, TagSet, by_length, segments
from rakg_assets.extraction.training import (
    Progress,
    TrainingReport,
    parameter_groups,
    train,
    training_key,
)


def train_ner(
    train_documents: Sequence[Document],
    dev_documents: Sequence[Document],
    config: NerConfig,
    folder: Path,
    progress: Progress | None = None,
    lexicon: Lexicon | None = None,
) -> TrainingReport:
    """Train on some documents, choose the epoch on others, write the model to `folder`.

    Without dev documents all epochs run and the last counts. A run that was cut short goes on
    from its checkpoint in `folder`. `lexicon` gives dictionary features and mentions to exchange.
    Raises `TaggingError` for entities that overlap, `TrainingError`, `EncoderError`.
    """
    lexicon = lexicon if config.lexicon else None
    encoder = load_encoder(config.encoder, folder.parent / DOWNLOADS) if config.encoder else None
    task = NerTask(train_documents, dev_documents, config, lexicon, encoder)
    terms = lexicon and lexicon.terms
    key = training_key(config, [*train_documents, *dev_documents], terms)
    report = train(task, config, folder / CHECKPOINT, key, progress)
    task.model.save(folder, report, task.dev_scores())
    return report


class NerTask:
    """One corpus as the loop sees it; `encoder` None means embeddings of its characters."""

    name = "NER"

    def __init__(
        self,
        train_documents: Sequence[Document],
        dev_documents: Sequence[Document],
        config: NerConfig,
        lexicon: Lexicon | None,
        encoder: Encoder | None,
    ) -> None:
        torch.manual_seed(config.seed)
        self.config, self.dev = config, list(dev_documents)
        limit = min(config.segment_length, encoder.limit if encoder else config.segment_length)
        tags = TagSet.of(train_documents)
        self.segments = segments(train_documents, limit, True, config.joined)
        for segment in self.segments:
            tags.encode(len(segment.text), segment.entities)  # refuses overlaps before any work
        terms = lexicon.terms if lexicon else {}
        self.balance = Balance(self.segments, config.balance)
        characters = self.balance.mean * sum(len(segment.text) for segment in self.segments)
        self.batch_count = math.ceil(characters / config.batch_characters)
        self.augmenter = Augmenter.of(self.segments, terms, config.exchange, config.glue)
        pairs = [(s.text, s.section) for s in self.segments]
        featurizer = Featurizer.fit(pairs, config.features, config.sections, lexicon)
        encoder = encoder or _embeddings(self.segments, lexicon, config)
        encoder.drop_out(config.encoder_dropout)
        self.module = network_of(config, encoder, featurizer, tags)
        self.model = NerModel(config, self.module, featurizer)
        self.model.remember_rows(4 * len(self.segments))

    def parameter_groups(self) -> list[dict[str, Any]]:
        """The backbone at its own rate."""
        return parameter_groups(self.module, self.config.encoder_learning_rate)

    def batches(self, epoch: int) -> list[NerBatch]:
        """Segments repeated, changed and put together anew for every epoch."""
        draw = random.Random(self.config.seed * 10_007 + epoch)
        pieces = [self._changed(piece, draw) for piece in self.balance(draw)]
        batches = list(by_length(pieces, self.config.batch_characters))
        draw.shuffle(batches)
        return [self.model.tensors(batch, with_tags=True) for batch in batches]

    def _changed(self, piece: Segment, draw: random.Random) -> Segment:
        """A segment augmented; as it is where long mentions made it too long for the encoder."""
        changed = self.augmenter(piece, draw)
        return changed if len(changed.text) <= self.module.encoder.limit else piece

    def loss(self, batch: NerBatch) -> Tensor:
        """Mean over texts; with R-Drop both readings and how far they are apart."""
        batch = batch.to(next(self.module.parameters()).device)
        emissions = self.module.emissions(batch)
        loss = self.module.loss(emissions, batch)
        if not self.config.agreement:
            return loss
        again = self.module.emissions(batch)
        apart = disagreement(emissions, again, batch.mask)
        return (loss + self.module.loss(again, batch)) / 2 + self.config.agreement * apart

    def evaluate(self) -> Mapping[str, float] | None:
        """Strict figures on dev."""
        if not self.dev:
            return None
        return score_entities(self.dev, self.model.annotate(self.dev)).metrics()

    def dev_scores(self) -> dict[str, Any]:
        """The same by type."""
        if not self.dev:
            return {}
        return score_entities(self.dev, self.model.annotate(self.dev)).to_json()


def _embeddings(pieces: Sequence[Segment], lexicon: Lexicon | None, config: NerConfig) -> Encoder:
    texts = [piece.text for piece in pieces]
    texts += [term for terms in (lexicon.terms if lexicon else {}).values() for term in terms]
    return embedding_encoder(texts, config.character_size, config.forget)
