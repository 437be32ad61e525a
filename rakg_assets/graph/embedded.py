"""The embedded store: the graph in one Ladybug file, Cypher without a server.

Belongs here: building the file anew beside the old one and putting it in its place. Ladybug
locks a file to one writer, so a file that is in place is only ever read. Does not belong here:
the content of the graph (`content.py`) or the statements (`cypher.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import ladybug
import pandas as pd
import pyarrow as pa
from filelock import FileLock, Timeout

from rakg_assets.graph.content import EDGE_SCHEMA, NODE_SCHEMA, Graph
from rakg_assets.graph.reads import count_all, read_graph
from rakg_assets.graph.store import Counts, StoreError, SyncResult
from rakg_assets.graph.sync import difference
from rakg_assets.ontology.files import replace_file
from rakg_assets.ontology.schema import EntityType, Relation

# Stored beside the digest: a file of another layout is built anew.
LAYOUT = "1"
META_LABEL = "RakgMeta"
# Ladybug would take 80 % of the memory and 8 TiB of addresses; 15,268 edges fill some 30 MB.
_LIMITS = {"buffer_pool_size": 2**28, "max_db_size": 2**34, "max_num_threads": 2}
_SIDE_FILES = (".wal", ".shadow", ".tmp")
_ARROW_TO_LADYBUG = {pa.string(): "STRING", pa.int64(): "INT64"}
_EDGE_VALUES = [name for name in EDGE_SCHEMA.names if name not in ("head", "tail")]


class EmbeddedStore:
    """The graph in the Ladybug file `path`; its folder is made when something is written."""

    def __init__(self, path: Path, lock_seconds: float = 600) -> None:
        """`lock_seconds` is how long a build waits for another build of the same file."""
        self.path = path
        self._lock_seconds = lock_seconds

    def synchronise(self, graph: Graph) -> SyncResult:
        """Make the file hold this graph; the same content again writes nothing.

        Readers of the old file go on with it and see the new one when they open it. A file that
        cannot be read is built anew. Raises `StoreError` if another build does not end.
        """
        with self._only_builder():
            new = self.path.with_name(f"{self.path.name}.new")
            _remove(new)
            if self._stored_digest() == graph.digest():
                return SyncResult(graph.digest(), unchanged=True)
            change = difference(self._old_content(), graph)
            _build(new, graph)
            # A log left beside the old file by a foreign writer must not be replayed on the new.
            _remove_side_files(self.path)
            replace_file(new, self.path)
            return SyncResult.of(graph.digest(), change)

    def query(
        self, cypher: str, parameters: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Rows of a reading statement, by column name; always of the file now in place."""
        with _reader(self.path) as connection:
            try:
                result = connection.execute(cypher, dict(parameters or {}))
            except RuntimeError as error:
                raise StoreError(f"{self.path.name}: {error}; correct the statement") from error
            if isinstance(result, list):
                raise StoreError("more than one statement; send them one by one")
            return [{k: _plain(v) for k, v in row.items()} for row in result.rows_as_dict()]

    def counts(self) -> Counts:
        """Nodes by type and edges by relation, counted in the file."""
        return count_all(self)

    def digest(self) -> str | None:
        """Digest of the graph in the file; None without a file or with one of another layout."""
        if not self.path.exists():
            return None
        rows = self.query(f"MATCH (m:{META_LABEL}) RETURN m.key AS key, m.value AS value")
        meta = {row["key"]: row["value"] for row in rows}
        return meta.get("digest") if meta.get("layout") == LAYOUT else None

    def content(self) -> Graph:
        """The graph in the file; empty without a file."""
        if not self.path.exists():
            return Graph.empty()
        return read_graph(self)

    def _stored_digest(self) -> str | None:
        with suppress(StoreError):
            return self.digest()
        return None

    def _old_content(self) -> Graph:
        with suppress(StoreError):
            return self.content()
        return Graph.empty()

    @contextmanager
    def _only_builder(self) -> Iterator[None]:
        """Hold the build lock; the system frees it when a build is killed."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path.with_name(f"{self.path.name}.lock"), self._lock_seconds)
        try:
            with lock:
                yield
        except Timeout:
            raise StoreError(
                f"{self.path.name}: another build has not ended after {self._lock_seconds:g} s; "
                "end it, then run again"
            ) from None


def _build(path: Path, graph: Graph) -> None:
    """Write a new file; it is complete, and without side files, when this returns."""
    with _open(path, read_only=False) as connection:
        for statement in _table_statements():
            connection.execute(statement)
        _copy_nodes(connection, graph)
        _copy_edges(connection, graph)
        meta = pa.table({"key": ["digest", "layout"], "value": [graph.digest(), LAYOUT]})
        connection.execute(f"COPY {META_LABEL} FROM $rows", {"rows": meta})


def _table_statements() -> Iterator[str]:
    """One node table a type, one relationship table a relation with a pair of types a tail."""
    for kind in EntityType:
        yield (
            f"CREATE NODE TABLE {kind.node_label}({_columns(NODE_SCHEMA.names, NODE_SCHEMA)}, "
            "PRIMARY KEY (id))"
        )
    for relation in Relation:
        pairs = ", ".join(
            f"FROM {relation.head.node_label} TO {tail.node_label}"
            for tail in sorted(relation.tails)
        )
        values = _columns(_EDGE_VALUES, EDGE_SCHEMA)
        yield f"CREATE REL TABLE {relation.edge_type}({pairs}, {values})"
    yield f"CREATE NODE TABLE {META_LABEL}(key STRING PRIMARY KEY, value STRING)"


def _columns(names: list[str], schema: pa.Schema) -> str:
    return ", ".join(f"{name} {_ARROW_TO_LADYBUG[schema.field(name).type]}" for name in names)


def _copy_nodes(connection: ladybug.Connection, graph: Graph) -> None:
    for kind, rows in graph.nodes.groupby("type", sort=True):
        label = EntityType(kind).node_label
        connection.execute(f"COPY {label} FROM $rows", {"rows": _arrow(rows, NODE_SCHEMA)})


def _copy_edges(connection: ladybug.Connection, graph: Graph) -> None:
    types = graph.nodes.set_index("id")["type"]
    schema = pa.schema([EDGE_SCHEMA.field(name) for name in ("head", "tail", *_EDGE_VALUES)])
    for (key, tail), rows in graph.edges.groupby(["relation", graph.edges["tail"].map(types)]):
        relation = Relation(key)
        connection.execute(
            f"COPY {relation.edge_type} FROM $rows (from='{relation.head.node_label}', "
            f"to='{EntityType(tail).node_label}')",
            {"rows": _arrow(rows, schema)},
        )


def _arrow(rows: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pandas(rows[schema.names], schema=schema, preserve_index=False)


@contextmanager
def _reader(path: Path) -> Iterator[ladybug.Connection]:
    if not path.exists():
        raise StoreError(f"{path.name}: no graph is there yet; materialise knowledge_graph first")
    with _open(path, read_only=True) as connection:
        yield connection


@contextmanager
def _open(path: Path, read_only: bool) -> Iterator[ladybug.Connection]:
    """A connection; both ends are closed whatever happens, which also writes the log away."""
    try:
        database = ladybug.Database(path, read_only=read_only, **_LIMITS)
    except RuntimeError as error:
        raise StoreError(
            f"{path.name}: cannot be opened ({error}); materialise knowledge_graph, "
            "which builds it anew"
        ) from error
    try:
        connection = ladybug.Connection(database)
        try:
            yield connection
        finally:
            connection.close()
    finally:
        database.close()


def _plain(value: Any) -> Any:
    """Sums come as Decimal; other stores answer with integers."""
    return int(value) if isinstance(value, Decimal) and value == value.to_integral() else value


def _remove(path: Path) -> None:
    """Take away what a killed build left."""
    path.unlink(missing_ok=True)
    _remove_side_files(path)


def _remove_side_files(path: Path) -> None:
    for suffix in _SIDE_FILES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
