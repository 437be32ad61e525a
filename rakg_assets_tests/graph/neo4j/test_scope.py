from __future__ import annotations

import pytest

from rakg_assets.graph.neo4j.scope import own
from rakg_assets.ontology.schema import EntityType

ALL = "|".join(kind.node_label for kind in EntityType)


@pytest.mark.parametrize(
    ("statement", "narrowed"),
    [
        ("MATCH (n:Symptom) RETURN n", "MATCH (n:RakgConcept&Symptom) RETURN n"),
        ("MATCH (:Disease {id: $id})", "MATCH (:RakgConcept&Disease {id: $id})"),
        (
            "MATCH (h:Treatment)-[r:TREATS]->(t:Symptom|Disease)",
            "MATCH (h:RakgConcept&Treatment)-[r:TREATS]->(t:RakgConcept&(Symptom|Disease))",
        ),
        (f"MATCH (n:{ALL}) RETURN n", "MATCH (n:RakgConcept) RETURN n"),
        ("MATCH (n:Somebody) RETURN n", "MATCH (n:Somebody) RETURN n"),
        ("MATCH (n:SymptomOfMine) RETURN n", "MATCH (n:SymptomOfMine) RETURN n"),
        ("MATCH (n:Symptom&Mine) RETURN n", "MATCH (n:Symptom&Mine) RETURN n"),
        ("MATCH (a)-[:Symptom]->(b) RETURN a", "MATCH (a)-[:Symptom]->(b) RETURN a"),
    ],
)
def test_patterns_of_our_labels_see_our_nodes_only(statement: str, narrowed: str) -> None:
    assert own(statement) == narrowed
