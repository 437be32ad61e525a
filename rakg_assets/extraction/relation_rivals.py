"""Networks without pre-training that the paper's Table 6 compares with, over characters.

Each stands for a family, small and by the book: no cue words, no facts, nothing pre-trained; the
marks around a pair, and what each character is to it, are all they are told. Does not belong here:
the network that rakg trains by default (`relation_network.py`) or the rows of a table (`zoo.py`).
"""

from __future__ import annotations

from abc import abstractmethod

import torch
from torch import Tensor, nn

from rakg_assets.extraction.encoders.encoder import Encoder
from rakg_assets.extraction.reader import Reader
from rakg_assets.extraction.relation_network import LOWEST, ROLE_SIZE, PairNetwork, RelationSizes
from rakg_assets.extraction.relation_reading import BETWEEN, HEAD, LEFT, RIGHT, TAIL

_WINDOW = 3  # characters that a convolution sees


class CharacterNetwork(PairNetwork):
    """Characters with what they are to the pair, read to one vector of `size` and judged at once.

    A subclass says how they are read.
    """

    def __init__(self, encoder: Encoder, sizes: RelationSizes, size: int) -> None:
        super().__init__(encoder, sizes)
        self.roles = nn.Embedding(RIGHT + 1, ROLE_SIZE)
        self.width = encoder.size + ROLE_SIZE
        told = len(sizes.facts) * sizes.feature
        self.classifier = nn.Sequential(nn.Linear(size + told, sizes.labels))

    def scores(self, ids: Tensor, roles: Tensor, facts: Tensor, allowed: Tensor) -> Tensor:
        """(pairs, labels) of ids and roles (pairs, length), facts and allowed labels."""
        characters = self.encoder(ids, roles != 0).characters
        vectors = self.dropout(torch.cat([characters, self.roles(roles)], -1))
        return self.judged(self.read(vectors * (roles != 0)[..., None], roles), facts, allowed)

    @abstractmethod
    def read(self, vectors: Tensor, roles: Tensor) -> Tensor:
        """(pairs, size) of vectors (pairs, length, width), zeros where there is no character."""


class PipelinedRnn(CharacterNetwork):
    """PRNN: a plain recurrent layer over the text, judged piece by piece.

    The pieces are what stands before, between and behind the entities, each with them; of each
    the largest values count (as in piecewise pooling, Zeng et al. 2015).
    """

    _PIECES = ((LEFT, HEAD, TAIL), (HEAD, BETWEEN, TAIL), (HEAD, TAIL, RIGHT))

    def __init__(self, encoder: Encoder, sizes: RelationSizes) -> None:
        super().__init__(encoder, sizes, len(self._PIECES) * sizes.hidden)
        self.reader = nn.RNN(self.width, sizes.hidden, batch_first=True)

    def read(self, vectors: Tensor, roles: Tensor) -> Tensor:
        """(pairs, size); padding comes last, so that what is read does not depend on it."""
        states = self.reader(vectors)[0]
        pieces = [torch.isin(roles, roles.new_tensor(piece)) for piece in self._PIECES]
        return torch.cat([_largest(states, piece) for piece in pieces], -1)


class CnnAttention(CharacterNetwork):
    """CNN with attention that the entities ask for (Shen & Huang 2016, aclanthology C16-1238).

    How much a window of characters counts follows from it and both entities.
    """

    def __init__(self, encoder: Encoder, sizes: RelationSizes) -> None:
        super().__init__(encoder, sizes, 3 * sizes.hidden)
        self.windows = nn.Conv1d(self.width, sizes.hidden, _WINDOW, padding=_WINDOW // 2)
        self.asked = nn.Sequential(
            nn.Linear(3 * sizes.hidden, sizes.hidden), nn.Tanh(), nn.Linear(sizes.hidden, 1)
        )

    def read(self, vectors: Tensor, roles: Tensor) -> Tensor:
        """(pairs, size): the weighted mean of the windows, and both entities' largest values."""
        windows = self.windows(vectors.transpose(1, 2)).tanh().transpose(1, 2)
        ends = torch.cat([_largest(windows, roles == role) for role in (HEAD, TAIL)], -1)
        asking = ends[:, None].expand(-1, windows.shape[1], -1)
        scores = self.asked(torch.cat([windows, asking], -1))
        return torch.cat([_weighted(windows, scores, roles != 0), ends], -1)


class BilstmAttention(CharacterNetwork):
    """BiLSTM with attention by one learnt vector (Zhou et al. 2016, aclanthology P16-2034)."""

    def __init__(self, encoder: Encoder, sizes: RelationSizes) -> None:
        super().__init__(encoder, sizes, 2 * sizes.hidden)
        self.reader = Reader(self.width, sizes.hidden)
        self.attention = nn.Linear(2 * sizes.hidden, 1, bias=False)

    def read(self, vectors: Tensor, roles: Tensor) -> Tensor:
        """(pairs, size)."""
        mask = roles != 0
        states = self.reader(vectors, mask)
        return _weighted(states, self.attention(states.tanh()), mask).tanh()


def _largest(vectors: Tensor, chosen: Tensor) -> Tensor:
    """Largest values over the chosen characters: (pairs, size)."""
    return vectors.masked_fill(~chosen[..., None], LOWEST).amax(1)


def _weighted(vectors: Tensor, scores: Tensor, mask: Tensor) -> Tensor:
    """Mean of vectors (pairs, length, size) by the softmax of scores (pairs, length, 1)."""
    weights = scores.masked_fill(~mask[..., None], LOWEST).softmax(1)
    return (weights * vectors).sum(1)
