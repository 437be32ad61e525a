"""Names that annotators see, as keys."""

from __future__ import annotations

import pytest

from rakg_assets.corpus.formats.names import assertion_key, entity_key, is_assertion, relation_key
from rakg_assets.ontology.schema import Assertion, EntityType, Relation


@pytest.mark.parametrize("kind", EntityType)
def test_every_name_of_a_type_is_its_key(kind: EntityType) -> None:
    for name in (kind.value, kind.zh, kind.en, kind.node_label, kind.value.upper()):
        assert entity_key(name) == kind.value


@pytest.mark.parametrize("kind", Relation)
def test_every_name_of_a_relation_is_its_key(kind: Relation) -> None:
    for name in (kind.value, kind.zh, kind.en, kind.edge_type):
        assert relation_key(name) == kind.value


def test_assertions_and_unknown_names() -> None:
    assert all(assertion_key(a.value) == a.value and is_assertion(a.value) for a in Assertion)
    assert assertion_key("否定") == "absent"
    assert (entity_key("药物X"), relation_key("r"), assertion_key("?")) == ("药物X", "r", "?")
    assert not is_assertion("?")
