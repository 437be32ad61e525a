"""Graphs of any size for timing, made up from a seed: the ontology's shape, nobody's data.

Belongs here: concepts, relations and their support by month. As in a graph of one disease, five
relations start at a single concept, and the others are spread. Does not belong here: timing
(`benchmark.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle

import numpy as np
import pandas as pd

from rakg_assets.graph.content import EDGE_SCHEMA, NODE_SCHEMA, Graph
from rakg_assets.ontology.schema import LEARNED_RELATIONS, RULE_RELATIONS, EntityType, Relation

MONTHS = tuple(f"{year}-{month:02d}" for year in (2017, 2018) for month in range(1, 13))
_TRIPLE = ["head", "relation", "tail"]
# A triple stays in the graph above so many records.
_THRESHOLD = 5
# About one concept in so many hundred; most are symptoms and treatments.
_SHARES = {
    EntityType.DISEASE: 8,
    EntityType.SYMPTOM: 30,
    EntityType.TREATMENT: 20,
    EntityType.PHYSICAL_EXAMINATION: 10,
    EntityType.IMAGING_TEST: 6,
    EntityType.LAB_TEST: 10,
    EntityType.AGGRAVATING_FACTOR: 4,
    EntityType.MITIGATION_FACTOR: 4,
    EntityType.BODY_PART: 8,
}
# How likely it is that a triple is said in one more month.
_SAID_IN_A_MONTH = 0.12


@dataclass(frozen=True)
class MadeUp:
    """Triples and how many records support each in each month.

    `nodes` has id, type, name_zh and name_en; `edges` has head, relation and tail; `support` has
    a row an edge and a column a month.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    support: np.ndarray

    @cached_property
    def whole(self) -> Graph:
        """The graph of all months."""
        return self._graph(self.support)

    @cached_property
    def without_last_month(self) -> Graph:
        """The graph that the last month turns into the whole one."""
        return self._graph(self.support[:, :-1])

    def _graph(self, support: np.ndarray) -> Graph:
        totals = support.sum(axis=1)
        kept = totals > _THRESHOLD
        edges = self.edges[kept].assign(
            records=totals[kept],
            mentions=totals[kept] * 2,
            support=[_by_month(row) for row in support[kept]],
            model_version="made-up-model-1",
            dictionary_version="made-up-words-1",
        )
        ends = pd.concat([edges.set_index(side)["records"] for side in ("head", "tail")])
        records = self.nodes["id"].map(ends.groupby(level=0).max())
        nodes = self.nodes.assign(records=records)[records.notna()]
        nodes = nodes.astype({"records": "int64"}).sort_values("id", ignore_index=True)
        edges = edges.sort_values(_TRIPLE, ignore_index=True)
        return Graph(nodes[NODE_SCHEMA.names], edges[EDGE_SCHEMA.names])


def make_up(nodes: int, edges: int, seed: int = 0) -> MadeUp:
    """So many concepts, each with an edge, and edges. Raises ValueError if they do not fit."""
    rng = np.random.default_rng(seed)
    concepts = _concepts(nodes)
    ids = {EntityType(kind): group.to_numpy() for kind, group in concepts.groupby("type")["id"]}
    triples = _spread(_named_triples(ids), ids, edges, rng)
    said = rng.random((edges, len(MONTHS))) < _SAID_IN_A_MONTH
    support = said * rng.integers(1, _THRESHOLD, said.shape)
    support[np.arange(edges), rng.integers(0, len(MONTHS), edges)] += _THRESHOLD + 1
    return MadeUp(concepts, triples, support)


def _concepts(count: int) -> pd.DataFrame:
    ends = np.cumsum(list(_SHARES.values())) * count // 100
    kinds = [list(_SHARES)[at] for at in np.searchsorted(ends, range(count), side="right")]
    rows = [
        (f"{kind.value[:5].upper()}{number:07d}", kind.value, f"{kind.zh}{number}", kind.en)
        for number, kind in enumerate(kinds)
    ]
    return pd.DataFrame(rows, columns=["id", "type", "name_zh", "name_en"])


def _named_triples(ids: Mapping[EntityType, np.ndarray]) -> pd.DataFrame:
    """The first disease with all that it may be joined to, then one triple for each other."""
    disease = ids[EntityType.DISEASE]
    rows = [
        (disease[0], relation.value, tail)
        for relation in RULE_RELATIONS
        for kind in relation.tails
        for tail in ids[kind]
    ]
    for relation in (
        Relation.BODY_PART_SYMPTOM,
        Relation.AGGRAVATING_FACTOR_SYMPTOM,
        Relation.MITIGATION_FACTOR_SYMPTOM,
    ):
        tails = cycle(ids[EntityType.SYMPTOM])
        rows += [(head, relation.value, next(tails)) for head in ids[relation.head]]
    heads = cycle(ids[EntityType.TREATMENT])
    rows += [(next(heads), Relation.TREATMENT_IMPROVED.value, tail) for tail in disease[1:]]
    return pd.DataFrame(rows, columns=_TRIPLE)


def _spread(
    triples: pd.DataFrame,
    ids: Mapping[EntityType, np.ndarray],
    count: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """With learned relations between concepts by chance, until there are `count` triples."""
    ends = {r: (ids[r.head], ids[max(r.tails)]) for r in LEARNED_RELATIONS}
    room = sum(len(heads) * len(tails) for heads, tails in ends.values())
    if not len(triples) <= count <= room // 2:
        raise ValueError(f"{count} edges: not between {len(triples)} and {room // 2}")
    while (missing := count - len(triples)) > 0:
        share = missing // len(ends) + 1
        drawn = [
            _drawn(rng.choice(heads, share), relation, rng.choice(tails, share))
            for relation, (heads, tails) in ends.items()
        ]
        triples = pd.concat([triples, *drawn], ignore_index=True).drop_duplicates(ignore_index=True)
    return triples[:count]


def _drawn(heads: np.ndarray, relation: Relation, tails: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"head": heads, "relation": relation.value, "tail": tails})


def _by_month(counts: np.ndarray) -> str:
    """JSON of the months that have records, as `Graph` keeps it."""
    months = {MONTHS[at]: int(counts[at]) for at in counts.nonzero()[0]}
    return json.dumps(months, separators=(",", ":"))
