"""A linear-chain CRF over tags in which illegal sequences have no probability.

Belongs here: the constraint and span probabilities, on top of pytorch-crf. Does not belong here:
what tags mean (`tagging.py`) or where emissions come from (`ner_network.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
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
        counts = [len(row) for row in spans]
        flat = [span for row in spans for span in row]
        if not flat:
            return [[] for _ in spans]
        rows = torch.repeat_interleave(torch.tensor(counts)).to(emissions.device)
        forward, backward = self._forward(emissions, mask), self._backward(emissions, mask)
        totals = torch.logsumexp(forward[:, -1] + self.end_transitions, 1)
        scores = self._scores(emissions, mask, forward, backward, rows, torch.tensor(flat))
        found = (scores - totals[rows]).exp().clamp(max=1).split(counts)
        return [part.tolist() for part in found]

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

    def _scores(
        self,
        emissions: Tensor,
        mask: Tensor,
        forward: Tensor,
        backward: Tensor,
        rows: Tensor,
        spans: Tensor,
    ) -> Tensor:
        """Log sums over the paths that hold a span, for all spans (count, 3) of a batch."""
        start, end, begin = spans.to(emissions.device).unbind(1)
        inside, length = begin + 1, end - start
        last = torch.where(length > 1, inside, begin)
        sums = nn.functional.pad(emissions.cumsum(1), (0, 0, 1, 0))
        moves = self.transitions[begin, inside] + (length - 2) * self.transitions[inside, inside]
        score = forward[rows, start, begin] + sums[rows, end, inside]
        score = score - sums[rows, start + 1, inside] + torch.where(length > 1, moves, 0.0)
        # What follows a span is anything but more of it; at the end of a text nothing does.
        next_place = end.clamp(max=emissions.shape[1] - 1)
        following = (
            self.transitions[last] + emissions[rows, next_place] + backward[rows, next_place]
        )
        following = following.scatter(1, inside[:, None], float("-inf"))
        at_end = end == mask.sum(1)[rows]
        return score + torch.where(
            at_end, self.end_transitions[last], torch.logsumexp(following, 1)
        )
