"""Entities of a sentence that are listed together: 「双腕、双膝关节肿痛」.

The guideline says that coordination distributes, so what a relation says of one head of a list it
says of all. Does not belong here: candidates for relations (`pairs.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.ontology.schema import LEARNED_RELATIONS, EntityType

Chain = tuple[int, ...]

_HEADS = frozenset(relation.head for relation in LEARNED_RELATIONS)
# Names of drugs often stand in quotation marks: 「“甲氨蝶呤”、“来氟米特”」.
_QUOTES = str.maketrans("", "", "“”‘’\"'「」『』《》")
_JOINT = re.compile(r"[\s、/及和与或+]{0,3}")
# Between drugs stand doses, routes and times: 「甲氨蝶呤10mg每周一次、来氟米特」.
_DOSE = (
    r"(?:[\d.~～×/%:：μ\sA-Za-z]|[每隔][日天周月晚早]|[一二三四两][次片粒]|[次片粒支周天日月]"
    r"|静滴|静推|口服|肌注|外用|外涂|皮下注射)"
)
_DOSE_AND_JOINT = re.compile(rf"{_DOSE}{{0,24}}(?:[、,，及和与+加并合]|联合|合用|并?加用)\s?")


def coordinated(document: Document, entities: Iterable[int]) -> list[Chain]:
    """Entities in order of place, those that stand in one list of heads as one chain.

    Entities that no relation starts from, tails among them, stay alone: of 「肿痛、乏力」 only the
    first belongs to a site.
    """
    chains: list[Chain] = []
    order = sorted(entities, key=lambda i: (document.entities[i].start, document.entities[i].end))
    for i in order:
        if chains and _joined(
            document.text, document.entities[chains[-1][-1]], document.entities[i]
        ):
            chains[-1] += (i,)
        else:
            chains.append((i,))
    return chains


def _joined(text: str, before: Entity, entity: Entity) -> bool:
    if (before.label, before.assertion) != (entity.label, entity.assertion):
        return False
    gap = text[before.end : entity.start].translate(_QUOTES)
    if entity.label == EntityType.TREATMENT and _DOSE_AND_JOINT.fullmatch(gap):
        return True
    return entity.label in _HEADS and _JOINT.fullmatch(gap) is not None
