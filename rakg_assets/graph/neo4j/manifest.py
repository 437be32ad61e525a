"""What a synchronisation left in the database, kept as files, so that the next reads nothing back.

A server answers every transaction with bookmarks, which name the last state that was committed.
Where they are still those of our own commit, nobody has written since, and the files here are what
the database holds. Bookmarks are compared, never looked into. Does not belong here: asking for
them, or what to do without a manifest (`store.py`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rakg_assets.graph.content import EDGE_SCHEMA, NODE_SCHEMA, Graph
from rakg_assets.ontology.files import write_folder

# Files of another layout say nothing.
_LAYOUT = 1
_NODES, _EDGES, _MARK = "nodes.parquet", "edges.parquet", "mark.json"


@dataclass(frozen=True)
class Manifest:
    """Files in a folder; one that is damaged or not there is as good as none."""

    folder: Path

    def digest(self, bookmarks: Set[str]) -> str | None:
        """Digest of the graph that a database in this state holds; None if that is not known."""
        mark = self._mark()
        known = mark.get("layout") == _LAYOUT and mark.get("bookmarks") == sorted(bookmarks)
        return mark.get("digest") if known else None

    def graph(self, bookmarks: Set[str]) -> Graph | None:
        """The graph that a database in this state holds; None if that is not known."""
        digest = self.digest(bookmarks)
        if digest is None:
            return None
        try:
            graph = Graph(*(pd.read_parquet(self.folder / name) for name in (_NODES, _EDGES)))
            return graph if graph.digest() == digest else None
        except (OSError, ValueError, KeyError):
            return None

    def write(self, graph: Graph, bookmarks: Set[str]) -> None:
        """Note that a database in this state holds this graph."""
        mark = {"layout": _LAYOUT, "bookmarks": sorted(bookmarks), "digest": graph.digest()}

        def fill(fresh: Path) -> None:
            graph.nodes[NODE_SCHEMA.names].to_parquet(fresh / _NODES, index=False)
            graph.edges[EDGE_SCHEMA.names].to_parquet(fresh / _EDGES, index=False)
            (fresh / _MARK).write_text(json.dumps(mark), "ascii")

        write_folder(self.folder, fill)

    def forget(self) -> None:
        """Let the next synchronisation read everything back."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _mark(self) -> dict[str, Any]:
        try:
            mark = json.loads((self.folder / _MARK).read_text("ascii"))
        except (OSError, ValueError):
            return {}
        return mark if isinstance(mark, dict) else {}
