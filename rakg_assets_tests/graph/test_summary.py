from __future__ import annotations

from rakg_assets.graph.content import Graph
from rakg_assets.graph.summary import counts_by_relation, counts_by_type, support_by_month
from rakg_assets.ontology.schema import EntityType, Relation
from rakg_assets_tests.graph.conftest import SUPPORT


def test_support_by_month_adds_up(graph: Graph) -> None:
    support = support_by_month(graph)
    assert support["month"].tolist() == ["2018-03", "2018-05"]
    assert support["records"].sum() == sum(sum(m.values()) for *_, m in SUPPORT)
    assert support["edges"].tolist() == [12, 4]


def test_counts_name_also_what_is_missing(graph: Graph) -> None:
    assert counts_by_type(graph)[EntityType.SYMPTOM] == 2
    assert counts_by_relation(graph)[Relation.TREATMENT_IMPROVED] == 2
    assert set(counts_by_type(Graph.empty()).values()) == {0}
    assert support_by_month(Graph.empty()).empty
