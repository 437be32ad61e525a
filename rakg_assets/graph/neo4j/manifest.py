"""What a database held when it was last read in full, kept as files, so that it is not read again.

A server answers every transaction with bookmarks, which name the last state that was committed;
they are compared, never looked into. Where they are still those of that reading, nobody has
written since. As a copy of the database that was put back may come to the same bookmarks again,
every synchronisation also leaves a random token. Does not belong here: asking for a state, or what
to do without a manifest (`store.py`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from rakg_assets.graph.content import EDGE_SCHEMA, NODE_SCHEMA, Graph
from rakg_assets.ontology.files import write_folder

_NODES, _EDGES, _MARK = "nodes.parquet", "edges.parquet", "mark.json"


@dataclass(frozen=True)
class State:
    """Bookmarks of what was committed last, and token and digest that a synchronisation left."""

    bookmarks: tuple[str, ...]
    token: str
    digest: str

    @property
    def is_complete(self) -> bool:
        """Whether it tells one state from another, and a synchronisation was finished."""
        return all(asdict(self).values())


@dataclass(frozen=True)
class Manifest:
    """Files in a folder; one that is damaged or not there is as good as none."""

    folder: Path

    def knows(self, state: State) -> bool:
        """Whether a database in this state was read in full, and held what its digest says."""
        try:
            mark = json.loads((self.folder / _MARK).read_text("ascii"))
        except (OSError, ValueError):
            return False
        return state.is_complete and mark == _mark(state)

    def graph(self, state: State) -> Graph | None:
        """The graph that a database in this state holds; None if that is not known."""
        if not self.knows(state):
            return None
        try:
            graph = Graph(*(pd.read_parquet(self.folder / name) for name in (_NODES, _EDGES)))
            return graph if graph.digest() == state.digest else None
        except (OSError, ValueError, KeyError):
            return None

    def write(self, graph: Graph, state: State) -> None:
        """Note that a database in this state holds this graph.

        Where that cannot be noted, the note that was there goes. Raises OSError if it does not.
        """

        def fill(fresh: Path) -> None:
            graph.nodes[NODE_SCHEMA.names].to_parquet(fresh / _NODES, index=False)
            graph.edges[EDGE_SCHEMA.names].to_parquet(fresh / _EDGES, index=False)
            (fresh / _MARK).write_text(json.dumps(_mark(state)), "ascii")

        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            write_folder(self.folder, fill)
        except OSError:
            self.forget()

    def forget(self) -> None:
        """Let the next synchronisation read everything back. Raises OSError."""
        if self.folder.is_dir():
            (self.folder / _MARK).unlink(missing_ok=True)


def _mark(state: State) -> dict[str, object]:
    return {**asdict(state), "bookmarks": list(state.bookmarks)}
