from __future__ import annotations

import json
from pathlib import Path

import pytest

from rakg_assets.graph.export import read_export, write_export
from rakg_assets.graph.neo4j.content import Content
from rakg_assets.graph.neo4j.made_up import MONTHS, make_up
from rakg_assets.graph.neo4j.plan import plan_changes
from rakg_assets.ontology.schema import EntityType, Relation


def test_it_has_the_size_asked_for_and_is_sound(tmp_path: Path) -> None:
    graph = make_up(200, 500).whole
    assert (len(graph.nodes), len(graph.edges)) == (200, 500)
    assert set(graph.nodes["type"]) == set(EntityType)
    assert set(graph.edges["relation"]) == set(Relation)
    write_export(graph, tmp_path / "export")
    assert read_export(tmp_path / "export").digest() == graph.digest()


def test_months_add_up_to_the_records_above_the_threshold() -> None:
    edges = make_up(200, 500).whole.edges
    sums = [sum(json.loads(support).values()) for support in edges["support"]]
    assert sums == list(edges["records"])
    assert min(sums) > 5


def test_the_last_month_brings_a_part_of_the_rows() -> None:
    made_up = make_up(200, 500)
    before, after = made_up.without_last_month, made_up.whole
    assert not before.edges["support"].str.contains(MONTHS[-1]).any()
    plan = plan_changes(Content.of(before), Content.of(after))
    assert plan.new_edges
    assert plan.changed_edges
    assert not plan.deleted_edges
    assert plan.rows < len(after.edges) / 2


def test_a_seed_gives_the_same_graph_again() -> None:
    digests = [make_up(200, 500, seed).whole.digest() for seed in (1, 1, 2)]
    assert digests[0] == digests[1] != digests[2]


def test_one_disease_has_most_relationships() -> None:
    heads = make_up(200, 500).whole.edges["head"].value_counts()
    assert heads.iloc[0] > 10 * heads.iloc[1]


@pytest.mark.parametrize("edges", [100, 100_000])
def test_edges_that_do_not_fit_are_refused(edges: int) -> None:
    with pytest.raises(ValueError, match=f"{edges} edges: not between"):
        make_up(200, edges)
