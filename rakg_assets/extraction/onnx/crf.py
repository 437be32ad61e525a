"""Decoding and span probabilities of a linear-chain CRF over a batch, in numpy.

Belongs here: what `crf.py` computes with torch, for models that run without it. Does not belong
here: learning the scores (`crf.py`) or what tags mean (`tagging.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from rakg_assets.extraction.artifacts import CRF, ModelError

Span = tuple[int, int, int]
# Keeps the log of what cannot be finite.
_TINY = 1e-300
# Parts of the file -> parameters of the torch class.
SCORES = {"start": "start_transitions", "transition": "transitions", "end": "end_transitions"}


@dataclass(frozen=True)
class CrfScores:
    """Scores of a first tag, of a tag (row) before another (column), and of a last tag.

    Shapes below: emissions (batch, length, tags), mask (batch, length) of bool, true at the start
    of every row; a row has one character at least.
    """

    start: np.ndarray
    transition: np.ndarray
    end: np.ndarray

    def decode(self, emissions: np.ndarray, mask: np.ndarray) -> list[list[int]]:
        """The most likely sequence of tags of each row (Viterbi)."""
        batch, length, tags = emissions.shape
        before = np.empty((length, batch, tags), dtype=np.int64)
        score = self.start + emissions[:, 0]
        for place in range(1, length):
            moved = score[:, :, None] + self.transition
            before[place] = moved.argmax(1)
            inside = mask[:, place, None]
            score = np.where(inside, moved.max(1) + emissions[:, place], score)
        tag, rows = (score + self.end).argmax(1), np.arange(batch)
        path = np.empty((batch, length), dtype=np.int64)
        for place in range(length - 1, -1, -1):
            path[:, place] = tag
            if place:
                tag = np.where(mask[:, place], before[place][rows, tag], tag)
        return [row[:n].tolist() for row, n in zip(path, mask.sum(1), strict=True)]

    def span_probabilities(
        self, emissions: np.ndarray, mask: np.ndarray, spans: Sequence[Sequence[Span]]
    ) -> list[list[float]]:
        """For each row the probability of each span: B, then I to its end, then anything else.

        A span is (start, end, number of its B tag). Exact: a forward and a backward pass.
        """
        # Rows without a span need no passes.
        some = [i for i, row in enumerate(spans) if row]
        found: list[list[float]] = [[] for _ in spans]
        if not some:
            return found
        emissions, mask = emissions[some].astype(np.float64), mask[some]
        counts = [len(spans[i]) for i in some]
        rows = np.repeat(np.arange(len(some)), counts)
        flat = np.array([span for i in some for span in spans[i]])
        forward, backward = self._forward(emissions, mask), self._backward(emissions, mask)
        totals = _log_sum(forward[:, -1] + self.end, 1)
        scores = self._span_scores(emissions, mask, forward, backward, rows, flat)
        shares = np.exp(scores - totals[rows]).clip(max=1)
        for i, part in zip(some, np.split(shares, np.cumsum(counts)[:-1]), strict=True):
            found[i] = part.tolist()
        return found

    def _forward(self, emissions: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """(batch, length, tags): log sum over the prefixes that end in a tag; padding repeats."""
        moves = np.exp(self.transition.astype(np.float64))
        out = np.empty_like(emissions)
        out[:, 0] = self.start + emissions[:, 0]
        for place in range(1, emissions.shape[1]):
            moved = _log_product(out[:, place - 1], moves) + emissions[:, place]
            out[:, place] = np.where(mask[:, place, None], moved, out[:, place - 1])
        return out

    def _backward(self, emissions: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """(batch, length, tags): log sum over the suffixes after a tag, itself left out."""
        moves = np.exp(self.transition.astype(np.float64).T)
        out = np.empty_like(emissions)
        out[:, -1] = self.end
        for place in range(emissions.shape[1] - 1, 0, -1):
            moved = _log_product(emissions[:, place] + out[:, place], moves)
            out[:, place - 1] = np.where(mask[:, place, None], moved, out[:, place])
        return out

    def _span_scores(
        self,
        emissions: np.ndarray,
        mask: np.ndarray,
        forward: np.ndarray,
        backward: np.ndarray,
        rows: np.ndarray,
        spans: np.ndarray,
    ) -> np.ndarray:
        """Log sums over the paths that hold a span, for all spans (count, 3) of a batch."""
        start, end, begin = spans.T
        inside, longer = begin + 1, end - start - 1
        last = np.where(longer > 0, inside, begin)
        sums = np.pad(emissions.cumsum(1), ((0, 0), (1, 0), (0, 0)))
        moves = self.transition[begin, inside] + (longer - 1) * self.transition[inside, inside]
        score = forward[rows, start, begin] + np.where(longer > 0, moves, 0.0)
        score += sums[rows, end, inside] - sums[rows, start + 1, inside]
        # What follows a span is anything but more of it; at the end of a text nothing does.
        after = end.clip(max=emissions.shape[1] - 1)
        following = self.transition[last] + emissions[rows, after] + backward[rows, after]
        following[np.arange(len(spans)), inside] = -np.inf
        at_end = end == mask.sum(1)[rows]
        return score + np.where(at_end, self.end[last], _log_sum(following, 1))


def read_scores(folder: Path) -> CrfScores:
    """The scores in a release folder. Raises `ModelError` where they are missing or broken."""
    path = folder / CRF
    try:
        tensors = load_file(path)
        return CrfScores(**{part: tensors[part] for part in SCORES})
    except (OSError, KeyError, SafetensorError) as error:
        reason = type(error).__name__
        raise ModelError(f"{path}: {reason}; export the model again") from error


def _log_sum(values: np.ndarray, axis: int) -> np.ndarray:
    highest = values.max(axis, keepdims=True)
    return np.log(np.exp(values - highest).sum(axis)) + highest.squeeze(axis)


def _log_product(logs: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Log of exp(logs) @ factors: one product of matrices in place of a sum over all pairs."""
    highest = logs.max(1, keepdims=True)
    return np.log(np.exp(logs - highest) @ factors + _TINY) + highest
