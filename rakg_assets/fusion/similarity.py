"""Ranked similarity: the terms nearest to a mention that no dictionary spells that way.

Candidates come from `ngrams.py`; here they are ranked by spelling and by sound. Belongs here: how
alike two names are, and which differences change what is named. Does not belong here: from which
likeness on a term is taken (`calibration.py`, `name_index.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import starmap

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from rakg_assets.fusion.ngrams import NgramIndex
from rakg_assets.fusion.sounds import heard, sound_alike

TOP = 20
# Mentions at a time: their candidates take some 50 MB.
_BATCH = 8192
# A slip of the input method keeps the sound: one homophone of two characters scores 0.85.
_SOUND_WEIGHT = 0.7
_LATIN = re.compile(r"[a-z\u0370-\u03ff]+")
# Shorter Latin words are abbreviations, in which every letter counts.
_LONG_LATIN, _LATIN_STEM, _LATIN_SLIP = 7, 3, 0.85
_SHORT_NAME = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A term near a mention: its position in the index, its likeness 0..1, and its sound's."""

    term: int
    score: float
    sound: float


class TermIndex:
    """Terms of one entity type, folded.

    `telling` characters set names apart (left from right, near from far, liver from lung): terms
    that differ in one are two things, unless the mention has it misheard.
    """

    def __init__(self, terms: Sequence[str], telling: frozenset[str] = frozenset()) -> None:
        self.terms = tuple(terms)
        self._telling = telling

    def prepare(self) -> None:
        """Count the pairs and sounds of the terms, which waits else for the first mention."""
        self._ngrams, self._names  # noqa: B018

    def candidates(
        self, mentions: Sequence[str], least: float = 0.0, thorough: bool = False
    ) -> list[list[Candidate]]:
        """The nearest terms of each folded mention, best first, at most `TOP`.

        None is less alike than `least`; `thorough` looks among those too that share but the
        commonest pairs of characters, which never are much alike.
        """
        found: list[list[Candidate]] = [[] for _ in mentions]
        if not self.terms:
            return found
        for start in range(0, len(mentions), _BATCH):
            batch = mentions[start : start + _BATCH]
            for row, candidate in self._ranked(batch, least, thorough):
                found[start + row].append(candidate)
        return found

    def differs(self, mention: str, term: int) -> bool:
        """Whether mention and term must be two things, however alike they look."""
        other = self.terms[term]
        if mention in other or other in mention:
            return mention != other
        if _LATIN.search(mention + other) and not _same_latin(mention, other):
            return True
        if len(mention) == len(other) and sorted(mention) == sorted(other):
            return False
        return any(starmap(self._tells, _edits(mention, other)))

    @cached_property
    def _ngrams(self) -> NgramIndex:
        return NgramIndex(self.terms)

    @cached_property
    def _names(self) -> _Names:
        return _Names.of(self.terms)

    def _ranked(
        self, mentions: Sequence[str], least: float, thorough: bool
    ) -> Iterator[tuple[int, Candidate]]:
        """Mention by mention, the best first; of equals the nearer in its rare pairs first."""
        near = self._ngrams.nearest(mentions, TOP, thorough)
        rows = np.repeat(np.arange(len(mentions)), np.diff(near.indptr))
        names, terms = _Names.of(mentions), near.indices
        # Names of very unlike length cannot be alike; to say so costs least.
        lengths = names.lengths[rows], self._names.lengths[terms]
        possible = np.minimum(*lengths) >= least * np.maximum(*lengths)
        rows, terms = rows[possible], terms[possible]
        scores, sounds = _likeness(names.at(rows), self._names.at(terms))
        alike = np.flatnonzero(scores >= least)
        alike = alike[np.lexsort((-scores[alike], rows[alike]))]
        found = (values[alike].tolist() for values in (rows, terms, scores, sounds))
        for row, term, score, sound in zip(*found, strict=True):
            yield row, Candidate(term, round(score, 4), sound)

    def _tells(self, removed: str, added: str) -> bool:
        """Whether one edit changes the meaning: a digit, a telling character not misheard."""
        if removed.isdigit() or added.isdigit():
            return True
        telling = self._telling.intersection((removed, added))
        if removed and added:
            return len(telling) == 2 or bool(telling and not sound_alike(removed, added))
        return bool(telling)


@dataclass(frozen=True)
class _Names:
    """Folded names with their sounds and lengths, taken out by position."""

    spelled: np.ndarray
    heard: np.ndarray
    lengths: np.ndarray

    @classmethod
    def of(cls, names: Sequence[str]) -> _Names:
        lengths = np.fromiter(map(len, names), dtype=np.int64, count=len(names))
        return cls(_array(names), _array(heard(names)), lengths)

    def at(self, positions: np.ndarray) -> _Names:
        return _Names(self.spelled[positions], self.heard[positions], self.lengths[positions])


def likeness(ones: Sequence[str], others: Sequence[str]) -> np.ndarray:
    """How alike folded names are, pair by pair, 0..1: by spelling, or by spelling and sound."""
    return _likeness(_Names.of(ones), _Names.of(others))[0]


def _likeness(ones: _Names, others: _Names) -> tuple[np.ndarray, np.ndarray]:
    """Likeness, and that of the sounds alone."""
    spelling = _compared(ones.spelled, others.spelled, OSA.normalized_similarity)
    sound = _compared(ones.heard, others.heard, Levenshtein.normalized_similarity)
    # Two characters bear no second slip: 餐后 sounds nearly like 产后.
    short = np.flatnonzero(np.minimum(ones.lengths, others.lengths) <= _SHORT_NAME)
    if len(short):
        spoken = [heard(names.spelled[short].tolist(), slurred=False) for names in (ones, others)]
        sound[short] = _compared(*map(_array, spoken), Levenshtein.normalized_similarity)
    mixed = (1 - _SOUND_WEIGHT) * spelling + _SOUND_WEIGHT * sound
    return np.maximum(spelling, mixed), sound


def _compared(ones: np.ndarray, others: np.ndarray, scorer: Callable[..., float]) -> np.ndarray:
    return process.cpdist(ones, others, scorer=scorer, dtype=np.float64, workers=-1)


def _array(texts: Sequence[str]) -> np.ndarray:
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array


def _edits(one: str, other: str) -> list[tuple[str, str]]:
    """Single characters removed and added to make `other` of `one`."""
    return [
        (one[at] if edit != "insert" else "", other[to] if edit != "delete" else "")
        for edit, at, to in Levenshtein.editops(one, other).as_list()
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
