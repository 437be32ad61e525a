"""Pairs of mention and concept: read, checked, counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.fusion.benchmark.pairs import Pair, PairsError, Tally, read_pairs, score
from rakg_assets.ontology.dictionaries import Concept
from rakg_assets.ontology.schema import EntityType

_RA = Concept("D1", "类风湿关节炎", "rheumatoid arthritis", ("RA",))
_ASKED = Pair(EntityType.DISEASE, "类风关", frozenset({"类风湿关节炎"}), "short")
_NOTHING = Pair(EntityType.DISEASE, "风湿科", frozenset(), "nil")


@pytest.mark.parametrize(
    ("pair", "concept", "counts"),
    [
        (_ASKED, _RA, (1, 0, 0)),
        (_ASKED, Concept("D2", "骨关节炎", "osteoarthritis"), (0, 1, 0)),
        (_ASKED, None, (0, 0, 1)),
        (_NOTHING, None, (1, 0, 0)),
        (_NOTHING, _RA, (0, 1, 0)),
    ],
)
def test_right_wrong_and_missed(
    pair: Pair, concept: Concept | None, counts: tuple[int, int, int]
) -> None:
    tally = Tally()
    tally.add(pair, concept)
    assert (tally.right, tally.wrong, tally.missed) == counts
    assert Tally().percent(0) == 0


def test_scores_are_told_by_type_kind_and_step() -> None:
    result = score([_ASKED, _NOTHING], [_RA, _RA], ["alias", "similarity"])
    assert (result.overall.right, result.overall.wrong) == (1, 1)
    assert result.by_kind["nil"].wrong == 1
    assert result.by_step["alias"].right == 1
    assert result.by_type["disease"].total == 2


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    rows = "type\tmention\tnames_zh\tkind\ndisease\tＲＡ\t类风湿关节炎|R A\tshort\n"
    path.write_text(rows + "disease\t风湿科\t\tnil\n", "utf-8")
    first, second = read_pairs(path)
    assert first.names == {"类风湿关节炎", "ra"}
    assert second.names == frozenset()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("type\tmention\n", "line 1: the header lacks names_zh, kind"),
        ("type\tmention\tnames_zh\tkind\ndrug\ta\tb\tname\n", "line 2: .*no entity type"),
        ("type\tmention\tnames_zh\tkind\ndisease\ta\tb\n", "line 2"),
        ("type\tmention\tnames_zh\tkind\ndisease\ta\tb\tnil\n", "line 2: accepted names and kind"),
        ("type\tmention\tnames_zh\tkind\ndisease\ta\t\tname\n", "line 2: accepted names and kind"),
        (
            "type\tmention\tnames_zh\tkind\ndisease\ta\tb\tname\ndisease\ta\tc\tname\n",
            "disease a stand twice",
        ),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text(content, "utf-8")
    with pytest.raises(PairsError, match=reason):
        read_pairs(path)
