from __future__ import annotations

from itertools import combinations, product

import pandas as pd
import pytest

from rakg_assets.graph.content import EDGE_SCHEMA, NODE_SCHEMA, Graph
from rakg_assets.graph.picture import WIDTH, Node, Picture, draw_picture, short
from rakg_assets.ontology.schema import EntityType, Relation
from rakg_assets_tests.graph.conftest import RA

ZH_WIDTH, EN_WIDTH, ABOVE, BELOW = 14.0, 6.0, 14.0, 14.0


def crowded() -> Graph:
    """A hundred concepts of each type with long names, every one linked."""
    nodes = [[RA, "disease", "类风湿关节炎", "rheumatoid arthritis", 900]]
    edges = []
    for kind, n in product(EntityType, range(100)):
        zh, en = f"{n}" + "很长的名称" * 6, f"{n} " + "a long name " * 8
        nodes.append([f"{kind}{n}", kind.value, zh, en, 9])
    for relation, n in product(Relation, range(100)):
        head = RA if relation.head == "disease" else f"{relation.head}{n}"
        tail = f"{min(relation.tails)}{n}"
        edges.append([head, relation.value, tail, 100 - n, 100, "{}", "m", "d"])
    return Graph(
        pd.DataFrame(nodes, columns=NODE_SCHEMA.names),
        pd.DataFrame(edges, columns=EDGE_SCHEMA.names),
    )


def box(node: Node) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a node's label, drawn generously."""
    wide = max(
        sum(ZH_WIDTH if ord(c) > 0x2E80 else ZH_WIDTH / 2 for c in node.zh),
        EN_WIDTH * len(node.en),
    )
    left = node.label_x - wide if node.anchor == "end" else node.label_x
    return left, node.y - ABOVE, left + wide, node.y + BELOW


@pytest.fixture(scope="module")
def picture() -> Picture:
    drawn = draw_picture(crowded(), RA)
    assert drawn is not None
    return drawn


def test_no_two_labels_meet(picture: Picture) -> None:
    for one, other in combinations(map(box, picture.nodes), 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart


def test_everything_is_inside(picture: Picture) -> None:
    for left, top, right, bottom in map(box, picture.nodes):
        assert left >= 0
        assert right <= WIDTH
        assert top >= 0
        assert bottom <= picture.height


def test_no_label_lies_on_a_heading(picture: Picture) -> None:
    for heading in picture.headings:
        beside = [n for n in picture.nodes if n.anchor == heading.anchor]
        assert all(n.y + BELOW <= heading.y - 10 or n.y - ABOVE >= heading.y for n in beside)


def test_every_type_but_the_disease_is_shown(picture: Picture) -> None:
    assert set(picture.kinds) == set(EntityType) - {EntityType.DISEASE}
    assert len({node.id for node in picture.nodes}) == len(picture.nodes) <= 50


def test_the_best_supported_are_shown(picture: Picture) -> None:
    symptoms = [node.id for node in picture.nodes if node.kind is EntityType.SYMPTOM]
    assert symptoms == [f"symptom{n}" for n in range(len(symptoms))]


def test_links_tell_rule_from_model(graph: Graph) -> None:
    drawn = draw_picture(graph, RA)
    assert drawn is not None
    assert {link.rule for link in drawn.links} == {True, False}
    assert any("受凉 → 肿痛: 加重因素-症状" in link.title for link in drawn.links)


def test_it_does_not_depend_on_the_order_of_rows(graph: Graph) -> None:
    shuffled = Graph(
        graph.nodes.sample(frac=1, random_state=2), graph.edges.sample(frac=1, random_state=3)
    )
    first, second = draw_picture(graph, RA), draw_picture(shuffled, RA)
    assert first is not None
    assert second is not None
    assert first.nodes == second.nodes
    assert set(first.links) == set(second.links)


@pytest.mark.parametrize("disease", ["NOBODY", "LAB1"])
def test_nothing_is_drawn_around_what_leads_nowhere(graph: Graph, disease: str) -> None:
    assert draw_picture(graph, disease) is None
    assert draw_picture(Graph.empty(), disease) is None


def test_a_disease_without_relations_of_its_own_is_not_drawn(graph: Graph) -> None:
    edges = graph.edges[graph.edges["head"] != RA]
    assert draw_picture(Graph(graph.nodes, pd.DataFrame(edges)), RA) is None


def test_long_names_are_cut() -> None:
    assert short("甲氨蝶呤", 4) == "甲氨蝶呤"
    assert short("甲氨蝶呤片", 4) == "甲氨蝶…"
