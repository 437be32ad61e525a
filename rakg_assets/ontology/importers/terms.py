"""What every importer has in common: the entry of a term list, what is left out, a format.

Belongs here: the records that readers yield and the merge takes. Does not belong here: files
(`textfile.py`, `workbook.py`), single formats, how entries become concepts (`merge.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rakg_assets.ontology.schema import EntityType

_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u2060\ufeff]")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


class TermListError(ValueError):
    """A term list that cannot be imported; the message names file, place, reason and remedy."""


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a list, under its code in the system of the list; words have no code.

    `parents` are codes of the system, nearest first: the first that the list or the dictionary
    knows becomes the parent. `place` says where the entry stands.
    """

    code: str
    name_zh: str
    place: str
    name_en: str = ""
    aliases: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry left out. Without a place it was not asked for, and is only counted."""

    reason: str
    place: str = ""
    text: str = ""


@dataclass(frozen=True)
class ReadOptions:
    """What of a list is wanted: a sheet, what lies under some codes, words seen often enough."""

    kind: EntityType
    sheet: str = ""
    under: tuple[str, ...] = ()
    least: int = 0


Entries = Iterator[Term | Skipped]


@dataclass(frozen=True)
class Format:
    """A kind of list: its name in commands, the column of its codes, the types it can fill.

    `options` are the fields of `ReadOptions` that it obeys. `read` raises `TermListError`.
    """

    key: str
    system: str
    types: frozenset[EntityType]
    read: Callable[[Path, ReadOptions], Entries]
    options: frozenset[str] = frozenset()


def clean(text: str) -> str:
    """A name in one line: no control or invisible characters, single spaces."""
    return " ".join(_INVISIBLE.sub("", text).split())


def clean_code(text: str) -> str:
    """A code in ASCII without spaces."""
    return "".join(clean(unicodedata.normalize("NFKC", text)).split())


def has_chinese(text: str) -> bool:
    """Whether a text holds a Chinese character."""
    return _HAN.search(text) is not None
