"""What changes from one content of the graph to the next.

Belongs here: the difference of two graphs, which a shared store writes and every store reports.
Does not belong here: how a store writes it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from rakg_assets.graph.content import Graph

_NODE_KEY = ["id"]
_EDGE_KEY = ["head", "relation", "tail"]


@dataclass(frozen=True)
class Difference:
    """Rows to write (new or changed) and to delete, in the columns of a graph's tables."""

    nodes: pd.DataFrame
    edges: pd.DataFrame
    deleted_nodes: pd.DataFrame
    deleted_edges: pd.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether both graphs are the same."""
        parts = (self.nodes, self.edges, self.deleted_nodes, self.deleted_edges)
        return all(part.empty for part in parts)


def difference(old: Graph, new: Graph) -> Difference:
    """What turns `old` into `new`; a changed row is written, not deleted.

    A concept that changed its type is deleted and written, because its label changes.
    """
    relabelled = _relabelled(old.nodes, new.nodes)
    gone = _without(old.nodes, new.nodes, _NODE_KEY)
    return Difference(
        nodes=_changed(old.nodes, new.nodes),
        edges=_changed(old.edges, new.edges),
        deleted_nodes=pd.concat([gone, relabelled]).sort_values(_NODE_KEY, ignore_index=True),
        deleted_edges=_without(old.edges, new.edges, _EDGE_KEY),
    )


def _changed(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Rows of `new` that `old` does not hold with the same values."""
    return _without(new, old, list(new.columns))


def _relabelled(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    types = new.set_index("id")["type"]
    now = old["id"].map(types)
    return old[now.notna() & (now != old["type"])]


def _without(rows: pd.DataFrame, others: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The rows whose key does not occur among the others."""
    known = set(others[key].itertuples(index=False, name=None))
    kept = [row not in known for row in rows[key].itertuples(index=False, name=None)]
    return rows[pd.Series(kept, index=rows.index, dtype=bool)].reset_index(drop=True)
