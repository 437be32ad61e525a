"""The network of relation extraction: marked text in, one score a label out.

The sentence vector ([CLS], or the largest value over the BiLSTM) and the mean vectors of both
entities go into a feed-forward net (Liu et al. 2023). Does not belong here: how pairs are made
(`pairs.py`) or trained (`relation.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from rakg_assets.extraction.encoders.encoder import BertEncoder, Encoder
from rakg_assets.extraction.reader import Reader
from rakg_assets.extraction.relation_reading import HEAD, RIGHT, TAIL

_LOWEST = -1e4
_ROLE_SIZE = 8
_STEP = 8  # lengths are rounded up: kernels are compiled for a shape


@dataclass(frozen=True)
class RelationBatch:
    """Pairs as tensors: ids and roles (batch, length), facts (batch, columns).

    `allowed` (batch, labels) is true for the labels that the types allow; `labels` (batch) is
    the right one. Labels are numbered within a pair: 0 is other.
    """

    ids: Tensor
    roles: Tensor
    facts: Tensor
    allowed: Tensor
    labels: Tensor

    def rows(self, chosen: Tensor) -> RelationBatch:
        """Some of the pairs, without the columns that are padding in all of them."""
        length = int((self.roles[chosen] != 0).sum(1).max())
        length = min(-(-length // _STEP) * _STEP, self.roles.shape[1])
        ids, roles = self.ids[chosen, :length], self.roles[chosen, :length]
        return RelationBatch(
            ids, roles, self.facts[chosen], self.allowed[chosen], self.labels[chosen]
        )

    def to(self, device: torch.device) -> RelationBatch:
        """The same on a device."""
        return RelationBatch(**{name: value.to(device) for name, value in vars(self).items()})


@dataclass(frozen=True)
class RelationSizes:
    """Sizes of the layers and the symbols of each fact; `hidden` is one LSTM direction."""

    hidden: int
    feature: int
    dropout: float
    facts: tuple[int, ...]
    labels: int


class RelationNetwork(nn.Module):
    """Scores over the labels of a pair; labels that its types do not allow score lowest."""

    def __init__(self, encoder: Encoder, sizes: RelationSizes) -> None:
        super().__init__()
        self.encoder = encoder
        self.facts = nn.ModuleList(nn.Embedding(rows, sizes.feature) for rows in sizes.facts)
        self.dropout = nn.Dropout(sizes.dropout)
        # A pre-trained encoder has read the whole text, marks included; embeddings have not.
        reads = not isinstance(encoder, BertEncoder)
        self.roles = nn.Embedding(RIGHT + 1, _ROLE_SIZE) if reads else None
        self.reader = Reader(encoder.size + _ROLE_SIZE, sizes.hidden) if reads else None
        width = 2 * sizes.hidden if reads else encoder.size
        self.classifier = nn.Sequential(
            nn.Linear(3 * width + len(sizes.facts) * sizes.feature, 2 * sizes.hidden),
            nn.GELU(),
            nn.Dropout(sizes.dropout),
            nn.Linear(2 * sizes.hidden, sizes.labels),
        )

    def forward(self, batch: RelationBatch) -> Tensor:
        """(batch, labels)."""
        return self.scores(batch.ids, batch.roles, batch.facts, batch.allowed)

    def scores(self, ids: Tensor, roles: Tensor, facts: Tensor, allowed: Tensor) -> Tensor:
        """The same, of the tensors of a `RelationBatch` that need no right label."""
        mask = roles != 0
        encoded = self.encoder(ids, mask)
        vectors, sentence = encoded.characters, encoded.sentence
        if self.reader is not None:
            read = torch.cat([self.dropout(vectors), self.roles(roles)], -1)
            vectors = self.reader(read, mask)
            sentence = vectors.masked_fill(~mask[..., None], _LOWEST).amax(1)
        columns = [table(facts[:, i]) for i, table in enumerate(self.facts)]
        ends = [_mean(vectors, roles == role) for role in (HEAD, TAIL)]
        scores = self.classifier(self.dropout(torch.cat([sentence, *ends, *columns], -1)))
        return scores.masked_fill(~allowed, _LOWEST)

    def loss(self, batch: RelationBatch) -> Tensor:
        """Mean cross entropy over the pairs."""
        return nn.functional.cross_entropy(self(batch), batch.labels)


def _mean(vectors: Tensor, chosen: Tensor) -> Tensor:
    """Mean over the chosen characters: (batch, size)."""
    weights = chosen[..., None].to(vectors.dtype)
    return (vectors * weights).sum(1) / weights.sum(1).clamp(min=1)
