"""What keeps a model of few records from learning them by heart.

Belongs here: moving averages of weights, adversarial word vectors, agreement of two readings under
dropout. Does not belong here: when they are used (`training.py`, `ner.py`), other texts
(`augmentation.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

# Parameters that hold the vectors of characters, by the end of their names.
_VECTORS = ("word_embeddings.weight", "encoder.embedding.weight", "backbone.embedding.weight")


class MovingAverage:
    """The mean of a module's floating-point state over its steps, the last ones weighing most.

    The share of the past grows to `decay`: early on it is (1 + n) / (10 + n) at step n, so that
    the start is soon forgotten (Polyak averaging as in TensorFlow's ExponentialMovingAverage).
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.module, self.decay, self.steps = module, decay, 0
        self.state = {n: t.detach().clone() for n, t in self._live().items()}

    def update(self) -> None:
        """Take in the module as it is after a step."""
        share = min(self.decay, (1 + self.steps) / (10 + self.steps))
        self.steps += 1
        live = self._live()
        torch._foreach_lerp_(list(self.state.values()), list(live.values()), 1 - share)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Within, the module has the averaged state."""
        live = self._live()
        kept = {name: tensor.detach().clone() for name, tensor in live.items()}
        _copy(self.state, live)
        try:
            yield
        finally:
            _copy(kept, live)

    def saved(self) -> dict[str, Tensor]:
        """Everything to go on from, as tensors."""
        return {**self.state, "": torch.tensor(self.steps)}

    def restore(self, saved: Mapping[str, Tensor]) -> None:
        """Go on from what `saved` gave."""
        self.steps = int(saved[""])
        _copy(saved, self.state)

    def _live(self) -> dict[str, Tensor]:
        state = self.module.state_dict()
        return {name: tensor for name, tensor in state.items() if tensor.is_floating_point()}


@contextmanager
def adversarial(module: nn.Module, size: float) -> Iterator[None]:
    """Within, character vectors stand `size` further up the gradient of the last loss.

    The fast gradient method of Miyato et al. (arXiv 1605.07725): of all steps of this length the
    one that hurts most, taken on the whole table.
    """
    moved = []
    for name, parameter in module.named_parameters():
        if name.endswith(_VECTORS) and parameter.grad is not None:
            norm = parameter.grad.norm()
            if norm > 0:
                moved.append((parameter, parameter.detach().clone()))
                parameter.data += size * parameter.grad / norm
    try:
        yield
    finally:
        for parameter, before in moved:
            parameter.data.copy_(before)


def disagreement(one: Tensor, other: Tensor, mask: Tensor) -> Tensor:
    """Symmetric KL divergence of two readings of the same texts, a mean over texts (R-Drop).

    `one` and `other` are emissions (batch, length, tags) under different dropout, `mask` is
    (batch, length). Source: arXiv 2106.14448.
    """
    left, right = one[mask].log_softmax(-1), other[mask].log_softmax(-1)
    apart = (left.exp() - right.exp()) * (left - right)
    return apart.sum() / (2 * len(mask))


def _copy(source: Mapping[str, Tensor], target: Mapping[str, Tensor]) -> None:
    with torch.no_grad():
        for name, tensor in target.items():
            tensor.copy_(source[name])
