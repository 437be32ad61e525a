"""Terms of the dictionaries found in a text, as one BMES tag a character and entity type.

Belongs here: matching that a model may trust or not. Does not belong here: which concept a
mention means (`fusion/linking.py`) or the terms (`dictionaries/`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from rakg_assets.extraction.vocabulary import normal_form
from rakg_assets.ontology.dictionaries import Dictionary, load_dictionaries

OUTSIDE = "O"
_LONGEST = 24


class Lexicon:
    """Terms by label. A text matches folded (`normal_form`), longest first, without overlap.

    Latin terms match whole words only: RA is not found in PARA.
    """

    def __init__(self, terms: Mapping[str, Iterable[str]]) -> None:
        self.terms = {label: tuple(sorted(set(terms[label]))) for label in sorted(terms)}
        self._labels: dict[str, list[str]] = {}
        for label, names in self.terms.items():
            for name in sorted({_fold(n) for n in names}):
                if 0 < len(name) <= _LONGEST:
                    self._labels.setdefault(name, []).append(label)
        # How long the terms are that begin with two characters, longest first.
        self._lengths: dict[str, list[int]] = {}
        pairs = {(name[:2], len(name)) for name in self._labels if len(name) > 1}
        for first, length in sorted(pairs, reverse=True):
            self._lengths.setdefault(first, []).append(length)

    @classmethod
    def of(cls, dictionaries: Mapping[str, Dictionary]) -> Lexicon:
        """Every name and alias of the dictionaries, by entity type."""
        return cls(
            {
                str(kind): [name for c in d.concepts for name in (*c.names, *c.ambiguous)]
                for kind, d in dictionaries.items()
            }
        )

    @classmethod
    def load(cls, dictionaries: Path) -> Lexicon:
        """The terms of the dictionaries in a folder."""
        return cls.of(load_dictionaries(dictionaries))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that have terms, in alphabetical order."""
        return tuple(self.terms)

    def matches(self, text: str) -> list[tuple[int, int, str]]:
        """Terms as (start, end, label), by start; those of one label do not overlap."""
        folded, covered = _fold(text), dict.fromkeys(self.terms, 0)
        found = []
        for start, end, label in self._occurrences(folded):
            if start >= covered[label] and _whole(folded, start, end):
                covered[label] = end
                found.append((start, end, label))
        return found

    def _occurrences(self, folded: str) -> Iterator[tuple[int, int, str]]:
        for start in range(len(folded)):
            for length in (*self._lengths.get(folded[start : start + 2], ()), 1):
                if start + length <= len(folded):
                    for label in self._labels.get(folded[start : start + length], ()):
                        yield start, start + length, label

    def tags(self, text: str) -> dict[str, list[str]]:
        """For each label one of B, M, E, S or O a character."""
        tags = {label: [OUTSIDE] * len(text) for label in self.terms}
        for start, end, label in self.matches(text):
            tags[label][start:end] = bmes(end - start)
        return tags


def bmes(length: int) -> list[str]:
    """The word-boundary tags of a word: S, or B M… E."""
    return ["S"] if length == 1 else ["B", *"M" * (length - 2), "E"]


def _fold(text: str) -> str:
    return "".join(map(normal_form, text))


def _whole(text: str, start: int, end: int) -> bool:
    """Whether neither end cuts a Latin word."""
    return not (_latin(text[start - 1 : start + 1]) or _latin(text[end - 1 : end + 1]))


def _latin(pair: str) -> bool:
    return len(pair) == 2 and pair.isascii() and pair.isalpha()
