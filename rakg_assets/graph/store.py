"""What a store of the graph can do, whichever it is.

Belongs here: the protocol and its plain values. Does not belong here: a store (`embedded.py`)
or the questions asked of one (`reads.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rakg_assets.graph.content import Graph
from rakg_assets.graph.sync import Difference
from rakg_assets.ontology.schema import EntityType, Relation


class StoreError(RuntimeError):
    """A store that cannot be read or written; the message names it, the reason and the remedy."""


@dataclass(frozen=True)
class Counts:
    """Nodes by type and edges by relation, also of those without any."""

    nodes: Mapping[EntityType, int]
    edges: Mapping[Relation, int]


@dataclass(frozen=True)
class SyncResult:
    """What a synchronisation changed. `unchanged` means that nothing was written."""

    digest: str
    unchanged: bool
    nodes_written: int = 0
    nodes_deleted: int = 0
    edges_written: int = 0
    edges_deleted: int = 0

    @classmethod
    def of(cls, digest: str, change: Difference) -> SyncResult:
        """The result of writing a difference."""
        return cls(
            digest,
            False,
            len(change.nodes),
            len(change.deleted_nodes),
            len(change.edges),
            len(change.deleted_edges),
        )


class GraphStore(Protocol):
    """A place that holds one graph."""

    def synchronise(self, graph: Graph) -> SyncResult:
        """Make the store hold exactly this graph; write nothing if it does already."""

    def counts(self) -> Counts:
        """What the store holds, counted in the store."""

    def query(
        self, cypher: str, parameters: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Rows of a reading statement, by column name. Raises `StoreError`."""

    def digest(self) -> str | None:
        """Digest of the graph that the store holds; None if it holds none."""
