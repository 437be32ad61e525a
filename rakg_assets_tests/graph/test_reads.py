from __future__ import annotations

import pytest

from rakg_assets.graph import reads
from rakg_assets.graph.store import GraphStore
from rakg_assets.ontology.schema import EntityType, Relation
from rakg_assets_tests.graph.conftest import RA, SUPPORT, made_from
from rakg_assets_tests.graph.filled import filled

__all__ = ["filled"]


def ids(rows: list[reads.Row]) -> list[str]:
    return [row["id"] for row in rows]


def test_everything_is_read_and_counted(filled: GraphStore) -> None:
    graph = made_from(SUPPORT).build()
    assert reads.read_graph(filled).digest() == graph.digest()
    counts = reads.count_all(filled)
    assert set(counts.nodes) == set(EntityType)
    assert set(counts.edges) == set(Relation)
    assert counts.nodes[EntityType.SYMPTOM] == 2
    assert (sum(counts.nodes.values()), sum(counts.edges.values())) == (11, len(SUPPORT))


def test_the_most_named_concepts_come_first(filled: GraphStore) -> None:
    assert ids(reads.top_concepts(filled, EntityType.SYMPTOM)) == ["SYM1", "SYM2"]
    assert ids(reads.top_concepts(filled, EntityType.TREATMENT, limit=1)) == ["TRT1"]
    assert ids(reads.top_concepts(filled, EntityType.DISEASE)) == [RA]


@pytest.mark.parametrize("word", ["TRT2", "来氟米特, 片"])
def test_a_concept_is_found_by_id_and_by_chinese_name(filled: GraphStore, word: str) -> None:
    assert reads.concepts_named(filled, word) == [
        {
            "id": "TRT2",
            "type": "treatment",
            "name_zh": "来氟米特, 片",
            "name_en": 'leflunomide "tablet" <b>',
            "records": 8,
        }
    ]


def test_a_subgraph_holds_neighbours_and_the_edges_among_them(filled: GraphStore) -> None:
    near = reads.subgraph(filled, "双腕")
    assert ids(near.nodes) == ["BDP1", "PEX1", "SYM1"]
    assert [(e["head"], e["relation"], e["tail"], e["records"]) for e in near.edges] == [
        ("BDP1", "body_part_symptom", "SYM1", 8),
        ("BDP1", "body_part_physical_examination", "PEX1", 6),
    ]
    around_ra = reads.subgraph(filled, RA)
    assert ("TRT1", "SYM1") in {(e["head"], e["tail"]) for e in around_ra.edges}
    assert not {"MINE", "OTHER"} & set(ids(around_ra.nodes))


def test_the_limit_keeps_the_best_supported_neighbours(filled: GraphStore) -> None:
    assert ids(reads.subgraph(filled, RA, limit=3).nodes) == [RA, "SYM1", "TRT1", "TRT2"]
    assert ids(reads.subgraph(filled, RA, limit=1).nodes) == [RA, "TRT1"]


def test_a_second_step_goes_on_from_the_first(filled: GraphStore) -> None:
    near = set(ids(reads.subgraph(filled, "MIT1", depth=1).nodes))
    far = set(ids(reads.subgraph(filled, "MIT1", depth=2).nodes))
    assert near == {"MIT1", "SYM2"}
    assert far == {"MIT1", "SYM2", RA}
    assert len(reads.subgraph(filled, "MIT1", depth=3, limit=2).nodes) == 5


@pytest.mark.parametrize("word", ["NOBODY", "MINE", "x'}) DETACH DELETE n //"])
def test_what_is_no_concept_of_ours_has_no_surroundings(filled: GraphStore, word: str) -> None:
    assert reads.concepts_named(filled, word) == []
    assert reads.subgraph(filled, word) == reads.Subgraph([], [])
