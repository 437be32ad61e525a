"""Which terms share rare pairs of characters or sounds with a name: sparse TF-IDF cosine.

Pairs are counted for a whole batch at once in numpy and multiplied by sparse_dot_topn, so that
50,000 terms stay cheap. Does not belong here: how alike two names are (`similarity.py`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from rakg_assets.fusion.sounds import codes_of, heard_codes

_CODE_BITS = 21  # a Unicode code point
# Pairs that more terms hold than this tell little and cost most.
_COMMON_SHARE, _COMMON_LEAST = 0.01, 200
# A name with fewer rare pairs is looked for by its common ones too.
_FEW = 6


class NgramIndex:
    """TF-IDF of pairs of characters and of sounds, the edges of a name included."""

    def __init__(self, terms: Sequence[str]) -> None:
        """`terms` are folded and not empty."""
        rows, pairs = _pairs(terms)
        self._vocabulary, features = np.unique(pairs, return_inverse=True)
        held = np.bincount(features, minlength=len(self._vocabulary))
        # As scikit-learn's TfidfTransformer(smooth_idf=True) weighs them.
        self._weights = (np.log((1 + len(terms)) / (1 + held)) + 1).astype(np.float32)
        self._common = held > max(_COMMON_LEAST, _COMMON_SHARE * len(terms))
        matrix = self._matrix(rows, features, len(terms), np.ones(len(features), dtype=bool))
        self._terms = matrix.T.tocsr()

    def nearest(self, names: Sequence[str], top: int, thorough: bool = False) -> sparse.csr_matrix:
        """Cosines of folded names (rows) with their `top` nearest terms (columns).

        Pairs that very many terms share are passed over, unless `thorough` or a name has hardly
        any others.
        """
        rows, pairs = _pairs(names)
        features = np.searchsorted(self._vocabulary, pairs)
        features[features == len(self._vocabulary)] = 0
        known = self._vocabulary[features] == pairs
        if not thorough:
            rare = known & ~self._common[features]
            poor = np.bincount(rows[rare], minlength=len(names)) < _FEW
            known &= rare | poor[rows]
        queries = self._matrix(rows, features, len(names), known)
        threads = os.cpu_count() or 1
        return sp_matmul_topn(queries, self._terms, top_n=top, sort=True, n_threads=threads)

    def _matrix(
        self, rows: np.ndarray, features: np.ndarray, height: int, kept: np.ndarray
    ) -> sparse.csr_matrix:
        """Rows of unit length; `rows` ascend, and each pair stands once in a row."""
        rows, features = rows[kept], features[kept]
        values = self._weights[features]
        lengths = np.sqrt(np.bincount(rows, weights=values.astype(np.float64) ** 2))
        starts = np.searchsorted(rows, np.arange(height + 1))
        unit = (values / lengths[rows]).astype(np.float32)
        shape = (height, len(self._vocabulary))
        return sparse.csr_matrix((unit, features.astype(np.int32), starts), shape=shape)


def _pairs(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Row and pair of each distinct pair of neighbours (characters or sounds) of each text."""
    codes = codes_of(texts)
    row = np.cumsum(codes == 0) - 1
    both = [_neighbours(codes), _neighbours(heard_codes(codes))]
    rows = np.concatenate([row[:-1]] * 2)
    order = np.lexsort((np.concatenate(both), rows))
    rows, pairs = rows[order], np.concatenate(both)[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]) | (pairs[1:] != pairs[:-1])
    return rows[first], pairs[first]


def _neighbours(codes: np.ndarray) -> np.ndarray:
    wide = codes.astype(np.int64)
    return (wide[:-1] << _CODE_BITS) | wide[1:]
