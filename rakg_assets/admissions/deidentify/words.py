"""The word lists of de-identification, read when first needed, and what all finders share.

Belongs here: reading `dictionaries/deidentification/*.csv` and making patterns of words. Does not
belong here: a rule that uses the words (`names.py`, `numbers.py`, `addresses.py`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from pathlib import Path

from rakg_assets.ontology.text import fold

#: Characters that writers put inside a number or a name: spaces, dashes, zero-width characters.
GAP = r"[ \t\u3000\u00a0\u200b-\u200f\u2060\ufeff\-]"
HAN = r"[〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]"

#: Known values of one kind that are looked for in a record; a real record holds a dozen.
MOST_KNOWN = 500


@lru_cache(maxsize=32)
def rows(name: str, folder: Path | None = None) -> tuple[dict[str, str], ...]:
    """The rows of one word list. Raises `FileNotFoundError` naming the list that is missing."""
    path = (folder or _shipped()) / f"{name}.csv"
    if not path.is_file():
        raise FileNotFoundError(f"{path}: a word list of de-identification is missing; restore it")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _shipped() -> Path:
    """The folder of word lists; its finder is imported late because it brings pandas with it."""
    from rakg_assets.ontology.dictionaries import shipped_dictionaries

    return shipped_dictionaries() / "deidentification"


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


def late(make: Callable[[], str], flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """A pattern that is made at its first use: most who import this package mask no text."""
    return cache(lambda: re.compile(make(), flags))
