from pathlib import Path

import pytest

from rakg_assets.extraction.relation_cues import RelationCueError, RelationCues

WORDS = Path(__file__).parents[2] / "dictionaries"


@pytest.fixture(scope="module")
def cues() -> RelationCues:
    return RelationCues.load(WORDS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("双腕肿痛明显改善", [("改善", "improved")]),
        ("晨僵无明显好转", [("无明显好转", "not_improved")]),
        ("关节肿痛控制良好", [("控制良好", "improved")]),
        ("关节肿痛控制不佳", [("控制不佳", "not_improved")]),
        ("冷痛减而肿胀如故", [("如故", "not_improved")]),
        ("两日后渐退", [("渐退", "improved")]),
        ("至今未复发", [("未复发", "improved")]),
        ("受凉后加重，热敷稍缓", [("加重", "worse"), ("稍缓", "improved")]),
        ("双手未见缓解", [("未见缓解", "not_improved")]),
        ("胀痛消。消化科会诊", [("消", "improved")]),
        ("口服布洛芬0.3g", []),
        ("", []),
    ],
)
def test_outcomes_are_found_longest_first(
    text: str, found: list[tuple[str, str]], cues: RelationCues
) -> None:
    assert [(text[s:e], what.value) for s, e, what in cues.outcomes(text)] == found


@pytest.mark.parametrize(
    ("mention", "kind"),
    [("晨僵", "stiffness"), ("乏力", "general"), ("行走困难", "function"), ("肿痛", None)],
)
def test_a_symptom_has_a_kind(mention: str, kind: str | None, cues: RelationCues) -> None:
    assert cues.symptom_kind(mention) == kind


def test_cues_travel_as_their_terms(cues: RelationCues) -> None:
    again = RelationCues(cues.terms)
    text = "效果欠佳，仍有反复"
    assert list(again.outcomes(text)) == list(cues.outcomes(text)) != []
    assert list(RelationCues({}).outcomes(text)) == []


def test_every_cue_is_listed_once() -> None:
    lines = (WORDS / "cues/relations.csv").read_text("utf-8").splitlines()
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("row", ["bettter,好转", "improved,", "improved"])
def test_a_wrong_row_names_its_line(row: str, tmp_path: Path) -> None:
    (tmp_path / "cues").mkdir()
    (tmp_path / "cues/relations.csv").write_text(f"kind,cue\nworse,加重\n{row}\n", "utf-8")
    with pytest.raises(RelationCueError, match=r"relations\.csv, line 3"):
        RelationCues.load(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RelationCueError, match="restore the cue words of relations"):
        RelationCues.load(tmp_path)
