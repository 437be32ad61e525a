"""What the database holds of ours, as rows; damage by hand shows as values that nothing has.

Belongs here: reading everything back. Does not belong here: comparing it (`plan.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rakg_assets.graph.content import EDGE_SCHEMA, NODE_SCHEMA, Graph, shaped
from rakg_assets.graph.neo4j import statements
from rakg_assets.ontology.schema import EntityType, Relation

NodeRow = tuple[str, str, str, str, int]
EdgeRow = tuple[str, str, str, int, int, str, str, str]
Run = Callable[..., Iterable[Any]]

_KIND_OF = {kind.node_label: kind.value for kind in EntityType}
_RELATION_OF = {relation.edge_type: relation.value for relation in Relation}


@dataclass(frozen=True)
class Content:
    """Rows in the columns of `NODE_SCHEMA` and `EDGE_SCHEMA`, in no order.

    A value of the wrong kind is empty or 0; a node whose labels and type disagree has no type,
    an edge whose property disagrees with its type has no records. No true row looks like that.
    """

    nodes: list[NodeRow]
    edges: list[EdgeRow]

    @classmethod
    def of(cls, graph: Graph) -> Content:
        """The rows that a graph should become."""
        return cls(_rows(graph.nodes, NODE_SCHEMA.names), _rows(graph.edges, EDGE_SCHEMA.names))

    def graph(self) -> Graph:
        """The rows as content that can be compared by digest."""
        nodes, edges = sorted(self.nodes), sorted(self.edges)
        return Graph(
            shaped([dict(zip(NODE_SCHEMA.names, row, strict=True)) for row in nodes], NODE_SCHEMA),
            shaped([dict(zip(EDGE_SCHEMA.names, row, strict=True)) for row in edges], EDGE_SCHEMA),
        )


def read_content(run: Run) -> Content:
    """Everything of ours; `run` sends a statement with parameters and gives its records."""
    nodes = [_node(*record) for record in run(statements.READ_NODES, labels=list(_KIND_OF))]
    version = next((tuple(record) for record in run(statements.READ_VERSIONS)), ("", ""))
    model, words = (_text(part) for part in version)
    edges = run(statements.READ_EDGES, model=model, words=words)
    return Content(nodes, [_edge(*record, usual=(model, words)) for record in edges])


def _node(id_: Any, labels: list[str], kind: Any, zh: Any, en: Any, records: Any) -> NodeRow:
    right = len(labels) == 1 and _KIND_OF[labels[0]] == kind
    return _text(id_), kind if right else "", _text(zh), _text(en), _number(records)


def _edge(
    head: Any,
    edge_type: str,
    relation: Any,
    tail: Any,
    records: Any,
    mentions: Any,
    support: Any,
    versions: list[Any] | None,
    usual: tuple[str, str],
) -> EdgeRow:
    meant = _RELATION_OF[edge_type]
    model, words = map(_text, versions) if versions else usual
    number = _number(records) if relation == meant else 0
    return _text(head), meant, _text(tail), number, _number(mentions), _text(support), model, words


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return value if type(value) is int else 0  # True is an int, too


def _rows(frame: Any, names: list[str]) -> list[Any]:
    return list(zip(*(frame[name].tolist() for name in names), strict=True))
