"""The labelled text that models read and write: a section, its entities and relations.

The same shape is the line of `rakg extract`, of `data/ner`-style JSON Lines and of the
`labeled_splits` table. Does not belong here: annotation formats of other tools
(`annotations.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd


@dataclass(frozen=True, slots=True)
class Entity:
    """A mention; `start` and `end` count code points of the document's text, end exclusive."""

    start: int
    end: int
    label: str
    text: str
    assertion: str = "present"
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class RelationMention:
    """A relation between two entities of a document, by their positions in `entities`."""

    label: str
    head: int
    tail: int
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Document:
    """One section (or any text) with what is known of it; `id` names its record."""

    id: str
    text: str
    note: str = ""
    section: str = ""
    entities: tuple[Entity, ...] = ()
    relations: tuple[RelationMention, ...] = ()

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Document:
        """Read a row of JSON Lines or of `labeled_splits`. Raises KeyError for a missing key."""
        text = row["text"]
        entities = tuple(
            Entity(
                int(e["start"]),
                int(e["end"]),
                e["label"],
                text[e["start"] : e["end"]],
                e.get("assertion") or "present",
                float(e.get("score", 1.0)),
            )
            for e in _items(row.get("entities"))
        )
        relations = tuple(
            RelationMention(r["label"], int(r["head"]), int(r["tail"]), float(r.get("score", 1.0)))
            for r in _items(row.get("relations"))
        )
        return cls(
            str(row.get("id", row.get("record_id", ""))),
            text,
            row.get("note") or "",
            row.get("section") or "",
            entities,
            relations,
        )

    def to_json(self) -> dict[str, Any]:
        """The row of JSON Lines."""
        return asdict(self)

    def part(self, start: int, end: int) -> Document:
        """Some of the text, with the entities that lie in it whole and the relations among them."""
        inside = [i for i, e in enumerate(self.entities) if start <= e.start and e.end <= end]
        place = {number: position for position, number in enumerate(inside)}
        entities = [self.entities[number] for number in inside]
        return replace(
            self,
            text=self.text[start:end],
            entities=tuple(replace(e, start=e.start - start, end=e.end - start) for e in entities),
            relations=tuple(
                replace(relation, head=place[relation.head], tail=place[relation.tail])
                for relation in self.relations
                if relation.head in place and relation.tail in place
            ),
        )


def documents_of(table: pd.DataFrame) -> list[Document]:
    """The rows of `annotations`, `labeled_splits` or any table with `text`, as documents."""
    return [Document.from_json(row) for row in table.to_dict("records")]


def _items(values: Any) -> list[Any]:
    """Lists of a row; pandas hands back arrays or None."""
    return [] if values is None else list(values)
