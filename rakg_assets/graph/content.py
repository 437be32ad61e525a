"""The content of the graph: linked concepts as nodes, filtered triples with provenance as edges.

Belongs here: the shape of that content and its digest. Does not belong here: making it from
tables (`build.py`), storing it (`store.py`, `embedded.py`) or writing it as files (`export.py`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa

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
        lines = [_line("node", self.nodes, NODE_SCHEMA), _line("edge", self.edges, EDGE_SCHEMA)]
        text = "\n".join(line for part in lines for line in part)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


def shaped(rows: list[dict[str, Any]], schema: pa.Schema) -> pd.DataFrame:
    """A DataFrame with exactly the columns and types of a schema, also without rows."""
    return pa.Table.from_pylist(rows, schema=schema).to_pandas()


def _line(kind: str, frame: pd.DataFrame, schema: pa.Schema) -> list[str]:
    """One JSON line a row, sorted; numbers as Python integers so that dtypes do not matter."""
    columns = []
    for field in schema:
        values = frame[field.name]
        integer = pa.types.is_integer(field.type)
        columns.append([int(v) if integer else text_of(v) for v in values])
    return sorted(
        json.dumps([kind, *row], ensure_ascii=False, separators=(",", ":"))
        for row in zip(*columns, strict=True)
    )


def text_of(value: Any) -> str:
    """A cell as text; a missing one is empty."""
    return "" if pd.isna(value) else str(value)
