"""What a synchronisation would write: the difference between two contents, as batches.

Belongs here: comparing rows by key, and the statements that each kind of change needs, in an
order that leaves no relationship without its ends. Does not belong here: sending them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from rakg_assets.graph.neo4j import statements
from rakg_assets.graph.neo4j.content import Content, EdgeRow, NodeRow
from rakg_assets.graph.store import SyncResult
from rakg_assets.ontology.schema import EntityType, Relation

_EdgeKey = tuple[str, str, str]
# A tuple, not a list: the garbage collector passes over those that hold text and numbers only.
_Row = tuple[Any, ...]


@dataclass(frozen=True)
class Batch:
    """Rows for one statement; every value that all rows share is a constant.

    `by_head`: the statement takes heads, each with its rows' other values by tail.
    """

    statement: str
    rows: list[_Row]
    constants: dict[str, Any] = field(default_factory=dict)
    by_head: bool = False

    @property
    def parameters(self) -> dict[str, Any]:
        """What the statement takes."""
        return {**self.constants, "rows": _by_head(self.rows) if self.by_head else self.rows}


@dataclass(frozen=True)
class Plan:
    """New and changed rows, and the keys of rows to delete; each sorted by key."""

    new_nodes: list[NodeRow]
    changed_nodes: list[NodeRow]
    deleted_nodes: list[str]
    new_edges: list[EdgeRow]
    changed_edges: list[EdgeRow]
    deleted_edges: list[_EdgeKey]

    @property
    def is_empty(self) -> bool:
        """Whether the store holds what it should."""
        return not self.rows

    @property
    def rows(self) -> int:
        """How many rows are written or deleted."""
        return sum(len(part) for part in vars(self).values())

    def result(self, digest: str) -> SyncResult:
        """What writing this plan changes."""
        return SyncResult(
            digest,
            self.is_empty,
            len(self.new_nodes) + len(self.changed_nodes),
            len(self.deleted_nodes),
            len(self.new_edges) + len(self.changed_edges),
            len(self.deleted_edges),
        )


def plan_changes(stored: Content, wanted: Content) -> Plan:
    """What turns the stored rows into the wanted ones.

    A relationship that stands twice is deleted, both of it, and created once.
    """
    old_nodes, new_nodes = _by_id(stored.nodes), _by_id(wanted.nodes)
    old_edges, new_edges = _by_key(stored.edges), _by_key(wanted.edges)
    times = Counter(map(_key, stored.edges)) if len(old_edges) < len(stored.edges) else {}
    doubled = {key for key, count in times.items() if count > 1}
    return Plan(
        sorted(row for key, row in new_nodes.items() if key not in old_nodes),
        sorted(row for key, row in new_nodes.items() if old_nodes.get(key, row) != row),
        sorted(old_nodes.keys() - new_nodes.keys()),
        sorted(r for key, r in new_edges.items() if key not in old_edges or key in doubled),
        sorted(r for k, r in new_edges.items() if old_edges.get(k, r) != r and k not in doubled),
        sorted((old_edges.keys() - new_edges.keys()) | doubled),
    )


def batches(plan: Plan, size: int) -> Iterator[Batch]:
    """The plan as batches of at most `size` rows.

    Relationships that go, go first, so that a node has lost them when it goes; nodes come before
    the relationships that need them. Rows are sorted: whoever else locks in order meets no
    deadlock.
    """
    return chain(
        _edge_deletions(plan.deleted_edges, size),
        _node_deletions(plan.deleted_nodes, size),
        _node_rows(plan.new_nodes, size, statements.create_nodes),
        _node_rows(plan.changed_nodes, size, statements.update_nodes),
        _edge_rows(plan.new_edges, size, statements.create_edges),
        _edge_rows(plan.changed_edges, size, statements.update_edges, by_head=True),
    )


def packed(parts: Iterable[Batch], rows: int) -> Iterator[list[Batch]]:
    """Batches put together for transactions of at most `rows` rows, in order."""
    pack: list[Batch] = []
    for part in parts:
        if pack and sum(len(b.rows) for b in pack) + len(part.rows) > rows:
            yield pack
            pack = []
        pack.append(part)
    if pack:
        yield pack


def _by_id(rows: list[NodeRow]) -> dict[str, NodeRow]:
    return {row[0]: row for row in rows}


def _by_key(rows: list[EdgeRow]) -> dict[_EdgeKey, EdgeRow]:
    return {_key(row): row for row in rows}


def _key(row: EdgeRow) -> _EdgeKey:
    return row[:3]


def _node_deletions(ids: list[str], size: int) -> Iterator[Batch]:
    """A node whose id somebody took away or spoilt is found by its lack of one."""
    if "" in ids:
        yield Batch(statements.DELETE_NAMELESS, [])
    yield from _cut(statements.DELETE_NODES, [(id_,) for id_ in ids if id_], {}, size)


def _edge_deletions(keys: list[_EdgeKey], size: int) -> Iterator[Batch]:
    groups: dict[str, list[_Row]] = defaultdict(list)
    for head, relation, tail in keys:
        groups[relation].append((head, tail))
    for relation, rows in groups.items():
        yield from _cut(statements.delete_edges(Relation(relation)), rows, {}, size, by_head=True)


def _node_rows(rows: list[NodeRow], size: int, statement: Any) -> Iterator[Batch]:
    groups: dict[str, list[_Row]] = defaultdict(list)
    for id_, kind, *values in rows:
        groups[kind].append((id_, *values))
    for kind, members in sorted(groups.items()):
        yield from _cut(statement(EntityType(kind)), members, {"kind": kind}, size)


def _edge_rows(
    rows: list[EdgeRow], size: int, statement: Any, by_head: bool = False
) -> Iterator[Batch]:
    """One group a relation and pair of versions, which travel once and not with each row."""
    groups: dict[tuple[str, str, str], list[_Row]] = defaultdict(list)
    for head, relation, tail, records, mentions, support, model, words in rows:
        groups[relation, model, words].append((head, tail, records, mentions, support))
    for (relation, model, words), members in sorted(groups.items()):
        constants = {"relation": relation, "model": model, "words": words}
        yield from _cut(statement(Relation(relation)), members, constants, size, by_head)


def _by_head(rows: list[_Row]) -> list[list[Any]]:
    groups: dict[str, dict[str, list[Any]]] = defaultdict(dict)
    for head, tail, *values in rows:
        groups[head][tail] = values
    return [[head, by_tail] for head, by_tail in groups.items()]


def _cut(
    statement: str,
    rows: list[_Row],
    constants: dict[str, Any],
    size: int,
    by_head: bool = False,
) -> Iterator[Batch]:
    for start in range(0, len(rows), size):
        yield Batch(statement, rows[start : start + size], constants, by_head)
