"""The network of entity recognition: encoder and features, BiLSTM, CRF; each can be left out.

Belongs here: tensors in, tags and span probabilities out. Does not belong here: texts, training
or files (`ner.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from rakg_assets.extraction.crf import ConstrainedCRF
from rakg_assets.extraction.encoders.encoder import Encoder
from rakg_assets.extraction.reader import Reader
from rakg_assets.extraction.reading import ScoredSpan, scored_spans
from rakg_assets.extraction.tagging import TagSet
from rakg_assets.extraction.vocabulary import PADDING, UNKNOWN


@dataclass(frozen=True)
class NetworkSizes:
    """Sizes and dropout; `hidden` counts one direction of the BiLSTM, 0 leaves it out."""

    hidden: int
    feature: int
    dropout: float
    feature_dropout: float
    crf: bool


@dataclass(frozen=True)
class NerBatch:
    """Texts as tensors: ids, mask and tags (batch, length), features (batch, length, columns)."""

    ids: Tensor
    mask: Tensor
    features: Tensor
    tags: Tensor | None = None

    def to(self, device: torch.device) -> NerBatch:
        """The same on a device."""
        tags = None if self.tags is None else self.tags.to(device)
        return NerBatch(self.ids.to(device), self.mask.to(device), self.features.to(device), tags)


class FeatureEmbedding(nn.Module):
    """The columns of `features.Featurizer`, each embedded, side by side."""

    def __init__(self, columns: Mapping[str, int], size: int, dropout: float) -> None:
        super().__init__()
        # A column of few symbols needs few dimensions.
        sizes = [min(size, max(4, rows // 2)) for rows in columns.values()]
        self.tables = nn.ModuleList(
            nn.Embedding(rows, width, padding_idx=PADDING)
            for rows, width in zip(columns.values(), sizes, strict=True)
        )
        self.size, self.dropout = sum(sizes), dropout

    def forward(self, features: Tensor) -> Tensor:
        """(batch, length, columns) to (batch, length, size).

        In training a share of columns reads as unknown for a whole text, so that none is
        relied on alone: words outside the dictionaries must be found too.
        """
        if self.training and self.dropout:
            batch, _, columns = features.shape
            drawn = torch.rand(batch, 1, columns, device=features.device) < self.dropout
            features = features.masked_fill(drawn & (features != PADDING), UNKNOWN)
        vectors = [table(features[..., i]) for i, table in enumerate(self.tables)]
        return torch.cat(vectors, -1)


class NerNetwork(nn.Module):
    """Emissions over tags for every character; loss and decoding by CRF or softmax."""

    def __init__(
        self, encoder: Encoder, columns: Mapping[str, int], sizes: NetworkSizes, tags: TagSet
    ) -> None:
        super().__init__()
        self.encoder, self.sizes, self.tags = encoder, sizes, tags
        self.features = FeatureEmbedding(columns, sizes.feature, sizes.feature_dropout)
        width = encoder.size + self.features.size
        self.dropout = nn.Dropout(sizes.dropout)
        self.reader = Reader(width, sizes.hidden) if sizes.hidden else None
        self.classifier = nn.Linear(2 * sizes.hidden or width, len(tags))
        self.crf = ConstrainedCRF(tags, learned=sizes.crf)

    def emissions(self, batch: NerBatch) -> Tensor:
        """(batch, length, tags)."""
        vectors = self.encoder(batch.ids, batch.mask).characters
        if self.features.tables:
            vectors = torch.cat([vectors, self.features(batch.features)], -1)
        vectors = self.dropout(vectors)
        if self.reader is not None:
            vectors = self.dropout(self.reader(vectors, batch.mask))
        return self.classifier(vectors)

    def loss(self, emissions: Tensor, batch: NerBatch) -> Tensor:
        """Mean negative log likelihood: a text with the CRF, a character without."""
        if self.sizes.crf:
            return -self.crf(emissions, batch.tags, batch.mask, reduction="mean")
        return nn.functional.cross_entropy(emissions[batch.mask], batch.tags[batch.mask])

    @torch.no_grad()
    def spans(self, batch: NerBatch) -> list[list[ScoredSpan]]:
        """For each text its entities (start, end, label, probability) in order."""
        return scored_spans(self.tags, self.crf, self.emissions(batch), batch.mask)
