"""The word lists of de-identification and the character folding that all finders share.

Belongs here: reading `dictionaries/deidentification/*.csv` and length-keeping folding. Does not
belong here: a rule that uses the words (`names.py`, `numbers.py`, `addresses.py`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

DICTIONARIES = Path(__file__).resolve().parents[3] / "dictionaries" / "deidentification"

#: Characters that writers put inside a number or a name: spaces, dashes, zero-width characters.
GAP = r"[ \t\u3000\u00a0\u200b-\u200f\u2060\ufeff\-]"
HAN = r"[〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]"

_FOLD = {0xFF01 + i: 0x21 + i for i in range(94)} | dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), ord("-"))


def fold(text: str) -> str:
    """Full-width letters, digits and signs as ASCII, one character for one."""
    return text.translate(_FOLD)


@lru_cache(maxsize=32)
def rows(name: str, folder: Path = DICTIONARIES) -> tuple[dict[str, str], ...]:
    """The rows of one word list. Raises `FileNotFoundError` naming the list that is missing."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise FileNotFoundError(f"{path}: a word list of de-identification is missing; restore it")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def column(name: str, key: str = "word", **where: str) -> tuple[str, ...]:
    """One column of a word list, of the rows whose other columns have the given values."""
    return tuple(
        row[key] for row in rows(name) if all(row[k] == v for k, v in where.items()) and row[key]
    )


def alternation(words: Iterable[str], spaced: bool = False) -> str:
    """A group that matches any of the words, the longest first; `spaced` allows 姓  名 for 姓名."""
    ordered = sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))
    between = r"[ \t\u3000]{0,4}" if spaced else ""
    return "(?:" + "|".join(between.join(map(re.escape, word)) for word in ordered) + ")"
