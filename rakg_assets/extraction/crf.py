"""A linear-chain CRF over tags in which illegal sequences have no probability.

Belongs here: the constraint and span probabilities, on top of pytorch-crf. Does not belong here:
what tags mean (`tagging.py`) or where emissions come from (`ner_network.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torchcrf import CRF

from rakg_assets.extraction.tagging import TagSet

Span = tuple[int, int, int]
_IMPOSSIBLE = -1e4


class ConstrainedCRF(CRF):
    """pytorch-crf with illegal starts and transitions held at an impossible score.

    Shapes: emissions (batch, length, tags), mask (batch, length) of bool, true at the start of
    every row. `learned=False` keeps legal transitions at 0: plain softmax with legal decoding.
    """

    def __init__(self, tags: TagSet, learned: bool = True) -> None:
        super().__init__(len(tags), batch_first=True)
        starts, moves = torch.tensor(tags.legal_starts()), torch.tensor(tags.legal_transitions())
        self.register_buffer("illegal_starts", ~starts, persistent=False)
        self.register_buffer("illegal_moves", ~moves, persistent=False)
        if not learned:
            for parameter in self.parameters():
                torch.nn.init.zeros_(parameter)
        self.requires_grad_(learned)
        self.constrain()

    @torch.no_grad()
    def constrain(self) -> None:
        """Hold the illegal scores; called before every use, as an optimiser step may move them."""
        self.start_transitions.masked_fill_(self.illegal_starts, _IMPOSSIBLE)
        self.transitions.masked_fill_(self.illegal_moves, _IMPOSSIBLE)

    def forward(
        self, emissions: Tensor, tags: Tensor, mask: Tensor | None = None, reduction: str = "sum"
    ) -> Tensor:
        """The log likelihood of tag sequences, as in pytorch-crf."""
        self.constrain()
        return super().forward(emissions, tags, mask, reduction)

    def decode(self, emissions: Tensor, mask: Tensor | None = None) -> list[list[int]]:
        """The most likely legal sequence of each row."""
        self.constrain()
        return super().decode(emissions, mask)

    @torch.no_grad()
    def span_probabilities(
        self, emissions: Tensor, mask: Tensor, spans: Sequence[Sequence[Span]]
    ) -> list[list[float]]:
        """For each row the probability of each span: B, then I to its end, then anything else.

        A span is (start, end, number of its B tag). Exact: a forward and a backward pass, not a
        product of marginals.
        """
        self.constrain()
        forward, backward = self._forward(emissions, mask), self._backward(emissions, mask)
        totals = torch.logsumexp(forward[:, -1] + self.end_transitions, 1).tolist()
        lengths = mask.sum(1).tolist()
        probabilities = []
        for i, (length, total) in enumerate(zip(lengths, totals, strict=True)):
            text = emissions[i, :length], forward[i], backward[i]
            scores = [self._score(*text, *span) for span in spans[i]]
            probabilities.append([min(1.0, math.exp(score - total)) for score in scores])
        return probabilities

    def _forward(self, emissions: Tensor, mask: Tensor) -> Tensor:
        """(batch, length, tags): log sum over the prefixes that end in a tag; padding repeats."""
        rows = [self.start_transitions + emissions[:, 0]]
        for emission, inside in zip(emissions.unbind(1)[1:], mask.unbind(1)[1:], strict=True):
            moved = torch.logsumexp(rows[-1][:, :, None] + self.transitions, 1) + emission
            rows.append(torch.where(inside[:, None], moved, rows[-1]))
        return torch.stack(rows, 1)

    def _backward(self, emissions: Tensor, mask: Tensor) -> Tensor:
        """(batch, length, tags): log sum over the suffixes after a tag, itself left out."""
        rows = [self.end_transitions.expand(len(emissions), -1)]
        steps = zip(emissions.unbind(1)[:0:-1], mask.unbind(1)[:0:-1], strict=True)
        for emission, inside in steps:
            moved = torch.logsumexp(self.transitions + (emission + rows[-1])[:, None], 2)
            rows.append(torch.where(inside[:, None], moved, rows[-1]))
        return torch.stack(rows[::-1], 1)

    def _score(
        self, emissions: Tensor, forward: Tensor, backward: Tensor, start: int, end: int, begin: int
    ) -> float:
        """Log sum over the paths of one text, (length, tags), that hold a span."""
        inside, last = begin + 1, begin if end - start == 1 else begin + 1
        score = forward[start, begin] + emissions[start + 1 : end, inside].sum()
        if end - start > 1:
            score = score + self.transitions[begin, inside]
            score = score + (end - start - 2) * self.transitions[inside, inside]
        if end == len(emissions):
            return float(score + self.end_transitions[last])
        following = self.transitions[last] + emissions[end] + backward[end]
        following[inside] = float("-inf")
        return float(score + torch.logsumexp(following, 0))
