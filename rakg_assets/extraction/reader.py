"""The BiLSTM that reads a text both ways, as entity and relation networks use it.

Does not belong here: what it reads (encoders and features) and what is made of it (the networks).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Reader(nn.Module):
    """Two LSTMs, the second over the reversed text.

    Padding comes last for both, so that what a text gets does not depend on its neighbours'
    lengths, at a fraction of the time of a packed sequence on a CPU.
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.forwards = nn.LSTM(width, hidden, batch_first=True)
        self.backwards = nn.LSTM(width, hidden, batch_first=True)

    def forward(self, vectors: Tensor, mask: Tensor) -> Tensor:
        """(batch, length, width) and mask (batch, length) to (batch, length, 2 * hidden)."""
        lengths = mask.sum(1, keepdim=True)
        places = torch.arange(mask.shape[1], device=mask.device)
        mirror = torch.where(places < lengths, lengths - 1 - places, places)
        ahead = self.forwards(vectors)[0]
        back = _gathered(self.backwards(_gathered(vectors, mirror))[0], mirror)
        return torch.cat([ahead, back], -1)


def _gathered(vectors: Tensor, places: Tensor) -> Tensor:
    return vectors.gather(1, places[..., None].expand(-1, -1, vectors.shape[2]))
