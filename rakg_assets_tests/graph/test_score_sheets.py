from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.graph.evaluation import INDICATORS, evaluate
from rakg_assets.graph.score_sheets import ScoreSheetError, read_scores

HEADER = "rater,indicator,score\n"


def sheet(rater: str, score: str = "4", **other: str) -> str:
    changed = {name.replace("_", " "): value for name, value in other.items()}
    rows = [f"{rater},{i.name},{changed.get(i.name, score)}\n" for i in INDICATORS]
    return HEADER + "".join(rows)


def test_sheets_of_a_folder_are_read_together(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(sheet("A"), encoding="utf-8")
    (tmp_path / "b.CSV").write_text(sheet("B", "5"), encoding="utf-8")
    (tmp_path / "note.txt").write_text("not a sheet", encoding="utf-8")
    scores = read_scores(tmp_path)
    assert len(scores) == 16
    assert evaluate(scores).table["mean"].tolist() == [4.5] * 8
    assert read_scores([tmp_path / "a.csv"])["rater"].unique().tolist() == ["A"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_chinese_sheets_are_read(tmp_path: Path, encoding: str) -> None:
    rows = "".join(f"专家甲, {i.zh} ,４\r\n" for i in INDICATORS)
    (tmp_path / "表.csv").write_text("Rater,Indicator,Score\r\n" + rows, encoding=encoding)
    scores = read_scores(tmp_path)
    assert set(scores["indicator"]) == {i.name for i in INDICATORS}
    assert set(scores["score"]) == {4.0}


def test_column_order_and_empty_lines_do_not_matter(tmp_path: Path) -> None:
    rows = "".join(f"3.5,A,{i.name.upper().replace(' ', '_')}\n\n" for i in INDICATORS)
    (tmp_path / "a.csv").write_text("score,rater,indicator\n" + rows, encoding="utf-8")
    assert set(read_scores(tmp_path)["score"]) == {3.5}


def test_no_sheet_gives_no_scores(tmp_path: Path) -> None:
    for source in (tmp_path, tmp_path / "none", []):
        scores = read_scores(source)
        assert scores.empty
        assert evaluate(scores).message


@pytest.mark.parametrize(
    "score", ["0", "6", "5.01", "-1", "four", "nan", "inf", "1e0", "4_0", "4,5"]
)
def test_a_score_out_of_range_is_refused(tmp_path: Path, score: str) -> None:
    (tmp_path / "a.csv").write_text(sheet("A", value=f'"{score}"'), encoding="utf-8")
    with pytest.raises(ScoreSheetError, match=r"a\.csv, line 3: .* for value is out of range; "):
        read_scores(tmp_path)


def test_an_empty_score_is_a_missing_vote(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(sheet("A", ease_of_use=""), encoding="utf-8")
    with pytest.raises(ScoreSheetError, match="line 7: missing score for ease of use; write"):
        read_scores(tmp_path)


def test_a_missing_line_is_a_missing_vote(tmp_path: Path) -> None:
    lines = sheet("A").splitlines(keepends=True)
    (tmp_path / "a.csv").write_text("".join(lines[:-2]), encoding="utf-8")
    with pytest.raises(ScoreSheetError, match=r"A gave no score for readability, practicability"):
        read_scores(tmp_path)


def test_a_double_vote_is_refused_also_across_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(sheet("A"), encoding="utf-8")
    (tmp_path / "b.csv").write_text(HEADER + "A,易用性,4\n", encoding="utf-8")
    with pytest.raises(ScoreSheetError, match=r"b\.csv, line 2: .*twice \(first in a\.csv, line 7"):
        read_scores(tmp_path)


def test_an_unknown_indicator_names_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(sheet("A") + "A,beauty,4\n", encoding="utf-8")
    with pytest.raises(ScoreSheetError, match=r"line 10: unknown indicator 'beauty'; use .*value"):
        read_scores(tmp_path)


def test_a_vote_without_rater_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(sheet(""), encoding="utf-8")
    with pytest.raises(ScoreSheetError, match="line 2: no rater"):
        read_scores(tmp_path)


@pytest.mark.parametrize("content", [b"", b"who,what\nA,value\n"])
def test_a_wrong_header_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(ScoreSheetError, match=r"a\.csv, line 1: the columns are not"):
        read_scores(tmp_path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe\xff\xff")
    with pytest.raises(ScoreSheetError, match=r"a\.csv: neither UTF-8 nor GB18030"):
        read_scores(tmp_path)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(sheet("A", value="9", authority="x"), encoding="utf-8")
    with pytest.raises(ScoreSheetError) as caught:
        read_scores(tmp_path)
    assert len(caught.value.problems) == 2
