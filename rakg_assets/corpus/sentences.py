"""Sections cut into sentences, with the offsets of the section kept.

Belongs here: the boundaries of the annotation guideline (。！？；, line breaks, a time point that
opens a new event). Does not belong here: what is inside a sentence, or segments that a model wants.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from rakg_assets.ontology.sections import is_blank
from rakg_assets.ontology.tables import TABLES

# What str.splitlines takes for a line break. A half-width "." is none of the stops: it stands in
# decimals and after list numbers.
_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_STOPS, _CLOSERS = "。！？；｡", "”’」』】》）〕"
_HARD_END = re.compile(f"(?:[{_STOPS}][{_CLOSERS}]*)+|[{_BREAKS}]+")

_NUMBER = r"(?:\d+(?:[.~～\-－—至到]\d+)?\+?|[一二三四五六七八九十百两〇零数几半多]+)"
_SPAN = rf"{_NUMBER}[余多来几]?(?:年半?|个?[半多]?月|周|星期|天|日|小时)[余多]?"
_MONTH = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月"
_TIME_POINT = "|".join(
    (
        rf"{_SPAN}(?:以前|之前|前)(?![的臂列胸额足])",  # 3年前, but 前臂 and 前列腺 are sites
        rf"最?近{_SPAN}",
        rf"入院前{_SPAN}",
        rf"[入住]院后?第{_NUMBER}[天日]",
        r"(?:[1１][9９]|[2２][0０])\d\d(?:年|([-./])\d{1,2}\1\d{1,2})",
        r"[一二三四五六七八九〇零○]{4}年",
        rf"[今去前同次翌当]年{_MONTH}",
        rf"{_MONTH}\d{{1,2}}[日号]",
    )
)
# 「3天后」 and 「术后第2天」 are left together with what was done before: they tell its effect.
_EVENT = re.compile(rf"(?<=[，,])[^\S{_BREAKS}]*(?=(?:大?约|[于自从])?(?:{_TIME_POINT}))")
_BRACKETED = re.compile(r"（[^（）]*）|\([^()]*\)|【[^【】]*】|\[[^\[\]]*\]")


def split_section(text: str) -> list[tuple[int, int]]:
    """Cut a section into sentences, (start, end) in code points of `text`, end exclusive.

    The spans are in order, do not overlap, are trimmed, never empty, and cover every character
    that is neither space nor invisible.
    """
    spans = []
    for start, end in pairwise([0, *(m.end() for m in _HARD_END.finditer(text)), len(text)]):
        for piece in pairwise([start, *_event_starts(text[start:end], start), end]):
            first, last = _trimmed(text, *piece)
            if first < last:
                spans.append((first, last))
    return spans


def sentence_table(raw_records: pd.DataFrame) -> pd.DataFrame:
    """The table `sentences` of a table `raw_records`, in its order, with SHA-256 hashes (hex)."""
    rows = [
        (row.record_id, row.month, row.note, row.section, start, text, text_hash(text))
        for row in raw_records.itertuples(index=False)
        for start, text in ((start, row.text[start:end]) for start, end in split_section(row.text))
    ]
    return pd.DataFrame(rows, columns=TABLES["sentences"].column_names)


def text_hash(text: str) -> str:
    """SHA-256 of a text, hex; half a surrogate pair is hashed too instead of being an error."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _event_starts(text: str, offset: int) -> Iterator[int]:
    """Where time points open a new event, none inside brackets: 「（门诊，2018年3月）」."""
    inside = [m.span() for m in _BRACKETED.finditer(text)]
    for match in _EVENT.finditer(text):
        if not any(start < match.end() < end for start, end in inside):
            yield offset + match.end()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks at its ends; empty if it is all blank."""
    while start < end and is_blank(text[start]):
        start += 1
    while start < end and is_blank(text[end - 1]):
        end -= 1
    return start, end
