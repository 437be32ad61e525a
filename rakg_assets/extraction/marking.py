"""A sentence written down for one pair: heads between `$`, the tail between `#`.

Belongs here: three ways of writing. As it is, for an encoder that has read much text; without
marks, for one that reads a sentence once for all its pairs; or folded, for a network that learns
from few records: an entity becomes one character that stands for its type, an outcome cue one
that stands for its kind, a number one digit. Does not belong here: which pairs there are
(`pairs.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.chains import Chain
from rakg_assets.extraction.relation_cues import Outcome, RelationCues
from rakg_assets.extraction.vocabulary import normal_form
from rakg_assets.ontology.schema import Assertion, EntityType

HEAD, TAIL = "$", "#"
Span = tuple[int, int]

_SYMBOLS = [*product(EntityType, Assertion), *Outcome]
# Characters of the private use area: they have no meaning of their own.
_STAND_INS: Mapping[object, str] = {s: chr(0xE000 + i) for i, s in enumerate(_SYMBOLS)}
_UNKNOWN_TYPE = chr(0xE000 + len(_SYMBOLS))
_RESERVED = frozenset((*_STAND_INS.values(), _UNKNOWN_TYPE))
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_NUMBER = re.compile(r"0[0.]*")


@dataclass(frozen=True)
class Marked:
    """A marked text; `head` and `tail` are the spans between the marks, `mark` a mark's width."""

    text: str
    head: Span
    tail: Span
    mark: int = 1

    @property
    def between(self) -> Span:
        """What lies between the two marked spans."""
        first, second = sorted((self.head, self.tail))
        return first[1] + self.mark, second[0] - self.mark


class Writer:
    """Writes texts of at most `limit` characters; folded if there are outcome cues."""

    def __init__(self, limit: int, cues: RelationCues | None = None) -> None:
        self.limit, self.cues = limit, cues
        # Wards repeat themselves: what lies between entities is folded once.
        self.fold = lru_cache(maxsize=4_096)(self._folded)

    def sentence(self, document: Document, span: Span, chains: Sequence[Chain]) -> Sentence:
        """The sentence at a span, with its entities as chains in order, to write its pairs."""
        if self.cues is None:
            return Sentence(document, span, self.limit)
        return FoldedSentence(document, span, self.limit, chains, self.fold)

    def _folded(self, text: str) -> str:
        """Text between entities: cues and numbers as one character, blanks left out."""
        outcomes = {start: (end, what) for start, end, what in self.cues.outcomes(text)}
        symbols, place = [], 0
        while place < len(text):
            end, what = outcomes.get(place, (place + 1, None))
            symbols.append(_STAND_INS[what] if what else _symbol(text[place]))
            place = end
        return _NUMBER.sub("0", "".join("".join(symbols).split()))


class PlainWriter(Writer):
    """Writes no marks: the pairs of a sentence share its text, or a few parts where it is long.

    Which part a pair gets does not depend on the other pairs.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(limit)

    def sentence(self, document: Document, span: Span, chains: Sequence[Chain]) -> Sentence:
        """The sentence at a span, to cut parts out of."""
        return PlainSentence(document, span, self.limit)


@dataclass
class Sentence:
    """A sentence of a document as it is, to be written with marks for pairs of its entities.

    What is written for a pair takes time by `limit`, not by the sentence's length: a section
    without a full stop may hold thousands of pairs.
    """

    document: Document
    span: Span
    limit: int

    def write(self, heads: Chain, tail: int) -> Marked | None:
        """The sentence for one pair, cut around it; None if the pair itself does not fit."""
        head, last = _span(self.document, heads), _span(self.document, (tail,))
        if head[0] < last[1] and last[0] < head[1]:
            return None
        return self._cut(*self._places(heads, (tail,)))

    def _places(self, heads: Chain, tail: Chain) -> tuple[str, Span, Span]:
        """A text, and where heads and tail stand in it."""
        first, end = self.span
        moved = (
            (s - first, e - first) for s, e in (_span(self.document, c) for c in (heads, tail))
        )
        return self.document.text[first:end], *moved

    def _cut(self, text: str, head: Span, tail: Span) -> Marked | None:
        """Both spans with their marks, and around them as much on either side as fits."""
        first, second = sorted((head, tail))
        spare = self.limit - (second[1] - first[0]) - 4
        if spare < 0:
            return None
        left = min(first[0], spare // 2)
        start, end = first[0] - left, min(len(text), second[1] + spare - left)
        one, other = (HEAD, TAIL) if first == head else (TAIL, HEAD)
        pieces = [
            text[start : first[0]],
            f"{one}{text[slice(*first)]}{one}",
            text[first[1] : second[0]],
            f"{other}{text[slice(*second)]}{other}",
            text[second[1] : end],
        ]
        # Before the first span stands one mark, before the second three.
        moved = [(s - start + n, e - start + n) for (s, e), n in ((first, 1), (second, 3))]
        return Marked("".join(pieces), *(moved if first == head else reversed(moved)))


@dataclass
class FoldedSentence(Sentence):
    """The same with a character for each chain, and what lies between them folded."""

    chains: Sequence[Chain]
    fold: Callable[[str], str]

    def _places(self, heads: Chain, tail: Chain) -> tuple[str, Span, Span]:
        text, places = self._usual
        if heads not in places or tail not in places:
            text, places = self._written((heads, tail))
        return text, places[heads], places[tail]

    @cached_property
    def _usual(self) -> tuple[str, dict[Chain, Span]]:
        return self._written(())

    def _written(self, pair: Sequence[Chain]) -> tuple[str, dict[Chain, Span]]:
        """The folded text and its chains' places in it; of those that overlap the pair stays."""
        pieces: list[str] = []
        places: dict[Chain, Span] = {}
        place, length = self.span[0], 0
        for (start, end), chain in sorted(self._apart(pair)):
            pieces += self.fold(self.document.text[place:start]), self._symbol(chain)
            length += len(pieces[-2]) + 1
            places[chain] = length - 1, length
            place = end
        pieces.append(self.fold(self.document.text[place : self.span[1]]))
        return "".join(pieces), places

    def _apart(self, pair: Sequence[Chain]) -> list[tuple[Span, Chain]]:
        """A pair's chains and those others, in order, that overlap none before them."""
        kept = [(_span(self.document, chain), chain) for chain in pair]
        taken, free = [span for span, _ in kept], self.span[0]
        for chain in self.chains:
            start, end = span = _span(self.document, chain)
            if start >= free and all(end <= s or e <= start for s, e in taken):
                kept.append((span, chain))
                free = end
        return kept

    def _symbol(self, chain: Chain) -> str:
        entity = self.document.entities[chain[0]]
        return _STAND_INS.get((entity.label, entity.assertion), _UNKNOWN_TYPE)


@dataclass
class PlainSentence(Sentence):
    """The same without marks, in one of a few parts."""

    def _cut(self, text: str, head: Span, tail: Span) -> Marked | None:
        """The part that holds a pair; None if it does not fit."""
        part = self._part(len(text), (min(head[0], tail[0]), max(head[1], tail[1])))
        if part is None:
            return None
        start, end = part
        moved = [(s - start, e - start) for s, e in (head, tail)]
        return Marked(text[start:end], *moved, mark=0)

    def _part(self, length: int, pair: Span) -> Span | None:
        """`limit` characters around a pair, from one of few places: pairs nearby share a part."""
        spare = self.limit - (pair[1] - pair[0])
        if spare < 0:
            return None
        if length <= self.limit:
            return 0, length
        start = min(max(0, pair[0] - spare // 2), length - self.limit)
        shared = start - start % max(1, self.limit // 4)
        start = shared if pair[1] <= shared + self.limit else start
        return start, start + self.limit


def _span(document: Document, chain: Chain) -> Span:
    return document.entities[chain[0]].start, document.entities[chain[-1]].end


def _symbol(character: str) -> str:
    """A character's normal form; one that would read as a stand-in is told as unreadable."""
    return _UNREADABLE if character in _RESERVED else normal_form(character)
