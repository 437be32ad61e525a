"""Other ways to fill a Neo4j database with a graph, beside which the store is timed.

Belongs here: what users write themselves, and neo4j-admin import. Each leaves the graph that the
store would leave. Does not belong here: timing them (`benchmark.py`).
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from neo4j import Driver

from rakg_assets.graph.content import EDGE_SCHEMA, NODE_SCHEMA, Graph
from rakg_assets.graph.neo4j.jars import fetch_jars, find_java
from rakg_assets.graph.neo4j.scope import OWN
from rakg_assets.graph.store import StoreError
from rakg_assets.ontology.schema import EntityType, Relation

_MERGE_NODE = "MERGE (n:{own} {{id: row.id}}) SET n:{label}, n += row"
_MERGE_EDGE = (
    "MATCH (h:{own} {{id: row.head}}) MATCH (t:{own} {{id: row.tail}}) "
    "MERGE (h)-[r:{label}]->(t) SET r += row.values"
)


def merge_unwound(driver: Driver, graph: Graph, size: int, shuffled: bool = False) -> None:
    """UNWIND batches of `size` rows with MERGE, a transaction each; rows as they come, or mixed."""
    for statement, rows in _merges(graph):
        if shuffled:
            random.Random(0).shuffle(rows)
        for start in range(0, len(rows), size):
            batch = rows[start : start + size]
            driver.execute_query(f"UNWIND $rows AS row {statement}", rows=batch)


def merge_row_by_row(driver: Driver, graph: Graph, most: int) -> int:
    """A MERGE and a transaction a row, for at most `most` rows; says how many there were."""
    done = 0
    for statement, rows in _merges(graph):
        for row in rows[: most - done]:
            driver.execute_query(f"WITH $row AS row {statement}", row=row)
            done += 1
    return done


def admin_import(export: Path, home: Path, jars: Path) -> None:
    """Put an export in the place of the database of a server that is stopped.

    `home` is the server's folder. Raises `StoreError`.
    """
    tool = [find_java(), "-cp", f"{fetch_jars(jars)}/*", "org.neo4j.cli.AdminTool"]
    files = [f"--nodes={export / 'nodes.csv'}", f"--relationships={export / 'relationships.csv'}"]
    done = subprocess.run(
        [*tool, "database", "import", "full", *files, "--overwrite-destination", "neo4j"],
        env={**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")},
        cwd=home,  # it writes a report where it runs
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = ([line for line in done.stderr.splitlines() if line] or ["no reason given"])[-1]
        raise StoreError(f"neo4j-admin database import: {reason}; see {home / 'logs'}")


def _merges(graph: Graph) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A statement and its rows for each type and relation: a label is no parameter."""
    for kind, frame in graph.nodes[NODE_SCHEMA.names].groupby("type"):
        label = EntityType(kind).node_label
        yield _MERGE_NODE.format(own=OWN, label=label), frame.to_dict("records")
    for relation, frame in graph.edges[EDGE_SCHEMA.names].groupby("relation"):
        label = Relation(relation).edge_type
        yield _MERGE_EDGE.format(own=OWN, label=label), list(_edges(frame.to_dict("records")))


def _edges(rows: Iterable[dict[Any, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        head, tail = row.pop("head"), row.pop("tail")
        yield {"head": head, "tail": tail, "values": row}
