"""The graph as files that other tools read.

Belongs here: the formats of neo4j-admin import (CSV), Parquet and GraphML, and putting all of
them in place together. Does not belong here: what the graph holds (`content.py`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from rakg_assets.graph.content import EDGE_SCHEMA, NODE_SCHEMA, Graph
from rakg_assets.ontology.files import beside, replace_if_changed
from rakg_assets.ontology.schema import EntityType, Relation

# Header fields of neo4j-admin import: `name:type`, and the four that begin with a colon.
_NODE_HEADER = ["id:ID", "type", "name_zh", "name_en", "records:long", ":LABEL"]
_EDGE_HEADER = [
    ":START_ID",
    "relation",
    ":END_ID",
    "records:long",
    "mentions:long",
    "support",
    "model_version",
    "dictionary_version",
    ":TYPE",
]


def write_export(graph: Graph, folder: Path) -> list[Path]:
    """Write the five files of `EXPORTS` into a folder; the same graph gives the same bytes.

    All files are complete beside the folder before the first takes its place; one that holds the
    same bytes already stays as it is. Returns the paths.
    """
    staging = beside(folder)
    staging.mkdir()
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in EXPORTS.items():
        write(graph, staging / name)
    for name in EXPORTS:
        replace_if_changed(staging / name, folder / name)
    staging.rmdir()
    return [folder / name for name in EXPORTS]


def networkx_graph(graph: Graph) -> nx.MultiDiGraph:
    """The graph in networkx: attributes are the columns, an edge's key is unique in the graph."""
    built = nx.MultiDiGraph()
    for row in graph.nodes[NODE_SCHEMA.names].to_dict("records"):
        built.add_node(row.pop("id"), **row)
    for row in graph.edges[EDGE_SCHEMA.names].to_dict("records"):
        head, tail = row.pop("head"), row.pop("tail")
        built.add_edge(head, tail, key=f"{head} {row['relation']} {tail}", **row)
    return built


def _write_node_csv(graph: Graph, path: Path) -> None:
    labels = graph.nodes["type"].map(lambda key: EntityType(key).node_label)
    _write_csv(graph.nodes[NODE_SCHEMA.names].assign(label=labels), _NODE_HEADER, path)


def _write_edge_csv(graph: Graph, path: Path) -> None:
    types = graph.edges["relation"].map(lambda key: Relation(key).edge_type)
    _write_csv(graph.edges[EDGE_SCHEMA.names].assign(edge=types), _EDGE_HEADER, path)


def _write_csv(rows: pd.DataFrame, header: list[str], path: Path) -> None:
    """Quotes are doubled and nothing else is escaped: what neo4j-admin reads by default."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows.itertuples(index=False, name=None))
    path.write_bytes(text.getvalue().encode("utf-8"))


def _write_node_parquet(graph: Graph, path: Path) -> None:
    _write_parquet(graph.nodes, NODE_SCHEMA, path)


def _write_edge_parquet(graph: Graph, path: Path) -> None:
    _write_parquet(graph.edges, EDGE_SCHEMA, path)


def _write_parquet(rows: pd.DataFrame, schema: pa.Schema, path: Path) -> None:
    table = pa.Table.from_pandas(rows[schema.names], schema=schema, preserve_index=False)
    pq.write_table(table.replace_schema_metadata(None), path)


def _write_graphml(graph: Graph, path: Path) -> None:
    nx.write_graphml(networkx_graph(graph), path, encoding="utf-8")


EXPORTS: dict[str, Callable[[Graph, Path], None]] = {
    "nodes.csv": _write_node_csv,
    "relationships.csv": _write_edge_csv,
    "nodes.parquet": _write_node_parquet,
    "relationships.parquet": _write_edge_parquet,
    "graph.graphml": _write_graphml,
}
