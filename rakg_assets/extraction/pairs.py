"""Pairs of entities that may hold a learned relation, as marked text.

A candidate is a list of coordinated heads and a tail, all present, in one sentence, of types that
a learned relation allows. Its text is the sentence with `$` around the heads and `#` around the
tail (Liu et al. 2023). Does not belong here: how a text is written down (`marking.py`), what is
computed from it (`relation_network.py`).
"""

from __future__ import annotations

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

    `facts` are symbols of small vocabularies: types and order, distance, what lies between.
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
        known = {(r.head, r.tail): r.label for r in document.relations}
        for sentence in split_section(document.text):
            start, end = sentence
            inside = [
                i for i, e in enumerate(document.entities) if start <= e.start and e.end <= end
            ]
            chains = coordinated(document, inside)
            for heads, tail in _candidates(document.entities, chains):
                marked = writer.write(document, sentence, heads, tail, chains)
                if marked:
                    label = known.get((heads[0], tail), OTHER)
                    kind = writer.cues and writer.cues.symptom_kind(document.entities[tail].text)
                    yield _pair(number, document, heads, tail, chains, marked, label, str(kind))


def _candidates(entities: Sequence[Entity], chains: Sequence[Chain]) -> Iterator[tuple[Chain, int]]:
    present = [c for c in chains if entities[c[0]].assertion == Assertion.PRESENT]
    for heads in present:
        for tail in (tail for chain in present for tail in chain):
            if learned_relations_between(entities[heads[0]].label, entities[tail].label):
                yield heads, tail


def _pair(
    number: int,
    document: Document,
    heads: Chain,
    tail: int,
    chains: Sequence[Chain],
    marked: Marked,
    label: str,
    kind: str,
) -> Pair:
    head, last = document.entities[heads[0]].label, document.entities[tail].label
    labels = (OTHER, *map(str, learned_relations_between(head, last)))
    facts = (*_facts(document, heads, tail, chains, marked), kind)
    return Pair(number, heads, tail, marked, facts, labels, label)


def _facts(
    document: Document, heads: Chain, tail: int, chains: Sequence[Chain], marked: Marked
) -> tuple[str, ...]:
    head, last = document.entities[heads[0]], document.entities[tail]
    between = marked.text[slice(*marked.between)]
    first, second = sorted((head, last), key=lambda e: e.start)
    others = [document.entities[chain[0]] for chain in chains if chain != heads]
    labels = [e.label for e in others if first.end <= e.start < second.start]
    return (
        f"{head.label} {last.label} {head.start < last.start}",
        f"distance {min(len(between).bit_length(), 6)}",
        f"pauses {min(sum(c in '，,' for c in between), 4)}",
        f"stops {min(sum(c in '.。;；' for c in between), 2)}",
        f"heads {min(labels.count(head.label), 3)}",
        f"tails {min(labels.count(last.label), 3)}",
    )
