"""The network of relation extraction: marked text in, one score a label out.

The sentence vector ([CLS], or the largest value over the BiLSTM) and the mean vectors of both
entities go into a feed-forward net (Liu et al. 2023). Belongs here too: what all relation networks
share. Does not belong here: how pairs are made (`pairs.py`) or trained (`relation.py`), other
networks (`packed_network.py`, `relation_rivals.py`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from rakg_assets.extraction.encoders.encoder import BertEncoder, Encoder
from rakg_assets.extraction.reader import Reader
from rakg_assets.extraction.relation_reading import HEAD, RIGHT, TAIL, PairReader

LOWEST = -1e4
"""The score of what cannot be."""

ROLE_SIZE = 8
"""Of the vector of what a character is to the pair."""


@dataclass(frozen=True)
class RelationBatch:
    """Pairs as tensors: what a `PairReader` gives of them by name, and `labels` (pairs).

    Labels are numbered within a pair: 0 is other.
    """

    inputs: dict[str, Tensor]
    labels: Tensor

    def to(self, device: torch.device) -> RelationBatch:
        """The same on a device."""
        moved = {name: tensor.to(device) for name, tensor in self.inputs.items()}
        return RelationBatch(moved, self.labels.to(device))


@dataclass(frozen=True)
class RelationSizes:
    """Sizes of the layers and the symbols of each fact; `hidden` is one LSTM direction."""

    hidden: int
    feature: int
    dropout: float
    facts: tuple[int, ...]
    labels: int


class PairNetwork(nn.Module, ABC):
    """Scores over the labels of a pair; labels that its types do not allow score lowest.

    The last layer of `classifier` gives the scores, of what a network has read and of the facts.
    """

    reading: ClassVar[type[PairReader]] = PairReader
    """What makes its inputs."""

    classifier: nn.Sequential

    def __init__(self, encoder: Encoder, sizes: RelationSizes) -> None:
        super().__init__()
        self.encoder = encoder
        self.facts = nn.ModuleList(nn.Embedding(rows, sizes.feature) for rows in sizes.facts)
        self.dropout = nn.Dropout(sizes.dropout)

    def forward(self, batch: RelationBatch) -> Tensor:
        """(pairs, labels)."""
        return self.scores(**batch.inputs)

    @abstractmethod
    def scores(self, *inputs: Tensor, **named: Tensor) -> Tensor:
        """The same, of the inputs by the names that `reading` gives them."""

    def loss(self, batch: RelationBatch) -> Tensor:
        """Mean cross entropy over the pairs."""
        return nn.functional.cross_entropy(self(batch), batch.labels)

    @torch.no_grad()
    def cool(self, temperature: float) -> None:
        """Divide all scores by a temperature from here on, in the last layer's weights.

        So that whatever computes this network, in whatever form, gives calibrated scores.
        """
        for parameter in self.classifier[-1].parameters():
            parameter /= temperature

    def judged(self, read: Tensor, facts: Tensor, allowed: Tensor) -> Tensor:
        """Scores (pairs, labels) of vectors (pairs, width), of facts and of what is allowed."""
        columns = [table(facts[:, i]) for i, table in enumerate(self.facts)]
        scores = self.classifier(self.dropout(torch.cat([read, *columns], -1)))
        return scores.masked_fill(~allowed, LOWEST)


def feed_forward(width: int, sizes: RelationSizes) -> nn.Sequential:
    """From what was read, `width` numbers, and the facts to scores, with one hidden layer."""
    return nn.Sequential(
        nn.Linear(width + len(sizes.facts) * sizes.feature, 2 * sizes.hidden),
        nn.GELU(),
        nn.Dropout(sizes.dropout),
        nn.Linear(2 * sizes.hidden, sizes.labels),
    )


class RelationNetwork(PairNetwork):
    """The paper's: sentence and pooled entities of a marked text, read by a BERT or a BiLSTM."""

    def __init__(self, encoder: Encoder, sizes: RelationSizes) -> None:
        super().__init__(encoder, sizes)
        # A pre-trained encoder has read the whole text, marks included; embeddings have not.
        reads = not isinstance(encoder, BertEncoder)
        self.roles = nn.Embedding(RIGHT + 1, ROLE_SIZE) if reads else None
        self.reader = Reader(encoder.size + ROLE_SIZE, sizes.hidden) if reads else None
        self.classifier = feed_forward(3 * (2 * sizes.hidden if reads else encoder.size), sizes)

    def scores(self, ids: Tensor, roles: Tensor, facts: Tensor, allowed: Tensor) -> Tensor:
        """(pairs, labels) of ids and roles (pairs, length), facts and allowed labels."""
        mask = roles != 0
        encoded = self.encoder(ids, mask)
        vectors, sentence = encoded.characters, encoded.sentence
        if self.reader is not None:
            read = torch.cat([self.dropout(vectors), self.roles(roles)], -1)
            vectors = self.reader(read, mask)
            sentence = vectors.masked_fill(~mask[..., None], LOWEST).amax(1)
        ends = [_mean(vectors, roles == role) for role in (HEAD, TAIL)]
        return self.judged(torch.cat([sentence, *ends], -1), facts, allowed)


def _mean(vectors: Tensor, chosen: Tensor) -> Tensor:
    """Mean over the chosen characters: (batch, size)."""
    weights = chosen[..., None].to(vectors.dtype)
    return (vectors * weights).sum(1) / weights.sum(1).clamp(min=1)
