"""Reading the experts' score sheets: CSV with the columns rater, indicator, score.

Belongs here: what a sheet may hold and how a mistake in one is told. Does not belong here: what
follows from the scores (`evaluation.py`).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from rakg_assets.graph.evaluation import INDICATORS
from rakg_assets.ontology.text import sheet_text

COLUMNS = ("rater", "indicator", "score")
LOWEST, HIGHEST = 1, 5
_NUMBER = re.compile(r"\d+(\.\d+)?")
_NAMES = {key: i.name for i in INDICATORS for key in (i.name.replace(" ", ""), i.zh)}
_NAMES |= {i.zh.removesuffix("性"): i.name for i in INDICATORS}


class ScoreSheetError(ValueError):
    """Sheets that cannot be evaluated; one line a problem: file, line, reason, remedy."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class _Vote:
    file: str
    line: int
    rater: str
    indicator: str
    score: float


def read_scores(sources: Path | Iterable[Path]) -> pd.DataFrame:
    """Read a folder of *.csv, or given files: rater, indicator (its English name), score.

    A score is a number from 1 to 5, halves allowed, because panels report averaged votes too.
    Names of indicators may be English or Chinese. No folder or no file gives an empty table.
    Raises `ScoreSheetError` with every double, missing, unknown or out-of-range vote.
    """
    problems: list[str] = []
    votes = [vote for path in _files(sources) for vote in _read(path, problems)]
    problems += _double(votes)
    if not problems:
        problems += _missing(votes)
    if problems:
        raise ScoreSheetError(problems)
    rows = sorted((v.rater, v.indicator, v.score) for v in votes)
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"score": "float64"})


def _files(sources: Path | Iterable[Path]) -> list[Path]:
    if not isinstance(sources, Path):
        return sorted(sources)
    if sources.is_dir():
        return sorted(p for p in sources.iterdir() if p.suffix.lower() == ".csv" and p.is_file())
    return [sources] if sources.exists() else []


def _read(path: Path, problems: list[str]) -> Iterator[_Vote]:
    """The votes of a file; what is no vote goes to `problems`."""
    rows = csv.reader(io.StringIO(_decoded(path, problems), newline=""))
    header = [_folded(cell) for cell in next(rows, [])]
    if not set(COLUMNS) <= set(header):
        problems.append(
            f"{path.name}, line 1: the columns are not {', '.join(COLUMNS)}; correct the header"
        )
        return
    places = [header.index(name) for name in COLUMNS]
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        cells = [row[place].strip() if place < len(row) else "" for place in places]
        vote, reason = _vote(path.name, rows.line_num, *cells)
        if vote is None:
            problems.append(f"{path.name}, line {rows.line_num}: {reason}")
        else:
            yield vote


def _decoded(path: Path, problems: list[str]) -> str:
    """The text of a sheet, or of its header alone where it cannot be read."""
    text = sheet_text(path.read_bytes())
    if text is not None:
        return text
    problems.append(f"{path.name}: neither UTF-8 nor GB18030; save it as CSV UTF-8")
    return ",".join(COLUMNS)


def _vote(file: str, line: int, rater: str, indicator: str, score: str) -> tuple[_Vote | None, str]:
    """The vote of a line, or the reason why it is none and the remedy."""
    name = _NAMES.get(_folded(indicator).replace("_", "").replace(" ", ""))
    number = unicodedata.normalize("NFKC", score)
    if not rater:
        return None, "no rater; write who gave the score"
    if name is None:
        known = ", ".join(i.name for i in INDICATORS)
        return None, f"unknown indicator {indicator!r}; use one of {known}"
    if not number:
        return None, f"missing score for {name}; write a number from {LOWEST} to {HIGHEST}"
    if not _NUMBER.fullmatch(number) or not LOWEST <= float(number) <= HIGHEST:
        return None, (
            f"score {score!r} for {name} is out of range; write a number from {LOWEST} to {HIGHEST}"
        )
    return _Vote(file, line, rater, name, float(number)), ""


def _double(votes: list[_Vote]) -> Iterator[str]:
    first: dict[tuple[str, str], _Vote] = {}
    for vote in votes:
        earlier = first.setdefault((vote.rater, vote.indicator), vote)
        if earlier is not vote:
            yield (
                f"{vote.file}, line {vote.line}: {vote.rater} scored {vote.indicator} twice "
                f"(first in {earlier.file}, line {earlier.line}); remove one of the two"
            )


def _missing(votes: list[_Vote]) -> Iterator[str]:
    """Every rater scores every indicator; a gap is told where the rater's last vote stands."""
    last: dict[str, _Vote] = {vote.rater: vote for vote in votes}
    given = {(vote.rater, vote.indicator) for vote in votes}
    for rater, vote in last.items():
        lacking = [i.name for i in INDICATORS if (rater, i.name) not in given]
        if lacking:
            yield (
                f"{vote.file}, line {vote.line}: {rater} gave no score for {', '.join(lacking)}; "
                "add the missing lines"
            )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
