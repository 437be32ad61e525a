"""Pairs of entities that may hold a learned relation, as marked text.

A candidate is a list of coordinated heads and a tail, all present, in one sentence, of types that
a learned relation allows. Its text is the sentence with `$` around the heads and `#` around the
tail (Liu et al. 2023). Does not belong here: how a text is written down (`marking.py`), what is
computed from it (`relation_network.py`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.corpus.sentences import split_section
from rakg_assets.extraction.chains import Chain, coordinated
from rakg_assets.extraction.marking import Marked, Writer
from rakg_assets.ontology.schema import Assertion, learned_relations_between

OTHER = "other"


@dataclass(frozen=True)
class Pair:
    """One candidate of document number `document`; heads and tail index its entities.

    `facts` are symbols of small vocabularies: types and order, distance, what lies between, the
    kind of symptom.
    `labels` are those that the types allow, `other` first; `label` is the right one.
    """

    document: int
    heads: Chain
    tail: int
    marked: Marked
    facts: tuple[str, ...]
    labels: tuple[str, ...]
    label: str = OTHER


def candidate_pairs(documents: Sequence[Document], writer: Writer) -> Iterator[Pair]:
    """All candidates of documents with entities, labelled by the relations they bring.

    A pair that stands wider apart than the writer's limit is no candidate.
    """
    for number, document in enumerate(documents):
        for start, end in split_section(document.text):
            inside = [
                i for i, e in enumerate(document.entities) if start <= e.start and e.end <= end
            ]
            chains = coordinated(document, inside)
            yield from _Sentence(number, document, (start, end), chains).pairs(writer)


def with_fewer_others(
    pairs: Sequence[Pair], share: float | None, draw: random.Random
) -> list[Pair]:
    """All pairs with a relation, and of those without one at most `share` times as many; in order.

    None leaves all.
    """
    others = [i for i, pair in enumerate(pairs) if pair.label == OTHER]
    wanted = len(others) if share is None else round(share * (len(pairs) - len(others)))
    left_out = set(draw.sample(others, max(0, len(others) - wanted)))
    return [pair for i, pair in enumerate(pairs) if i not in left_out]


@dataclass(frozen=True)
class _Sentence:
    """A sentence, `span` of document number `number`, with its entities as chains."""

    number: int
    document: Document
    span: tuple[int, int]
    chains: Sequence[Chain]

    def pairs(self, writer: Writer) -> Iterator[Pair]:
        known = {(r.head, r.tail): r.label for r in self.document.relations}
        entities = self.document.entities
        sentence = writer.sentence(self.document, self.span, self.chains)
        for heads, tail in self._candidates():
            marked = sentence.write(heads, tail)
            if marked:
                allowed = learned_relations_between(entities[heads[0]].label, entities[tail].label)
                facts = (*self._facts(heads, tail, marked), _kind(entities[tail], writer))
                label = known.get((heads[0], tail), OTHER)
                labels = (OTHER, *map(str, allowed))
                yield Pair(self.number, heads, tail, marked, facts, labels, label)

    def _candidates(self) -> Iterator[tuple[Chain, int]]:
        entities = self.document.entities
        present = [c for c in self.chains if entities[c[0]].assertion == Assertion.PRESENT]
        for heads in present:
            for tail in (tail for chain in present for tail in chain):
                if learned_relations_between(entities[heads[0]].label, entities[tail].label):
                    yield heads, tail

    def _facts(self, heads: Chain, tail: int, marked: Marked) -> tuple[str, ...]:
        entities = self.document.entities
        head, last = entities[heads[0]], entities[tail]
        first, second = sorted((head, last), key=lambda e: e.start)
        others = [entities[chain[0]] for chain in self.chains if chain != heads]
        labels = [e.label for e in others if first.end <= e.start < second.start]
        between = marked.text[slice(*marked.between)]
        return (
            f"{head.label} {last.label} {head.start < last.start}",
            f"distance {min(len(between).bit_length(), 6)}",
            f"pauses {min(sum(c in '，,' for c in between), 4)}",
            f"stops {min(sum(c in '.。;；' for c in between), 2)}",
            f"heads {min(labels.count(head.label), 3)}",
            f"tails {min(labels.count(last.label), 3)}",
        )


def _kind(tail: Entity, writer: Writer) -> str:
    """The kind of symptom that the tail is; not told where words speak for themselves."""
    return f"kind {writer.cues.symptom_kind(tail.text) if writer.cues else None}"
