"""How near names are in meaning: cosines of an encoder's vectors.

Belongs here: vectors of names, made once each. Does not belong here: which of two near concepts a
mention means (`fusion/name_index.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch

from rakg_assets.extraction.encoders.encoder import Encoder

_BATCH = 64


class NameEncoder:
    """Vectors of names: the mean over a name's characters; the encoder is loaded when asked."""

    def __init__(self, load: Callable[[], Encoder]) -> None:
        self._load = load
        self._encoder: Encoder | None = None
        self._vectors: dict[str, np.ndarray] = {}

    def cosines(self, ones: Sequence[str], others: Sequence[str]) -> np.ndarray:
        """The cosine of each pair of names, -1..1; 0 for an empty name."""
        self._encode([*ones, *others])
        return np.array(
            [float(self._vectors[a] @ self._vectors[b]) for a, b in zip(ones, others, strict=True)],
            dtype=np.float64,
        )

    def _encode(self, names: Sequence[str]) -> None:
        new = sorted({name for name in names if name not in self._vectors}, key=len)
        if new and self._encoder is None:
            self._encoder = self._load().eval()
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            self._vectors |= zip(batch, self._means(batch), strict=True)

    @torch.inference_mode()
    def _means(self, names: Sequence[str]) -> np.ndarray:
        """Unit vectors (names, size)."""
        assert self._encoder is not None
        ids = [self._encoder.ids(name[: self._encoder.limit]) for name in names]
        longest = max(map(len, ids)) or 1
        padded = torch.tensor([row + [0] * (longest - len(row)) for row in ids])
        mask = torch.tensor([[at < len(row) for at in range(longest)] for row in ids])
        vectors = self._encoder(padded, mask).characters.sum(1)
        return torch.nn.functional.normalize(vectors, dim=1).numpy()
