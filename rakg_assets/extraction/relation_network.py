"""The network of relation extraction: marked text in, one score a label out.

The sentence vector ([CLS], or the largest value over the BiLSTM) and the mean vectors of both
entities go into a feed-forward net (Liu et al. 2023). Does not belong here: how pairs are made
(`pairs.py`) or trained (`relation.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rakg_assets.extraction.encoder import BertEncoder, Encoder

_LOWEST = -1e4


@dataclass(frozen=True)
class RelationBatch:
    """Pairs as tensors: ids, mask, kinds, heads, tails (batch, length), gaps (batch, columns).

    `allowed` (batch, labels) is true for the labels that the types allow; `labels` (batch) is
    the right one.
    """

    ids: Tensor
    mask: Tensor
    kinds: Tensor
    roles: Tensor
    heads: Tensor
    tails: Tensor
    gaps: Tensor
    allowed: Tensor
    labels: Tensor

    def to(self, device: torch.device) -> RelationBatch:
        """The same on a device."""
        return RelationBatch(**{name: value.to(device) for name, value in vars(self).items()})


@dataclass(frozen=True)
class RelationSizes:
    """Sizes of the layers and the symbols of each column; `hidden` is one LSTM direction."""

    hidden: int
    feature: int
    dropout: float
    kinds: int
    roles: int
    gaps: tuple[int, ...]
    labels: int


class RelationNetwork(nn.Module):
    """Scores over labels for a pair; labels that its types do not allow score lowest."""

    def __init__(self, encoder: Encoder, sizes: RelationSizes) -> None:
        super().__init__()
        self.encoder = encoder
        self.kinds = nn.Embedding(sizes.kinds, sizes.feature)
        self.roles = nn.Embedding(sizes.roles, sizes.feature)
        self.gaps = nn.ModuleList(nn.Embedding(rows, sizes.feature) for rows in sizes.gaps)
        self.dropout = nn.Dropout(sizes.dropout)
        width = encoder.size + 2 * sizes.feature
        # A pre-trained encoder has read the whole sentence; embeddings have not.
        self.lstm = (
            None
            if isinstance(encoder, BertEncoder)
            else nn.LSTM(width, sizes.hidden, batch_first=True, bidirectional=True)
        )
        vector = width if self.lstm is None else 2 * sizes.hidden
        sentence = encoder.size if self.lstm is None else vector
        self.classifier = nn.Sequential(
            nn.Linear(sentence + 2 * vector + len(sizes.gaps) * sizes.feature, 2 * sizes.hidden),
            nn.GELU(),
            nn.Dropout(sizes.dropout),
            nn.Linear(2 * sizes.hidden, sizes.labels),
        )

    def forward(self, batch: RelationBatch) -> Tensor:
        """(batch, labels)."""
        encoded = self.encoder(batch.ids, batch.mask)
        vectors = torch.cat(
            [encoded.characters, self.kinds(batch.kinds), self.roles(batch.roles)], -1
        )
        vectors, sentence = self._read(self.dropout(vectors), encoded.sentence, batch.mask)
        gaps = [table(batch.gaps[:, i]) for i, table in enumerate(self.gaps)]
        parts = [sentence, _mean(vectors, batch.heads), _mean(vectors, batch.tails), *gaps]
        scores = self.classifier(self.dropout(torch.cat(parts, -1)))
        return scores.masked_fill(~batch.allowed, _LOWEST)

    def _read(self, vectors: Tensor, sentence: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        if self.lstm is None:
            return vectors, sentence
        # Packed, so that what a pair gets does not depend on its neighbours' lengths.
        lengths = mask.sum(1).cpu()
        packed = pack_padded_sequence(vectors, lengths, batch_first=True, enforce_sorted=False)
        read = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)[0]
        return read, read.masked_fill(~mask[..., None], _LOWEST).amax(1)

    def loss(self, batch: RelationBatch) -> Tensor:
        """Mean cross entropy over the pairs."""
        return nn.functional.cross_entropy(self(batch), batch.labels)


def _mean(vectors: Tensor, chosen: Tensor) -> Tensor:
    """Mean over the chosen characters: (batch, size)."""
    weights = chosen[..., None].to(vectors.dtype)
    return (vectors * weights).sum(1) / weights.sum(1).clamp(min=1)
