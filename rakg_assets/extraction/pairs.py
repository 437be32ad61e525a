"""Pairs of entities that may hold a learned relation, as marked text.

A candidate is two present entities of one sentence whose types a learned relation allows. Its text
is the sentence with `$` around the head and `#` around the tail (Liu et al. 2023). Does not belong
here: what is computed from a pair (`relation_network.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.corpus.sentences import split_section
from rakg_assets.ontology.schema import Assertion, learned_relations_between

HEAD, TAIL = "$", "#"
OTHER = "other"
Span = tuple[int, int]


@dataclass(frozen=True)
class Pair:
    """One candidate of document number `document`; head and tail index its entities.

    `text`, `kinds` (type of the entity around each character) and `roles` (head, tail, between,
    outside) have one item a character; `gaps` describes what lies between the two.
    """

    document: int
    head: int
    tail: int
    text: str
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    gaps: tuple[str, ...]
    labels: tuple[str, ...]
    label: str = OTHER


def candidate_pairs(documents: Sequence[Document], limit: int) -> Iterator[Pair]:
    """All candidates of documents with entities, labelled by the relations they bring.

    A window of at most `limit` characters is kept around a pair; one that is wider apart is none.
    """
    for number, document in enumerate(documents):
        known = {(r.head, r.tail): r.label for r in document.relations}
        for start, end in split_section(document.text):
            inside = [
                i for i, e in enumerate(document.entities) if start <= e.start and e.end <= end
            ]
            for head, tail in _candidates(document.entities, inside):
                window = _window(document, (start, end), head, tail, limit)
                if window:
                    label = known.get((head, tail), OTHER)
                    yield _pair(number, document, inside, (head, tail), window, label)


def _candidates(entities: Sequence[Entity], inside: Sequence[int]) -> Iterator[tuple[int, int]]:
    present = [i for i in inside if entities[i].assertion == Assertion.PRESENT]
    for head in present:
        for tail in present:
            if learned_relations_between(entities[head].label, entities[tail].label):
                yield head, tail


def _window(document: Document, sentence: Span, head: int, tail: int, limit: int) -> Span | None:
    """The part of the sentence that is read: as much on both sides of the pair as fits."""
    ends = document.entities[head], document.entities[tail]
    first, last = min(e.start for e in ends), max(e.end for e in ends)
    spare = limit - (last - first) - 4  # four marker characters
    if spare < 0:
        return None
    start = max(sentence[0], first - spare // 2)
    end = min(sentence[1], last + spare - (first - start))
    return start, end


def _pair(
    number: int,
    document: Document,
    inside: Iterable[int],
    ends: tuple[int, int],
    window: Span,
    label: str,
) -> Pair:
    head, tail = (document.entities[i] for i in ends)
    kinds = [""] * len(document.text[slice(*window)])
    for entity in (document.entities[i] for i in inside):
        present = entity.assertion == Assertion.PRESENT
        kind = entity.label if present else f"{entity.label}!{entity.assertion}"
        for place in range(max(entity.start, window[0]), min(entity.end, window[1])):
            kinds[place - window[0]] = kind
    roles = [_role(place, head, tail) for place in range(*window)]
    text, kinds, roles = _marked(document.text[slice(*window)], kinds, roles, window[0], head, tail)
    labels = (OTHER, *learned_relations_between(head.label, tail.label))
    gaps = _gaps(document, inside, head, tail)
    return Pair(number, *ends, text, kinds, roles, gaps, labels, label)


def _role(place: int, head: Entity, tail: Entity) -> str:
    if head.start <= place < head.end:
        return "head"
    if tail.start <= place < tail.end:
        return "tail"
    between = min(head.end, tail.end) <= place < max(head.start, tail.start)
    return "between" if between else "outside"


def _marked(
    text: str, kinds: Sequence[str], roles: Sequence[str], offset: int, head: Entity, tail: Entity
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Text, kinds and roles with the four marker characters put in."""
    before: dict[int, str] = {}
    for place, sign in ((head.end, HEAD), (tail.end, TAIL), (head.start, HEAD), (tail.start, TAIL)):
        before[place] = before.get(place, "") + sign
    symbols: list[tuple[str, str, str]] = []
    for i in range(len(text) + 1):
        for sign in before.get(offset + i, ""):
            symbols.append((sign, "mark", "head" if sign == HEAD else "tail"))
        if i < len(text):
            symbols.append((text[i], kinds[i], roles[i]))
    characters, marked_kinds, marked_roles = zip(*symbols, strict=True)
    return "".join(characters), marked_kinds, marked_roles


def _gaps(
    document: Document, inside: Iterable[int], head: Entity, tail: Entity
) -> tuple[str, ...]:
    """Order, distance, pauses and entities between the two, as symbols of small vocabularies."""
    first, last = sorted((head, tail), key=lambda e: e.start)
    between = document.text[first.end : last.start]
    others = [e for e in (document.entities[i] for i in inside) if first.end <= e.start < last.start]
    same_head = sum(e.label == head.label for e in others)
    same_tail = sum(e.label == tail.label for e in others)
    return (
        f"{head.label} {tail.label} {head.start < tail.start}",
        f"distance {min(len(between).bit_length(), 7)}",
        f"commas {min(sum(c in '，,' for c in between), 4)}",
        f"stops {min(sum(c in '.。;；' for c in between), 2)}",
        f"lists {min(sum(c in '、及和与伴' for c in between), 3)}",
        f"heads {min(same_head, 3)}",
        f"tails {min(same_tail, 3)}",
    )
