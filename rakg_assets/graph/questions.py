"""What a named read of the graph is: called like a function of a store, described like a page.

Belongs here: its parameters, its Cypher and the answers it gives. Does not belong here: which
reads there are (`named_reads.py`) or Cypher (`cypher.py`).
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from rakg_assets.graph.reads import DEFAULT_LIMIT, Row, Subgraph, concepts_named, subgraph
from rakg_assets.graph.store import GraphStore, StoreError
from rakg_assets.ontology.schema import EntityType


class ReadError(ValueError):
    """Parameters that a read does not take; the message says which it takes."""


@dataclass(frozen=True)
class Answer:
    """A concept that answers a question about another, and what supports it.

    `records` are distinct records, `months` their number by month. `share` is records by the sum
    over all answers of the question, `share_of_concept` by the records that name the concept that
    was asked about; both 0..1. Equal records share a rank.
    """

    rank: int
    id: str
    type: str
    name_zh: str
    name_en: str
    records: int
    mentions: int
    share: float
    share_of_concept: float
    months: Mapping[str, int]


@dataclass(frozen=True)
class NamedRead(ABC):
    """A question with its name, what it asks about and its parameters with their defaults.

    A parameter whose default is None must be given.
    """

    name: str
    en: str
    zh: str
    cypher: str
    kinds: tuple[EntityType, ...]
    parameters: Mapping[str, Any] = field(
        default_factory=lambda: {"concept": None, "limit": DEFAULT_LIMIT}
    )

    @abstractmethod
    def rows(self, store: GraphStore, **given: Any) -> list[Row]:
        """The answers as plain rows. Raises `ReadError` for parameters that are not right."""

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All parameters: those given that are not None, else the defaults."""
        chosen = {name: value for name, value in given.items() if value is not None}
        values = {**self.parameters, **chosen}
        missing = [name for name, value in values.items() if value is None]
        if missing or set(values) != set(self.parameters):
            raise ReadError(f"{self.name} takes {', '.join(self.parameters)}; give exactly those")
        return values

    def reason_of_none(self, store: GraphStore, concept: str) -> str:
        """Why there is no answer about a concept, in one sentence with the remedy."""
        found = [EntityType(row["type"]) for row in concepts_named(store, concept)]
        if not found:
            return (
                f"{concept} is no concept of the graph; give an id or a Chinese name as it stands "
                "in the dictionaries"
            )
        if not set(found) & set(self.kinds):
            wanted = " or ".join(kind.en for kind in self.kinds)
            return f"{concept} is a {found[0].en}; {self.name} asks about a {wanted}"
        return f"the graph has no answer about {concept}: no triple has enough support"


@dataclass(frozen=True)
class Question(NamedRead):
    """A question about one concept that other concepts answer."""

    def __call__(
        self, store: GraphStore, concept: str | None = None, limit: int | None = None
    ) -> list[Answer]:
        """The answers about a concept (id or Chinese name), best supported first, ties by id.

        Empty if there is none or the store does not hold the concept. Raises `ReadError` without
        a concept where there is no default, `StoreError` if the store cannot be read.
        """
        rows = store.query(self.cypher, self.values({"concept": concept, "limit": limit}))
        counts = [row["records"] for row in rows]
        return [
            Answer(
                rank=counts.index(row["records"]) + 1,
                months=_months(row.pop("support")),
                **row,
            )
            for row in rows
        ]

    def rows(self, store: GraphStore, **given: Any) -> list[Row]:
        """The answers as plain rows."""
        return [asdict(answer) for answer in self(store, **self.values(given))]


@dataclass(frozen=True)
class Surroundings(NamedRead):
    """The part of the graph around a concept; its Cypher is one step."""

    def __call__(self, store: GraphStore, **given: Any) -> Subgraph:
        """See `reads.subgraph`."""
        return subgraph(store, **self.values(given))

    def rows(self, store: GraphStore, **given: Any) -> list[Row]:
        """The edges, with the names of their ends."""
        part = self(store, **given)
        names = {row["id"]: row["name_zh"] for row in part.nodes}
        return [
            {
                "head": edge["head"],
                "head_zh": names[edge["head"]],
                "relation": edge["relation"],
                "tail": edge["tail"],
                "tail_zh": names[edge["tail"]],
                "records": edge["records"],
                "mentions": edge["mentions"],
                "months": _months(edge["support"]),
            }
            for edge in part.edges
        ]


def _months(support: str) -> dict[str, int]:
    try:
        return json.loads(support)
    except (TypeError, ValueError):
        raise StoreError(
            "an edge's support by month is no JSON; materialise knowledge_graph, which mends it"
        ) from None
