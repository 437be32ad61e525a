"""Names that annotators see, read back as keys: 「症状」, `Symptom` and `symptom` are one label.

Does not belong here: which names are allowed; an unknown one is handed on as it stands and the
guideline check names it.
"""

from __future__ import annotations

from collections.abc import Mapping

from rakg_assets.ontology.schema import Assertion, EntityType, Relation

_ENTITY = {
    name.lower(): t.value for t in EntityType for name in (t.value, t.zh, t.en, t.node_label)
}
_RELATION = {name.lower(): r.value for r in Relation for name in (r.value, r.zh, r.en, r.edge_type)}
_ASSERTION = {
    "present": Assertion.PRESENT.value,
    "存在": Assertion.PRESENT.value,
    "absent": Assertion.ABSENT.value,
    "否定": Assertion.ABSENT.value,
    "possible": Assertion.POSSIBLE.value,
    "可能": Assertion.POSSIBLE.value,
    "family": Assertion.FAMILY.value,
    "家族史": Assertion.FAMILY.value,
}


def entity_key(label: str) -> str:
    """The entity type's key, or the label as it stands."""
    return _known(_ENTITY, label)


def relation_key(label: str) -> str:
    """The relation's key, or the label as it stands."""
    return _known(_RELATION, label)


def assertion_key(value: str) -> str:
    """The assertion's key, or the value as it stands."""
    return _known(_ASSERTION, value)


def is_assertion(value: str) -> bool:
    """Whether a word names one of the four assertions."""
    return value.strip().lower() in _ASSERTION


def _known(names: Mapping[str, str], name: str) -> str:
    return names.get(name.strip().lower(), name)
