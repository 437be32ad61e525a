"""The network of assertion: a sentence with all its entities in, four scores an entity out.

A BiLSTM reads the sentence once; an entity is its vectors at both ends with what is known of it.
Does not belong here: how sentences become tensors (`assertion_reading.py`), training
(`assertion_training.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from rakg_assets.extraction.encoders.encoder import Encoder
from rakg_assets.extraction.reader import Reader
from rakg_assets.extraction.vocabulary import UNKNOWN
from rakg_assets.ontology.schema import Assertion


@dataclass(frozen=True)
class AssertionBatch:
    """Passages and their entities as tensors; shapes as in `PassageReader.arrays`."""

    ids: Tensor
    lengths: Tensor
    rows: Tensor
    firsts: Tensor
    lasts: Tensor
    facts: Tensor
    labels: Tensor

    def to(self, device: torch.device) -> AssertionBatch:
        """The same on a device."""
        return AssertionBatch(**{name: value.to(device) for name, value in vars(self).items()})


@dataclass(frozen=True)
class AssertionSizes:
    """Sizes of the layers and the symbols of each fact; `hidden` is one LSTM direction.

    `forget` is the share of facts that read as unknown in training.
    """

    hidden: int
    feature: int
    dropout: float
    forget: float
    facts: tuple[int, ...]


class AssertionNetwork(nn.Module):
    """Scores over the assertions, for each entity of a batch."""

    def __init__(self, encoder: Encoder, sizes: AssertionSizes) -> None:
        super().__init__()
        self.encoder, self.forget = encoder, sizes.forget
        self.reader = Reader(encoder.size, sizes.hidden)
        self.facts = nn.ModuleList(nn.Embedding(rows, sizes.feature) for rows in sizes.facts)
        self.dropout = nn.Dropout(sizes.dropout)
        self.classifier = nn.Sequential(
            nn.Linear(4 * sizes.hidden + len(sizes.facts) * sizes.feature, 2 * sizes.hidden),
            nn.GELU(),
            nn.Dropout(sizes.dropout),
            nn.Linear(2 * sizes.hidden, len(Assertion)),
        )

    def forward(self, batch: AssertionBatch) -> Tensor:
        """(entities, assertions)."""
        places = torch.arange(batch.ids.shape[1], device=batch.ids.device)
        mask = places < batch.lengths[:, None]
        vectors = self.dropout(self.encoder(batch.ids, mask).characters)
        vectors = self.reader(vectors, mask)
        ends = [vectors[batch.rows, place] for place in (batch.firsts, batch.lasts)]
        return self.classifier(self.dropout(torch.cat([*ends, *self._known(batch.facts)], -1)))

    def loss(self, batch: AssertionBatch) -> Tensor:
        """Mean cross entropy over the entities."""
        return nn.functional.cross_entropy(self(batch), batch.labels)

    def _known(self, facts: Tensor) -> list[Tensor]:
        if self.training and self.forget:
            facts = facts.masked_fill(
                torch.rand(facts.shape, device=facts.device) < self.forget, UNKNOWN
            )
        return [table(facts[:, column]) for column, table in enumerate(self.facts)]
