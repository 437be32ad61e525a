"""Where everything stands in the picture of the graph around one disease.

Belongs here: choosing what is shown and placing it so that no two labels meet. Does not belong
here: how it looks (`templates/report.html.j2`). A layout by forces knows nothing of labels; here
each label has a row of its own outside the ring.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt

import pandas as pd

from rakg_assets.graph.content import Graph
from rakg_assets.ontology.schema import EntityType, Relation

WIDTH = 1100.0
_CENTRE_X = WIDTH / 2
_ROW, _HEADING, _GAP, _MARGIN = 34.0, 24.0, 14.0, 24.0
_NEAR, _REACH = 110.0, 165.0
_NAME_ZH, _NAME_EN = 17, 42
_MOST_CROSS_LINKS = 40

# How many concepts of a type are shown, in the order in which they stand on a side. Body parts
# and factors stand beside the symptoms and signs that they are linked to.
_LEFT = {
    EntityType.AGGRAVATING_FACTOR: 3,
    EntityType.MITIGATION_FACTOR: 3,
    EntityType.SYMPTOM: 7,
    EntityType.BODY_PART: 5,
    EntityType.PHYSICAL_EXAMINATION: 5,
}
_RIGHT = {EntityType.TREATMENT: 9, EntityType.LAB_TEST: 8, EntityType.IMAGING_TEST: 6}


@dataclass(frozen=True)
class Node:
    """A dot with its label; `anchor` is the SVG text anchor, `label_x` where the text stands."""

    id: str
    kind: EntityType
    zh: str
    en: str
    title: str
    x: float
    y: float
    radius: float
    label_x: float
    anchor: str


@dataclass(frozen=True)
class Heading:
    """The name of a group of nodes."""

    kind: EntityType
    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class Link:
    """A line; `path` is an SVG path, `rule` tells rule relations from learned ones."""

    path: str
    width: float
    kind: EntityType
    rule: bool
    title: str


@dataclass(frozen=True)
class Centre:
    """The disease in the middle, a box of the given size."""

    zh: str
    en: str
    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Picture:
    """All parts, in SVG user units; y grows downwards."""

    width: float
    height: float
    centre: Centre
    headings: tuple[Heading, ...]
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]

    @property
    def kinds(self) -> list[EntityType]:
        """Types that are shown, in the order of the ontology."""
        shown = {node.kind for node in self.nodes}
        return [kind for kind in EntityType if kind in shown]


def draw_picture(graph: Graph, disease: str) -> Picture | None:
    """The best supported surroundings of a disease; None if the graph does not link it."""
    chosen = _chosen(graph, disease)
    if disease not in set(graph.nodes["id"]) or not chosen:
        return None
    left, right = _side(chosen, _LEFT), _side(chosen, _RIGHT)
    height = max(_height(left), _height(right)) + 2 * _MARGIN
    placed = [*_place(left, height, -1), *_place(right, height, 1)]
    nodes = tuple(part for part in placed if isinstance(part, Node))
    centre = _centre(graph, disease, height)
    return Picture(
        WIDTH,
        height,
        centre,
        tuple(part for part in placed if isinstance(part, Heading)),
        nodes,
        (*_cross_links(graph, nodes, centre), *_spokes(graph, disease, nodes, centre)),
    )


def _chosen(graph: Graph, disease: str) -> dict[EntityType, pd.DataFrame]:
    """Concepts to show by type, with `weight`: records of their edges to what is shown already.

    First the disease's own neighbours, then what is linked to those symptoms and signs.
    """
    spokes = graph.edges[graph.edges["head"] == disease]
    near = _weighted(graph, spokes["tail"], spokes["records"])
    shown = {kind: near[near["type"] == kind.value].head(most) for kind, most in _quotas()}
    ids = {i for rows in shown.values() for i in rows["id"]}
    outer = graph.edges[graph.edges["tail"].isin(ids) & (graph.edges["head"] != disease)]
    far = _weighted(graph, outer["head"], outer["records"])
    for kind, most in _quotas():
        if shown[kind].empty:
            shown[kind] = far[far["type"] == kind.value].head(most)
    return {kind: rows for kind, rows in shown.items() if not rows.empty}


def _quotas() -> Iterable[tuple[EntityType, int]]:
    return [*_LEFT.items(), *_RIGHT.items()]


def _weighted(graph: Graph, ids: pd.Series, records: pd.Series) -> pd.DataFrame:
    weights = records.groupby(ids).sum().rename("weight")
    rows = graph.nodes.join(weights, on="id", how="inner")
    return rows.sort_values(["weight", "id"], ascending=[False, True])


def _side(
    chosen: dict[EntityType, pd.DataFrame], quotas: dict[EntityType, int]
) -> list[tuple[EntityType, pd.DataFrame]]:
    return [(kind, chosen[kind]) for kind in quotas if kind in chosen]


def _height(side: list[tuple[EntityType, pd.DataFrame]]) -> float:
    return sum(_HEADING + _GAP + _ROW * len(rows) for _, rows in side)


def _place(
    side: list[tuple[EntityType, pd.DataFrame]], height: float, sign: int
) -> Iterator[Node | Heading]:
    """Rows from top to bottom, centred in height, dots on an ellipse; `sign` -1 is left."""
    y = (height - _height(side)) / 2
    most = max((rows["weight"].max() for _, rows in side), default=1)
    anchor = "end" if sign < 0 else "start"
    for kind, rows in side:
        y += _HEADING
        yield Heading(kind, _dot_x(y, height, sign) + sign * 16, y - 6, anchor)
        for row in rows.itertuples(index=False):
            y += _ROW
            middle = y - _ROW / 2
            x, radius = _dot_x(middle, height, sign), 3.5 + 6 * sqrt(row.weight / most)
            yield Node(
                row.id,
                kind,
                short(row.name_zh, _NAME_ZH),
                short(row.name_en, _NAME_EN),
                f"{row.name_zh} {row.name_en}: {row.records} 份病历 records",
                round(x, 1),
                middle,
                round(radius, 1),
                round(x + sign * 16, 1),
                anchor,
            )
        y += _GAP


def _dot_x(y: float, height: float, sign: int) -> float:
    from_middle = min(abs(y - height / 2) / (height / 2), 1.0)
    return _CENTRE_X + sign * (_NEAR + _REACH * sqrt(1 - from_middle**2))


def _centre(graph: Graph, disease: str, height: float) -> Centre:
    row = graph.nodes.set_index("id").loc[disease]
    zh, en = short(row["name_zh"], 12), short(row["name_en"], 30)
    return Centre(zh, en, _CENTRE_X, height / 2, max(17.0 * len(zh), 6.2 * len(en)) + 28)


def _spokes(graph: Graph, disease: str, nodes: tuple[Node, ...], centre: Centre) -> Iterator[Link]:
    at = {node.id: node for node in nodes}
    edges = graph.edges[(graph.edges["head"] == disease) & graph.edges["tail"].isin(at)]
    most = edges["records"].max()
    for edge in edges.itertuples(index=False):
        node = at[edge.tail]
        bend = centre.x + (node.x - centre.x) * 0.55
        path = f"M{centre.x:.1f} {centre.y:.1f}Q{bend:.1f} {node.y:.1f} {node.x:.1f} {node.y:.1f}"
        yield _link(edge, path, node.kind, most, centre.zh, node.zh)


def _cross_links(graph: Graph, nodes: tuple[Node, ...], centre: Centre) -> Iterator[Link]:
    """The best supported edges among the nodes shown, bent towards the middle."""
    at = {node.id: node for node in nodes}
    edges = graph.edges[graph.edges["head"].isin(at) & graph.edges["tail"].isin(at)]
    edges = edges.sort_values(
        ["records", "head", "relation", "tail"], ascending=[False, True, True, True]
    ).head(_MOST_CROSS_LINKS)
    for edge in edges.itertuples(index=False):
        head, tail = at[edge.head], at[edge.tail]
        bend = (head.x + tail.x) / 2 * 0.45 + centre.x * 0.55
        path = (
            f"M{head.x:.1f} {head.y:.1f}Q{bend:.1f} {(head.y + tail.y) / 2:.1f} "
            f"{tail.x:.1f} {tail.y:.1f}"
        )
        yield _link(edge, path, head.kind, edges["records"].max(), head.zh, tail.zh)


def _link(edge: object, path: str, kind: EntityType, most: int, head: str, tail: str) -> Link:
    relation, records = Relation(edge.relation), edge.records
    title = f"{head} → {tail}: {relation.zh} {relation.en}, {records} 份病历 records"
    return Link(path, round(0.8 + 3.2 * sqrt(records / most), 2), kind, not relation.learned, title)


def short(name: str, length: int) -> str:
    """A name cut to a length, with an ellipsis where it was cut."""
    return name if len(name) <= length else name[: length - 1] + "…"
