"""General-purpose matchers that the linker is measured against, each as its users would set it up.

Belongs here: their calls and the threshold from which each takes its best name. Does not belong
here: our own linker (`fusion/linking.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from rapidfuzz import fuzz, process
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sparse_dot_topn import sp_matmul_topn

from rakg_assets.fusion.benchmark.pairs import Pair, is_right
from rakg_assets.ontology.dictionaries import Concept, Dictionary
from rakg_assets.ontology.schema import EntityType

#: The position of the best name of each mention and its score, 0..1.
Best = tuple[np.ndarray, np.ndarray]


class Matcher(Protocol):
    """Whatever finds the best name of each mention."""

    def best(self, mentions: Sequence[str]) -> Best:
        """Positions and scores of the best names, in the order of the mentions."""


class ExtractOne:
    """rapidfuzz `process.extractOne`, a mention at a time."""

    title = "rapidfuzz extractOne"

    def __init__(self, names: Sequence[str]) -> None:
        self._names = [name.casefold() for name in names]

    def best(self, mentions: Sequence[str]) -> Best:
        """The best name of each mention by `fuzz.ratio`."""
        found = [process.extractOne(m.casefold(), self._names, scorer=fuzz.ratio) for m in mentions]
        return np.array([f[2] for f in found]), np.array([f[1] / 100 for f in found])


class Cdist:
    """rapidfuzz `process.cdist`: all mentions against all names on all cores."""

    title = "rapidfuzz cdist"

    def __init__(self, names: Sequence[str]) -> None:
        self._names = [name.casefold() for name in names]

    def best(self, mentions: Sequence[str]) -> Best:
        """The best name of each mention by `fuzz.ratio`."""
        folded = [mention.casefold() for mention in mentions]
        scores = process.cdist(folded, self._names, scorer=fuzz.ratio, dtype=np.uint8, workers=-1)
        return scores.argmax(1), scores.max(1) / 100


class TfidfTopn:
    """scikit-learn TF-IDF of character n-grams, multiplied by sparse_dot_topn on all cores.

    The n-grams are those with which it is most often right on the tuning pairs, of char and
    char_wb from 1 to 3; `char` from 2 to 3 is six times as fast and right less often.
    """

    title = "TF-IDF + sparse_dot_topn"

    def __init__(self, names: Sequence[str]) -> None:
        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), dtype=np.float32)
        self._matrix = sparse.csr_matrix(self._vectorizer.fit_transform(names).T)

    def best(self, mentions: Sequence[str]) -> Best:
        """The name of each mention with the greatest cosine; -1 where none shares an n-gram."""
        queries = self._vectorizer.transform(mentions)
        near = sp_matmul_topn(queries, self._matrix, top_n=1, sort=True, n_threads=os.cpu_count())
        found = np.diff(near.indptr) > 0
        terms = np.full(len(mentions), -1)
        scores = np.zeros(len(mentions))
        terms[found], scores[found] = near.indices, near.data
        return terms, scores


@dataclass(frozen=True)
class Answers:
    """The best concept of each pair by a matcher, with its score."""

    concepts: list[Concept | None]
    scores: np.ndarray

    def above(self, least: float) -> list[Concept | None]:
        """The concepts of those scores that are high enough."""
        return [c if s >= least else None for c, s in zip(self.concepts, self.scores, strict=True)]


def answers(
    rival: Callable[[Sequence[str]], Matcher],
    dictionaries: Mapping[EntityType, Dictionary],
    pairs: Sequence[Pair],
) -> Answers:
    """What a matcher finds for pairs among all names and aliases of their type."""
    concepts: list[Concept | None] = [None] * len(pairs)
    scores = np.zeros(len(pairs))
    for kind, dictionary in dictionaries.items():
        asked = [at for at, pair in enumerate(pairs) if pair.type is kind]
        if not asked:
            continue
        named = [(n, c) for c in dictionary.concepts for n in filter(None, c.names)]
        terms, found = rival([n for n, _ in named]).best([pairs[at].mention for at in asked])
        for at, term, likeness in zip(asked, terms, found, strict=True):
            concepts[at], scores[at] = (named[term][1] if term >= 0 else None), likeness
    return Answers(concepts, scores)


def fairest_threshold(pairs: Sequence[Pair], found: Answers) -> float:
    """The score from which on a matcher is right most often, NIL included, on these pairs."""
    order = np.argsort(-found.scores, kind="stable")
    gain = [_gain(pairs[at], found.concepts[at]) for at in order]
    total = np.cumsum(gain)
    best = int(total.argmax())
    return float(found.scores[order[best]]) if total[best] > 0 else 1.01


def _gain(pair: Pair, concept: Concept | None) -> int:
    """What taking the best name instead of none changes in the number of right answers."""
    if concept is None:
        return 0
    return int(is_right(pair, concept)) - int(not pair.names)
