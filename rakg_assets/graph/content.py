"""The content of the graph: linked concepts as nodes, filtered triples with provenance as edges.

Belongs here: the shape of that content and its digest. Does not belong here: making it from
tables (`build.py`), storing it (`store.py`, `embedded.py`) or writing it as files (`export.py`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import csv

NODE_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("type", pa.string()),
        ("name_zh", pa.string()),
        ("name_en", pa.string()),
        ("records", pa.int64()),
    ]
)
EDGE_SCHEMA = pa.schema(
    [
        ("head", pa.string()),
        ("relation", pa.string()),
        ("tail", pa.string()),
        ("records", pa.int64()),
        ("mentions", pa.int64()),
        ("support", pa.string()),
        ("model_version", pa.string()),
        ("dictionary_version", pa.string()),
    ]
)


class GraphError(ValueError):
    """Tables that make no true graph; the message names the place, the reason and the remedy."""


@dataclass(frozen=True)
class Graph:
    """Nodes (id, type, name_zh, name_en, records) and edges in the columns of `EDGE_SCHEMA`.

    `records` counts distinct records. `support` of an edge is a JSON object month -> records,
    months ascending. Rows are sorted by id, and by head, relation, tail.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame

    @classmethod
    def empty(cls) -> Graph:
        """The graph without content."""
        return cls(shaped([], NODE_SCHEMA), shaped([], EDGE_SCHEMA))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look at."""
        return self.nodes.empty

    def digest(self) -> str:
        """SHA-256 of the content; the order of rows does not matter."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        found = hashlib.sha256()
        for frame, schema in ((self.nodes, NODE_SCHEMA), (self.edges, EDGE_SCHEMA)):
            found.update(_sorted_lines(frame, schema))
        return found.hexdigest()


def shaped(rows: list[dict[str, Any]], schema: pa.Schema) -> pd.DataFrame:
    """A DataFrame with exactly the columns and types of a schema, also without rows."""
    return pa.Table.from_pylist(rows, schema=schema).to_pandas()


def _sorted_lines(frame: pd.DataFrame, schema: pa.Schema) -> memoryview:
    """A heading and a quoted line a row, sorted; missing text is empty, dtypes do not matter."""
    table = pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)
    whole = pa.table(
        [pc.fill_null(c, "") if pa.types.is_string(c.type) else c for c in table], schema
    )
    lines = pa.BufferOutputStream()
    csv.write_csv(whole.sort_by([(name, "ascending") for name in schema.names]), lines)
    return memoryview(lines.getvalue())


def text_of(value: Any) -> str:
    """A cell as text; a missing one is empty."""
    return "" if pd.isna(value) else str(value)
