"""Ranked similarity: the terms nearest to a mention that no dictionary spells that way.

Candidates come from `ngrams.py`; here they are ranked by spelling, sound and shape. Belongs here:
how alike two names are, and which differences change what is named. Does not belong here: from
which likeness on a term is taken (`calibration.py`, `name_index.py`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise, starmap

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from rakg_assets.fusion.ngrams import NgramIndex
from rakg_assets.fusion.shapes import ALIKE, ALIKE_ALONE, shape_likeness
from rakg_assets.fusion.sounds import BETWEEN, heard, sound_alike

TOP = 20
# Mentions at a time: their candidates take some 50 MB.
_BATCH = 8192
# A slip of the input method keeps the sound, one of the pen the shape: a homophone or a look-alike
# in two characters scores 0.85.
_AKIN_WEIGHT = 0.7
_LATIN = re.compile(r"[a-z\u0370-\u03ff]+")
# Shorter Latin words are abbreviations, in which every letter counts.
_LONG_LATIN, _LATIN_STEM, _LATIN_SLIP = 7, 3, 0.85
_SHORT_NAME = 2
# Terms that one slip may leave without any pair of characters in common.
_SHORT_TERM = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A term near a mention: its position in the index and its likeness, 0..1.

    `akin` where it sounds the same, has two characters swapped or one that looks alike.
    """

    term: int
    score: float
    akin: bool


class TermIndex:
    """Terms of one entity type, folded.

    `telling` characters set names apart (left from right, near from far, liver from lung): terms
    that differ in one are two things, unless the mention has it misheard.
    """

    def __init__(self, terms: Sequence[str], telling: frozenset[str] = frozenset()) -> None:
        self.terms = tuple(terms)
        self._telling = telling

    def prepare(self) -> None:
        """Count pairs and sounds of the terms now, which else waits for the first mention."""
        self._ngrams, self._names, self._short  # noqa: B018

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
        if mention == other or _stutters(mention, other):
            return False
        if mention in other or other in mention:
            return True
        if not _same_latin(_latin_words(mention), _latin_words(other)):
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

    @cached_property
    def _short(self) -> dict[str, list[int]]:
        """Short terms by what is left of them when one character is hidden."""
        found: dict[str, list[int]] = defaultdict(list)
        for at, term in enumerate(self.terms):
            if len(term) <= _SHORT_TERM:
                for hidden in _hidden(term):
                    found[hidden].append(at)
        return found

    def _ranked(
        self, mentions: Sequence[str], least: float, thorough: bool
    ) -> Iterator[tuple[int, Candidate]]:
        """Mention by mention, the best first; of equals the first term first."""
        names = _Names.of(mentions)
        rows, terms = self._near(mentions, thorough)
        # Names of very unlike length cannot be alike; to say so costs least.
        lengths = names.lengths[rows], self._names.lengths[terms]
        possible = np.minimum(*lengths) >= least * np.maximum(*lengths)
        rows, terms = rows[possible], terms[possible]
        scores, akin = _likeness(names.at(rows), self._names.at(terms))
        alike = np.flatnonzero(scores >= least)
        alike = alike[np.lexsort((terms[alike], -scores[alike], rows[alike]))]
        found = (values[alike].tolist() for values in (rows, terms, scores, akin))
        for row, term, score, kin in zip(*found, strict=True):
            yield row, Candidate(term, round(score, 4), kin)

    def _near(self, mentions: Sequence[str], thorough: bool) -> tuple[np.ndarray, np.ndarray]:
        """Rows of mentions and terms to compare: by rare pairs, short ones by all but one too."""
        near = self._ngrams.nearest(mentions, TOP, thorough)
        rows = np.repeat(np.arange(len(mentions)), np.diff(near.indptr))
        more = [
            (row, term)
            for row, mention in enumerate(mentions)
            if len(mention) <= _SHORT_TERM
            for hidden in _hidden(mention)
            for term in self._short.get(hidden, ())
        ]
        if not more:
            return rows, near.indices
        width = len(self.terms)
        pairs = [rows * width + near.indices, [row * width + term for row, term in more]]
        return np.divmod(np.unique(np.concatenate(pairs)), width)

    def _tells(self, removed: str, added: str) -> bool:
        """Whether one edit changes the meaning: a digit, a telling character not misheard."""
        if removed.isdigit() or added.isdigit():
            return True
        telling = self._telling.intersection((removed, added))
        if not (len(telling) == 1 and removed and added):
            return bool(telling)
        return not sound_alike(removed, added) and shape_likeness(removed, added) < ALIKE


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
    """How alike folded names are, pair by pair, 0..1: by spelling, and by sound or shape."""
    return _likeness(_Names.of(ones), _Names.of(others))[0]


def _likeness(ones: _Names, others: _Names) -> tuple[np.ndarray, np.ndarray]:
    """Likeness, and whether they sound the same or are one slip apart."""
    spelling = _compared(ones.spelled, others.spelled, OSA.normalized_similarity)
    kinship = _compared(ones.heard, others.heard, Levenshtein.normalized_similarity)
    # Two characters bear no second slip: 餐后 sounds nearly like 产后.
    short = np.flatnonzero(np.minimum(ones.lengths, others.lengths) <= _SHORT_NAME)
    if len(short):
        spoken = [heard(names.spelled[short].tolist(), slurred=False) for names in (ones, others)]
        kinship[short] = _compared(*map(_array, spoken), Levenshtein.normalized_similarity)
    akin = kinship == 1
    same_length = ones.lengths == others.lengths
    one_edit = np.isclose(spelling * ones.lengths, ones.lengths - 1)
    for at in np.flatnonzero(same_length & one_edit & ~akin):
        if slip := _slip_likeness(ones.spelled[at], others.spelled[at]):
            kinship[at], akin[at] = slip, True
    mixed = (1 - _AKIN_WEIGHT) * spelling + _AKIN_WEIGHT * kinship
    return np.maximum(spelling, mixed), akin


def _slip_likeness(one: str, other: str) -> float:
    """How little a name with one slip differs, 0..1: a look-alike in its place, two characters
    swapped; 0 for any other difference of names of one length."""
    differing = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    if len(differing) == 1:
        shape = shape_likeness(*differing[0])
        short = len(one) <= _SHORT_NAME
        if sound_alike(*differing[0], slurred=not short):
            return 1.0
        enough = ALIKE_ALONE if short else ALIKE
        return 1 - 2 * (1 - shape) / len(one) if shape >= enough else 0.0
    return 1.0 if len(one) > _SHORT_TERM else 0.0


def _hidden(term: str) -> Iterator[str]:
    """A term with each of its characters hidden in turn."""
    return (f"{term[:at]}{BETWEEN}{term[at + 1 :]}" for at in range(len(term)))


def _compared(ones: np.ndarray, others: np.ndarray, scorer: Callable[..., float]) -> np.ndarray:
    return process.cpdist(ones, others, scorer=scorer, dtype=np.float64, workers=-1)


def _array(texts: Sequence[str]) -> np.ndarray:
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array


def _stutters(mention: str, term: str) -> bool:
    """Whether the mention is the term with one character, no digit, typed twice in a row."""
    return len(mention) == len(term) + 1 and any(
        a == b and not a.isdigit() and mention[:at] + mention[at + 1 :] == term
        for at, (a, b) in enumerate(pairwise(mention))
    )


def _edits(one: str, other: str) -> list[tuple[str, str]]:
    """Single characters removed and added to make `other` of `one`."""
    return [
        (one[at] if edit != "insert" else "", other[to] if edit != "delete" else "")
        for edit, at, to in Levenshtein.editops(one, other).as_list()
    ]


@lru_cache(maxsize=65536)
def _latin_words(name: str) -> tuple[str, ...]:
    return tuple(_LATIN.findall(name))


def _same_latin(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether the Latin words agree; long ones may hold a slip, but not at their beginning."""
    return words == others or (
        len(words) == len(others)
        and all(
            a == b
            or (
                min(len(a), len(b)) >= _LONG_LATIN
                and a[:_LATIN_STEM] == b[:_LATIN_STEM]
                and OSA.normalized_similarity(a, b) >= _LATIN_SLIP
            )
            for a, b in zip(words, others, strict=True)
        )
    )
