"""A sentence written down for one pair: heads between `$`, the tail between `#`.

Belongs here: three ways of writing. As it is, for an encoder that has read much text; without
marks, for one that reads a sentence once for all its pairs; or folded, for a network that learns
from few records: an entity becomes one character that stands for its type, an outcome cue one
that stands for its kind, a number one digit. Does not belong here: which pairs there are
(`pairs.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.chains import Chain
from rakg_assets.extraction.relation_cues import Outcome, RelationCues
from rakg_assets.extraction.vocabulary import normal_form
from rakg_assets.ontology.schema import Assertion, EntityType

HEAD, TAIL = "$", "#"
Span = tuple[int, int]

_SYMBOLS = [*product(EntityType, Assertion), *Outcome]
# Characters of the private use area: no text has them, and an encoder takes them like any other.
_STAND_INS: Mapping[object, str] = {s: chr(0xE000 + i) for i, s in enumerate(_SYMBOLS)}
_UNKNOWN_TYPE = chr(0xE000 + len(_SYMBOLS))
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
        # The pairs of a sentence share what lies between its entities.
        self._fold = lru_cache(maxsize=4_096)(self._folded)

    def write(
        self, document: Document, sentence: Span, heads: Chain, tail: int, chains: Sequence[Chain]
    ) -> Marked | None:
        """The sentence for one pair, cut around it; None if the pair itself does not fit."""
        head, last = _span(document, heads), _span(document, (tail,))
        if head[0] < last[1] and last[0] < head[1]:
            return None
        return self._written(document, sentence, (heads, (tail,)), chains)

    def _written(
        self, document: Document, sentence: Span, pair: tuple[Chain, Chain], chains: Sequence[Chain]
    ) -> Marked | None:
        """The same for a pair that does not overlap."""
        pieces: list[str] = []
        places: dict[Span, Span] = {}
        length = 0
        for span, chain in self._pieces(document, sentence, pair, chains):
            piece = self._symbols(document, span, chain)
            mark = HEAD if chain == pair[0] else TAIL if chain == pair[1] else ""
            pieces.append(f"{mark}{piece}{mark}")
            if mark:
                places[span] = (length + 1, length + 1 + len(piece))
            length += len(pieces[-1])
        return self._cut("".join(pieces), *(places[_span(document, chain)] for chain in pair))

    def _pieces(
        self, document: Document, sentence: Span, pair: tuple[Chain, Chain], chains: Sequence[Chain]
    ) -> Iterator[tuple[Span, Chain]]:
        """The sentence as entities and what lies between; of those that overlap the pair stays."""
        taken = {_span(document, chain): chain for chain in pair}
        if self.cues is not None:
            for chain in chains:
                span = _span(document, chain)
                if all(span[1] <= s or e <= span[0] for s, e in taken):
                    taken[span] = chain
        place = sentence[0]
        for start, end in sorted(taken):
            yield (place, start), ()
            yield (start, end), taken[start, end]
            place = end
        yield (place, sentence[1]), ()

    def _symbols(self, document: Document, span: Span, chain: Chain) -> str:
        text = document.text[slice(*span)]
        if self.cues is None:
            return text
        return _stand_in(document.entities[chain[0]]) if chain else self._fold(text)

    def _folded(self, text: str) -> str:
        """Text between entities: cues and numbers as one character, blanks left out."""
        outcomes = {start: (end, what) for start, end, what in self.cues.outcomes(text)}
        symbols, place = [], 0
        while place < len(text):
            end, what = outcomes.get(place, (place + 1, None))
            symbols.append(_STAND_INS[what] if what else normal_form(text[place]))
            place = end
        return _NUMBER.sub("0", "".join("".join(symbols).split()))

    def _cut(self, text: str, head: Span, tail: Span) -> Marked | None:
        """The text around both spans, as much on either side as fits."""
        first, last = min(head[0], tail[0]) - 1, max(head[1], tail[1]) + 1
        spare = self.limit - (last - first)
        if spare < 0:
            return None
        start = max(0, first - spare // 2)
        end = min(len(text), last + spare - (first - start))
        moved = [(s - start, e - start) for s, e in (head, tail)]
        return Marked(text[start:end], *moved)


class PlainWriter(Writer):
    """Writes no marks: the pairs of a sentence share its text, or a few parts where it is long.

    Which part a pair gets does not depend on the other pairs.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(limit)

    def _written(
        self, document: Document, sentence: Span, pair: tuple[Chain, Chain], chains: Sequence[Chain]
    ) -> Marked | None:
        """The sentence, cut if it is too long; None if the pair itself does not fit."""
        head, last = (_span(document, chain) for chain in pair)
        part = self._part(sentence, (min(head[0], last[0]), max(head[1], last[1])))
        if part is None:
            return None
        start, end = part
        moved = [(s - start, e - start) for s, e in (head, last)]
        return Marked(document.text[start:end], *moved, mark=0)

    def _part(self, sentence: Span, pair: Span) -> Span | None:
        """`limit` characters around a pair, from one of few places: pairs nearby share a part."""
        spare = self.limit - (pair[1] - pair[0])
        if spare < 0:
            return None
        if sentence[1] - sentence[0] <= self.limit:
            return sentence
        start = min(max(sentence[0], pair[0] - spare // 2), sentence[1] - self.limit)
        shared = start - (start - sentence[0]) % max(1, self.limit // 4)
        start = shared if pair[1] <= shared + self.limit else start
        return start, start + self.limit


def _span(document: Document, chain: Chain) -> Span:
    return document.entities[chain[0]].start, document.entities[chain[-1]].end


def _stand_in(entity: Entity) -> str:
    return _STAND_INS.get((entity.label, entity.assertion), _UNKNOWN_TYPE)
