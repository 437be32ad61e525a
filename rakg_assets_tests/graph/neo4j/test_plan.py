from __future__ import annotations

from dataclasses import replace

from rakg_assets.graph.content import Graph
from rakg_assets.graph.neo4j import statements
from rakg_assets.graph.neo4j.content import Content
from rakg_assets.graph.neo4j.plan import Plan, batches, packed, plan_changes
from rakg_assets.ontology.schema import EntityType
from rakg_assets_tests.graph.conftest import SUPPORT, made_from

EMPTY = Content([], [])


def content(graph: Graph) -> Content:
    return Content.of(graph)


def test_the_same_content_needs_nothing(graph: Graph) -> None:
    plan = plan_changes(content(graph), content(graph))
    assert plan.is_empty
    assert list(batches(plan, 10)) == []
    assert plan.result("d").unchanged


def test_an_empty_store_gets_everything_as_new(graph: Graph) -> None:
    plan = plan_changes(EMPTY, content(graph))
    assert (len(plan.new_nodes), len(plan.new_edges)) == (len(graph.nodes), len(graph.edges))
    assert plan.rows == len(graph.nodes) + len(graph.edges)
    assert plan.new_edges == sorted(plan.new_edges)


def test_each_kind_of_change_is_told_apart(graph: Graph) -> None:
    rows = [(h, r, t, dict(m)) for h, r, t, m in SUPPORT if h != "MIT1"]
    rows[0][3]["2018-03"] += 1
    plan = plan_changes(content(graph), content(made_from(rows).build()))
    assert plan.deleted_nodes == ["MIT1"]
    assert plan.deleted_edges == [("MIT1", "mitigation_factor_symptom", "SYM2")]
    assert [row[:3] for row in plan.changed_edges] == [rows[0][:3]]
    assert (plan.new_nodes, plan.new_edges) == ([], [])
    result = plan.result("d")
    assert (result.edges_written, result.edges_deleted, result.nodes_deleted) == (1, 1, 1)


def test_a_relationship_that_stands_twice_is_made_anew(graph: Graph) -> None:
    wanted = content(graph)
    stored = replace(wanted, edges=[*wanted.edges, wanted.edges[0]])
    plan = plan_changes(stored, wanted)
    assert plan.deleted_edges == [wanted.edges[0][:3]]
    assert plan.new_edges == [wanted.edges[0]]
    assert plan.changed_edges == []


def test_deletions_come_first_and_nodes_before_what_joins_them(graph: Graph) -> None:
    wanted = content(graph)
    stored = Content(
        [*wanted.nodes[1:], ("OLD1", "symptom", "旧", "old", 9)],
        [*wanted.edges[1:], ("OLD1", "disease_symptom", "OLD1", 1, 1, "{}", "m", "d")],
    )
    first = [batch.statement.split()[-1] for batch in batches(plan_changes(stored, wanted), 100)]
    kinds = [word if word in ("r", "n") else "other" for word in first]
    assert kinds[:2] == ["r", "n"]
    created = [b.statement for b in batches(plan_changes(EMPTY, wanted), 100)]
    joins = ["MATCH" in statement for statement in created]
    assert joins == sorted(joins)


def test_a_node_without_id_is_found_by_its_lack(graph: Graph) -> None:
    stored = Content([*content(graph).nodes, ("", "", "", "", 0)], content(graph).edges)
    parts = list(batches(plan_changes(stored, content(graph)), 10))
    assert [part.statement for part in parts] == [statements.DELETE_NAMELESS]


def test_batches_and_transactions_keep_their_sizes(graph: Graph) -> None:
    plan: Plan = plan_changes(EMPTY, content(graph))
    parts = list(batches(plan, 2))
    assert max(len(part.rows) for part in parts) == 2
    packs = list(packed(parts, 5))
    assert [part for pack in packs for part in pack] == parts
    assert all(sum(len(part.rows) for part in pack) <= 5 for pack in packs)


def test_what_rows_share_travels_once(graph: Graph) -> None:
    for batch in batches(plan_changes(EMPTY, content(graph)), 100):
        values = {value for row in batch.rows for value in row}
        assert not values & set(batch.constants.values())
        assert "m1" not in values


def test_relationships_that_are_there_are_sought_once_a_head(graph: Graph) -> None:
    nothing = Content(content(graph).nodes, [])
    (part,) = [
        part
        for part in batches(plan_changes(content(graph), nothing), 100)
        if "TREATMENT_IMPROVED" in part.statement
    ]
    assert part.rows == [("TRT1", "DIS1"), ("TRT1", "SYM1")]
    assert part.parameters == {"rows": [["TRT1", {"DIS1": [], "SYM1": []}]]}


def test_changed_relationships_keep_their_values_by_tail(graph: Graph) -> None:
    wanted = content(graph)
    stored = replace(wanted, edges=[(*row[:3], 1, *row[4:]) for row in wanted.edges])
    parts = list(batches(plan_changes(stored, wanted), 100))
    sent = {
        (head, part.constants["relation"], tail, *values)
        for part in parts
        for head, by_tail in part.parameters["rows"]
        for tail, values in by_tail.items()
    }
    assert sent == {row[:6] for row in wanted.edges}


def test_statements_name_labels_of_the_ontology_only() -> None:
    for kind in EntityType:
        assert f":{kind.node_label} {{" in statements.create_nodes(kind)
        assert f"SET n:{kind.node_label}," in statements.update_nodes(kind)
