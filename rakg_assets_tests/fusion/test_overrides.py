"""Decisions about mentions: read, checked, added, and what they do to links."""

from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.fusion.calibration import Curve
from rakg_assets.fusion.linking import Linker
from rakg_assets.fusion.normalise import Normaliser
from rakg_assets.fusion.overrides import (
    NIL,
    Decision,
    OverridesError,
    add_decisions,
    decided,
    read_overrides,
)
from rakg_assets.ontology.dictionaries import Dictionary
from rakg_assets.ontology.schema import EntityType

Dictionaries = dict[EntityType, Dictionary]


def test_without_a_file_nothing_is_decided(tmp_path: Path, dictionaries: Dictionaries) -> None:
    assert not any(read_overrides(tmp_path, dictionaries).values())


def test_a_decision_goes_before_every_step(
    dictionaries: Dictionaries, normaliser: Normaliser, curves: dict[EntityType, Curve]
) -> None:
    decisions = decided(
        [Decision("treatment", "小粉片", "T1"), Decision("treatment", "强的松", NIL)], dictionaries
    )
    linker = Linker(dictionaries, normaliser, curves, decisions)
    link = linker.link(EntityType.TREATMENT, "小粉片")
    assert (link.concept_id, link.method, link.score) == ("T1", "override", 1.0)
    nothing = linker.link(EntityType.TREATMENT, "强的松")
    assert (nothing.concept_id, nothing.method) == (None, "override")
    assert linker.link(EntityType.TREATMENT, "强的松片").concept_id == "T3"


def test_a_decision_holds_for_every_spelling_of_its_mention(
    dictionaries: Dictionaries, normaliser: Normaliser, curves: dict[EntityType, Curve]
) -> None:
    decisions = decided([Decision("lab_test", "ｘｙ-1", "L1")], dictionaries)
    linker = Linker(dictionaries, normaliser, curves, decisions)
    assert linker.link(EntityType.LAB_TEST, "XY 1").concept_id == "L1"


def test_new_decisions_take_the_place_of_old_ones(
    tmp_path: Path, dictionaries: Dictionaries
) -> None:
    add_decisions(tmp_path, [Decision("treatment", "小粉片", "T1", "问过医师")], dictionaries)
    newer = [Decision("treatment", "小粉片", "T2"), Decision("disease", "风湿", NIL)]
    add_decisions(tmp_path, newer, dictionaries)
    found = read_overrides(tmp_path, dictionaries)
    assert found[EntityType.DISEASE] == {"风湿": None}
    concept = found[EntityType.TREATMENT]["小粉片"]
    assert concept is not None
    assert concept.concept_id == "T2"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("drug,小粉片,T1", r"line 2: the type is none of"),
        ("treatment,,T1", r"line 2: the mention is empty"),
        ("treatment,小粉片,D1", r"line 2: D1 is no concept of treatment\.csv"),
        ("treatment,小粉片,", r"line 2: an empty cell is no concept"),
        ("treatment,甲,T1\ntreatment,甲,T2", r"line 3: the mention is decided twice"),
        ("treatment,甲", r"line 2: an empty cell is no concept"),
        ("treatment,甲,T1,more", r"line 2: more cells than columns"),
        ('treatment,甲,"T1', r"line 2: .*mend the quotes"),
        ("treatment,甲,张三 13800000000", r"line 2: the answer is no concept"),
    ],
)
def test_a_wrong_row_is_named(
    tmp_path: Path, dictionaries: Dictionaries, rows: str, reason: str
) -> None:
    (tmp_path / "overrides.csv").write_text(f"type,mention,concept_id\n{rows}\n", "utf-8")
    with pytest.raises(OverridesError, match=reason):
        read_overrides(tmp_path, dictionaries)


@pytest.mark.parametrize("content", [b"mention,concept_id\n", "type\n糖".encode("gb18030")])
def test_a_file_in_another_shape_is_named(
    tmp_path: Path, dictionaries: Dictionaries, content: bytes
) -> None:
    (tmp_path / "overrides.csv").write_bytes(content)
    with pytest.raises(OverridesError, match=r"overrides\.csv"):
        read_overrides(tmp_path, dictionaries)


def test_a_wrong_decision_changes_nothing(tmp_path: Path, dictionaries: Dictionaries) -> None:
    add_decisions(tmp_path, [Decision("treatment", "小粉片", "T1")], dictionaries)
    before = (tmp_path / "overrides.csv").read_bytes()
    with pytest.raises(OverridesError):
        add_decisions(tmp_path, [Decision("treatment", "小粉片", "T999")], dictionaries)
    assert (tmp_path / "overrides.csv").read_bytes() == before
