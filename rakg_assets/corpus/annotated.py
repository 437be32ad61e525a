"""An annotated record, whatever tool it came from, and a problem that a person must look at.

Belongs here: the shapes that formats, guideline, table and export share. Does not belong here:
how a tool writes them (`formats/`) or what the guideline allows (`guideline.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from rakg_assets.corpus.documents import Document, RelationMention


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in annotations; no field holds record text."""

    place: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        """One line for a person: where, what, what to do."""
        return f"{self.place}: {self.reason}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class AnnotatedRecord:
    """One admission as one annotator labelled it, a document a section, in the record's order."""

    id: str
    sections: tuple[Document, ...]
    admission: date | None = None
    discharge: date | None = None
    annotator: str = ""
    source: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells annotated records apart: id and annotator."""
        return self.id, self.annotator


def one_each(records: Iterable[AnnotatedRecord]) -> list[AnnotatedRecord]:
    """One annotator's labels of each record, that of `annotator_of_each`."""
    by_key: dict[tuple[str, str], AnnotatedRecord] = {}
    for record in records:
        by_key.setdefault(record.key, record)
    return [by_key[key] for key in annotator_of_each(by_key).items()]


def annotator_of_each(keys: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each record id the annotator who speaks: who annotated most records, then by name.

    `keys` are pairs of record id and annotator.
    """
    pairs = set(keys)
    load = Counter(annotator for _, annotator in pairs)
    best: dict[str, str] = {}
    for record_id, annotator in sorted(pairs, key=lambda pair: (-load[pair[1]], pair)):
        best.setdefault(record_id, annotator)
    return best


def place_of(document: Document) -> str:
    """Where a section is, for messages: `E001 入院记录/主诉`."""
    return f"{document.id} {document.note}/{document.section}"


def in_order(document: Document) -> Document:
    """The same labels in one order: entities by position, relations by their ends, none twice."""
    entities = document.entities
    order = sorted(range(len(entities)), key=lambda i: (entities[i].start, entities[i].end, i))
    position = {old: new for new, old in enumerate(order)}
    relations = {(position[r.head], position[r.tail], r.label): r.score for r in document.relations}
    return replace(
        document,
        entities=tuple(entities[i] for i in order),
        relations=tuple(
            RelationMention(label, head, tail, relations[head, tail, label])
            for head, tail, label in sorted(relations)
        ),
    )
