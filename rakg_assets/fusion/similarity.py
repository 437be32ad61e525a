"""Ranked similarity: the terms nearest to a mention that no dictionary spells that way.

Candidates by the cosine of character n-grams and toneless syllables (sparse TF-IDF, so that
50,000 terms stay cheap), then ranked by spelling and by sound. Belongs here: how alike two names
are, and which differences change what is named. Does not belong here: thresholds (`linking.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from pypinyin import Style, pinyin
from rapidfuzz.distance import OSA, Levenshtein
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

TOP = 20
_BATCH = 1024
_COSINE_DIGITS = 5
# A slip of the input method keeps the sound: one homophone of two characters scores 0.85.
_SOUND_WEIGHT = 0.7
_LATIN = re.compile(r"[a-z\u0370-\u03ff]+")
# Shorter Latin words are abbreviations, in which every letter counts.
_LONG_LATIN, _LATIN_STEM, _LATIN_SLIP = 7, 3, 0.85
_SLURRED_INITIAL = re.compile("^([zcs])h(?=.)")
_SHORT_NAME = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A term near a mention: its position in the index and its score, 0..1."""

    term: int
    score: float


class TermIndex:
    """Terms of one entity type, folded.

    `telling` characters set names apart (left from right, near from far, liver from lung): terms
    that differ in one are two things, unless the mention has it misheard.
    """

    def __init__(self, terms: Sequence[str], telling: frozenset[str] = frozenset()) -> None:
        self.terms = tuple(terms)
        self._telling = telling
        self._vectorizer = TfidfVectorizer(analyzer=_features, sublinear_tf=True, dtype=np.float32)
        self._matrix = self._vectorizer.fit_transform(self.terms).T.tocsr() if terms else None

    def candidates(self, mentions: Sequence[str]) -> list[list[Candidate]]:
        """The nearest terms of each folded mention, best first, at most `TOP`."""
        if self._matrix is None:
            return [[] for _ in mentions]
        found: list[list[Candidate]] = []
        for start in range(0, len(mentions), _BATCH):
            batch = mentions[start : start + _BATCH]
            products = (self._vectorizer.transform(batch) @ self._matrix).tocsr()
            found += [self._ranked(m, products, row) for row, m in enumerate(batch)]
        return found

    def differs(self, mention: str, term: int) -> bool:
        """Whether mention and term must be two things, however alike they look."""
        other = self.terms[term]
        if mention in other or other in mention:
            return mention != other
        if not _same_latin(mention, other):
            return True
        if sorted(mention) == sorted(other):
            return False
        return any(self._tells(*edit) for edit in _edits(mention, other))

    def _ranked(self, mention: str, products: sparse.csr_matrix, row: int) -> list[Candidate]:
        span = slice(products.indptr[row], products.indptr[row + 1])
        terms, cosines = products.indices[span], np.round(products.data[span], _COSINE_DIGITS)
        if len(terms) > TOP:
            near = cosines >= np.partition(cosines, -TOP)[-TOP]
            terms, cosines = terms[near], cosines[near]
        # By cosine, then by term: which of equals make the cut must not depend on their order.
        cut = np.lexsort((terms, -cosines))[:TOP]
        scored = [Candidate(int(t), round(likeness(mention, self.terms[t]), 4)) for t in terms[cut]]
        return sorted(scored, key=lambda candidate: -candidate.score)

    def _tells(self, removed: str, added: str) -> bool:
        """Whether one edit changes the meaning: a digit, a telling character not misheard."""
        if any(c.isdigit() for c in removed + added):
            return True
        telling = {removed, added} & self._telling
        if removed and added:
            return len(telling) == 2 or bool(telling and sounds(removed) != sounds(added))
        return bool(telling)


def likeness(one: str, other: str) -> float:
    """How alike two folded names are, 0..1: by spelling, or by spelling and sound."""
    spelling = OSA.normalized_similarity(one, other)
    # Two characters bear no second slip: 餐后 sounds nearly like 产后.
    hear = sounds if min(len(one), len(other)) > _SHORT_NAME else _spoken
    sound = Levenshtein.normalized_similarity(hear(one), hear(other))
    return max(spelling, (1 - _SOUND_WEIGHT) * spelling + _SOUND_WEIGHT * sound)


@lru_cache(maxsize=65536)
def sounds(text: str) -> tuple[str, ...]:
    """Toneless syllables as the ear takes them (zh=z, -ng=-n); other characters as they are."""
    return tuple(_SLURRED_INITIAL.sub(r"\1", s).removesuffix("g") or s for s in _spoken(text))


def _spoken(text: str) -> tuple[str, ...]:
    return tuple(map(_syllable, text))


@lru_cache(maxsize=32768)
def _syllable(character: str) -> str:
    """The first reading of one character, so that a name sounds alike wherever it stands."""
    return character if character.isascii() else pinyin(character, style=Style.NORMAL)[0][0]


def _features(text: str) -> list[str]:
    """Character 1- to 3-grams with word edges, and syllables alone and in pairs."""
    framed, heard = f"<{text}>", sounds(text)
    grams = [framed[i : i + n] for n in (2, 3) for i in range(len(framed) - n + 1)]
    pairs = [f"~{a} {b}" for a, b in pairwise(heard)]
    return [*text, *grams, *(f"~{s}" for s in heard), *pairs]


def _edits(one: str, other: str) -> list[tuple[str, str]]:
    """Single characters removed and added to make `other` of `one`."""
    return [
        (
            one[e.src_pos] if e.tag != "insert" else "",
            other[e.dest_pos] if e.tag != "delete" else "",
        )
        for e in Levenshtein.editops(one, other)
    ]


def _same_latin(one: str, other: str) -> bool:
    """Whether the Latin words agree; long ones may hold a slip, but not at their beginning."""
    words, others = _LATIN.findall(one), _LATIN.findall(other)
    return len(words) == len(others) and all(
        a == b
        or (
            min(len(a), len(b)) >= _LONG_LATIN
            and a[:_LATIN_STEM] == b[:_LATIN_STEM]
            and OSA.normalized_similarity(a, b) >= _LATIN_SLIP
        )
        for a, b in zip(words, others, strict=True)
    )
