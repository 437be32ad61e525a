"""What a learned assertion model reads: sentences with entities, as text and as arrays.

Belongs here: where a text is cut, what stands for an entity, facts of each entity, numbers for
all of it. Does not belong here: the network (`assertion_network.py`), its training
(`assertion_training.py`), the cue rules (`assertion.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.corpus.sentences import split_section
from rakg_assets.extraction.assertion import AssertionRules
from rakg_assets.extraction.vocabulary import Characters, Vocabulary, padded
from rakg_assets.ontology.schema import Assertion, EntityType
from rakg_assets.ontology.text import fold

ASSERTIONS = tuple(Assertion)
Span = tuple[int, int]

# Characters of the private use area, which no text has.
_STAND_INS = {label: chr(0xE000 + number) for number, label in enumerate(EntityType)}
_UNKNOWN_TYPE = chr(0xE000 + len(_STAND_INS))


@dataclass(frozen=True)
class Passage:
    """A sentence, or as much of it as a model reads at once, of document number `document`.

    Of each entity: `places` is its position in the document, `spans` where it stands in `text`,
    `facts` its type, section and, for a model that knows the cues, what the rules say of it;
    `labels` the number of its assertion in `ASSERTIONS`.
    """

    document: int
    text: str
    places: tuple[int, ...]
    spans: tuple[Span, ...]
    facts: tuple[tuple[str, ...], ...]
    labels: tuple[int, ...]


@dataclass(frozen=True)
class PassageCutter:
    """Cuts documents into passages of at most `window` characters.

    `stand_ins`: every character of an entity becomes one that stands for its type, so that what a
    small network learns holds for words it never saw. `rules` add their verdict to the facts.
    """

    window: int
    stand_ins: bool
    rules: AssertionRules | None = None

    def cut(self, documents: Sequence[Document]) -> Iterator[Passage]:
        """The passages that hold entities; each entity that begins in a sentence is in one."""
        for number, document in enumerate(documents):
            if document.entities:
                text = _blank(document) if self.stand_ins else document.text
                facts = self._facts(document)
                in_order = sorted(range(len(facts)), key=lambda i: document.entities[i].start)
                for sentence in split_section(document.text):
                    for places in self._groups(document, sentence, in_order):
                        yield self._passage(number, document, text, sentence, places, facts)

    def _facts(self, document: Document) -> list[tuple[str, ...]]:
        facts = [(entity.label, document.section) for entity in document.entities]
        if self.rules is None:
            return facts
        verdicts = (entity.assertion for entity in self.rules.classify(document).entities)
        return [(*fact, verdict) for fact, verdict in zip(facts, verdicts, strict=True)]

    def _groups(
        self, document: Document, sentence: Span, in_order: Sequence[int]
    ) -> Iterator[list[int]]:
        """Entities of a sentence that are read together: they leave room for what is around."""
        group: list[int] = []
        for place in in_order:
            entity = document.entities[place]
            if sentence[0] <= entity.start < sentence[1]:
                if group and entity.end - document.entities[group[0]].start > self.window // 2:
                    yield group
                    group = []
                group.append(place)
        if group:
            yield group

    def _passage(
        self,
        number: int,
        document: Document,
        text: str,
        sentence: Span,
        places: Sequence[int],
        facts: Sequence[tuple[str, ...]],
    ) -> Passage:
        inside = [document.entities[place] for place in places]
        first, last = inside[0].start, min(max(e.end for e in inside), sentence[1])
        spare = max(0, self.window - (last - first))
        start = max(sentence[0], first - spare // 2)
        end = min(sentence[1], start + self.window)
        spans = tuple((e.start - start, max(min(e.end, end), e.start + 1) - start) for e in inside)
        return Passage(
            number,
            text[start:end],
            tuple(places),
            spans,
            tuple(facts[place] for place in places),
            tuple(ASSERTIONS.index(Assertion(e.assertion)) for e in inside),
        )


@dataclass(frozen=True)
class PassageReader:
    """Turns passages into the inputs of a network."""

    characters: Characters
    facts: Sequence[Vocabulary]

    def arrays(self, passages: Sequence[Passage]) -> dict[str, np.ndarray]:
        """Passages padded to the longest, entities one after the other.

        `ids` (passages, length), `lengths` (passages); of entities `rows`, their passages,
        `firsts` and `lasts`, their characters, `labels` (entities), `facts` (entities, columns).
        """
        spans = [span for passage in passages for span in passage.spans]
        facts = [
            [v.id(f) for v, f in zip(self.facts, fact, strict=True)]
            for passage in passages
            for fact in passage.facts
        ]
        return {
            "ids": padded([self.characters.ids(passage.text) for passage in passages]),
            "lengths": np.array([len(passage.text) for passage in passages]),
            "rows": np.repeat(np.arange(len(passages)), [len(p.spans) for p in passages]),
            "firsts": np.array([start for start, _ in spans]),
            "lasts": np.array([end - 1 for _, end in spans]),
            "facts": np.array(facts, dtype=np.int64),
            "labels": np.array([label for passage in passages for label in passage.labels]),
        }


def with_assertions(document: Document, found: dict[int, Assertion]) -> Document:
    """The document with the assertions of its entities by position; one not found is present."""
    entities = (
        replace(entity, assertion=found.get(place, Assertion.PRESENT).value)
        for place, entity in enumerate(document.entities)
    )
    return replace(document, entities=tuple(entities))


def _blank(document: Document) -> str:
    """The text with every character of an entity replaced by the one for its type."""
    characters = list(fold(document.text))
    for entity in document.entities:
        characters[entity.start : entity.end] = _stand_in(entity) * (entity.end - entity.start)
    return "".join(characters)


def _stand_in(entity: Entity) -> str:
    return _STAND_INS.get(entity.label, _UNKNOWN_TYPE)
