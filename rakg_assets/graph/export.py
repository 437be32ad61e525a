"""The graph as files that other tools read, and back.

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

from rakg_assets.graph.content import EDGE_SCHEMA, NODE_SCHEMA, Graph, GraphError
from rakg_assets.graph.load_script import load_script
from rakg_assets.graph.neo4j.scope import OWN
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
    """Write the files of `EXPORTS` into a folder; the same graph gives the same bytes.

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


def read_export(folder: Path) -> Graph:
    """The graph of an export, from its Parquet files.

    Raises `GraphError` if they are not there or hold no graph of the ontology.
    """
    nodes = _read_parquet(folder / "nodes.parquet", NODE_SCHEMA)
    edges = _read_parquet(folder / "relationships.parquet", EDGE_SCHEMA)
    if not _is_sound(nodes, edges):
        raise GraphError(
            f"{folder}: the files hold concepts or relations that the ontology does not allow, or "
            "are of two exports; materialise graph_export anew"
        )
    return Graph(nodes, edges)


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
    labels = graph.nodes["type"].map(lambda key: f"{EntityType(key).node_label};{OWN}")
    _write_csv(graph.nodes[NODE_SCHEMA.names].assign(label=labels), _NODE_HEADER, path)


def _write_edge_csv(graph: Graph, path: Path) -> None:
    types = graph.edges["relation"].map(lambda key: Relation(key).edge_type)
    _write_csv(graph.edges[EDGE_SCHEMA.names].assign(edge=types), _EDGE_HEADER, path)


def _write_csv(rows: pd.DataFrame, header: list[str], path: Path) -> None:
    """Quotes are doubled and nothing else is escaped: what neo4j-admin reads by default.

    Every text is quoted: an empty one would be no property otherwise.
    """
    text = io.StringIO(newline="")
    text.write(",".join(header) + "\n")
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows(rows.itertuples(index=False, name=None))
    path.write_bytes(text.getvalue().encode("utf-8"))


def _write_node_parquet(graph: Graph, path: Path) -> None:
    _write_parquet(graph.nodes, NODE_SCHEMA, path)


def _write_edge_parquet(graph: Graph, path: Path) -> None:
    _write_parquet(graph.edges, EDGE_SCHEMA, path)


def _write_parquet(rows: pd.DataFrame, schema: pa.Schema, path: Path) -> None:
    table = pa.Table.from_pandas(rows[schema.names], schema=schema, preserve_index=False)
    pq.write_table(table.replace_schema_metadata(None), path)


def _read_parquet(path: Path, schema: pa.Schema) -> pd.DataFrame:
    if not path.is_file():
        raise GraphError(f"{path}: no such file; name the folder that graph_export has written")
    try:
        return pq.read_table(path, columns=schema.names).cast(schema).to_pandas()
    except (pa.ArrowException, KeyError, ValueError):
        raise GraphError(
            f"{path}: lacks columns of an export or is none; materialise graph_export anew"
        ) from None


def _is_sound(nodes: pd.DataFrame, edges: pd.DataFrame) -> bool:
    if not nodes["id"].is_unique or not nodes["type"].isin(list(EntityType)).all():
        return False
    types = nodes.set_index("id")["type"]
    ends = zip(edges["head"].map(types), edges["relation"], edges["tail"].map(types), strict=True)
    return all(_is_allowed(*end) for end in ends)


def _is_allowed(head: str, relation: str, tail: str) -> bool:
    known = Relation._value2member_map_.get(relation)
    return known is not None and head == known.head and tail in known.tails


def _write_load_script(graph: Graph, path: Path) -> None:
    path.write_bytes(load_script().encode("utf-8"))


def _write_graphml(graph: Graph, path: Path) -> None:
    nx.write_graphml(networkx_graph(graph), path, encoding="utf-8")


EXPORTS: dict[str, Callable[[Graph, Path], None]] = {
    "nodes.csv": _write_node_csv,
    "relationships.csv": _write_edge_csv,
    "load.cypher": _write_load_script,
    "nodes.parquet": _write_node_parquet,
    "relationships.parquet": _write_edge_parquet,
    "graph.graphml": _write_graphml,
}
