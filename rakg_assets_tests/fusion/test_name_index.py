"""When the nearest name is near enough and alone, and when an encoder is asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from rakg_assets.fusion.calibration import Curve
from rakg_assets.fusion.form_index import NO_MATCH
from rakg_assets.fusion.name_index import NameIndex
from rakg_assets.fusion.normalise import Normaliser
from rakg_assets.ontology.dictionaries import Concept, Dictionary
from rakg_assets.ontology.schema import EntityType

_KIND = EntityType.SYMPTOM
_TWO = (Concept("S1", "夜间盗汗", "a"), Concept("S2", "夜间出汗", "b", ambiguous=("汗",)))
# Everything that is alike at all is likely enough.
_LENIENT, _STRICT = Curve(0, 0, 0, 0, 0, 0.5), Curve(0, 0, 0, 0, 0, 0.6)


class Encoder:
    """Knows one name that is near in meaning to everything."""

    def __init__(self, near: str) -> None:
        self.near = near

    def cosines(self, ones: Sequence[str], others: Sequence[str]) -> np.ndarray:
        return np.array([0.9 if other == self.near else 0.5 for other in others])


def index(
    normaliser: Normaliser,
    curve: Curve = _LENIENT,
    near: str | None = None,
    concepts: tuple[Concept, ...] = _TWO,
) -> NameIndex:
    meaning = Encoder(near) if near else None
    return NameIndex(Dictionary(_KIND, concepts, "1"), normaliser, curve, meaning=meaning)


def test_of_two_alike_none_is_taken_unless_one_is_nearer_in_meaning(
    normaliser: Normaliser,
) -> None:
    mention = "夜间冒汗"
    assert index(normaliser).matches([mention]) == [NO_MATCH]
    for concept in _TWO:
        (match,) = index(normaliser, near=concept.name_zh).matches([mention])
        assert (match.concept, match.method, match.score) == (concept, "similarity", 0.5)
    assert index(normaliser, near="别的").matches([mention]) == [NO_MATCH]


def test_meaning_makes_nothing_likely_enough(normaliser: Normaliser) -> None:
    assert index(normaliser, _STRICT, near="夜间盗汗").matches(["夜间冒汗"]) == [NO_MATCH]


def test_one_alone_is_taken_when_it_is_likely_enough(normaliser: Normaliser) -> None:
    alone = _TWO[:1]
    (match,) = index(normaliser, concepts=alone).matches(["夜间道汗"])
    assert match.concept == alone[0]
    assert index(normaliser, _STRICT, concepts=alone).matches(["夜间道汗"]) == [NO_MATCH]
    assert index(normaliser).matches([]) == []


def test_suggestions_begin_with_what_an_ambiguous_alias_may_mean(normaliser: Normaliser) -> None:
    (found,) = index(normaliser).suggestions(["汗"], 2)
    assert (found[0].concept, found[0].score) == (_TWO[1], 1.0)
    (near,) = index(normaliser).suggestions(["夜间冒汗"], 1)
    assert len(near) == 1
    assert index(normaliser).suggestions([], 3) == []


@pytest.mark.parametrize(("barred", "found"), [("", "S1"), ("S1", "S2")])
def test_evidence_passes_over_a_barred_concept(
    normaliser: Normaliser, barred: str, found: str
) -> None:
    (best,) = index(normaliser).evidence(["夜间道汗"], [barred])
    assert best is not None
    assert best[0] == found
