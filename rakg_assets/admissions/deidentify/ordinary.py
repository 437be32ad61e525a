"""Whether a word is an ordinary one, so that 患者高热 and 患者方来就诊 hold no name.

Belongs here: looking a word up in the dictionary of the installed package jieba and in our own list
of clinical words. Does not belong here: what follows from it for a name (`name_shapes.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from rakg_assets.admissions.deidentify.words import column

#: A word that jieba counted more rarely is too rare to tell from a name.
_COMMON = 20
#: Names are two to four characters long.
_LENGTHS = range(2, 5)
#: The class of personal names in jieba's dictionary begins so (nr, nrt, nrfg).
_PERSONS = "nr"


@cache
def ordinary_words() -> frozenset[str]:
    """All ordinary words that could be taken for a name or a part of one.

    Raises `FileNotFoundError` if jieba or its dictionary is not installed.
    """
    clinical = column("ordinary_words", kind="word")
    return frozenset(clinical).union(_common_words(_jieba_dictionary()))


def is_ordinary(word: str) -> bool:
    """Whether a word of two to four characters is an ordinary one."""
    return word in ordinary_words()


def _jieba_dictionary() -> Path:
    """The word list of jieba, found without importing it: that would set up logging and caches."""
    package = find_spec("jieba")
    folders = (package.submodule_search_locations if package else None) or [""]
    path = Path(folders[0], "dict.txt")
    if not path.is_file():
        raise FileNotFoundError("dict.txt of jieba is missing; install the package jieba")
    return path


def _common_words(path: Path) -> Iterator[str]:
    """The words of a file of lines `word count class` that are common and name no person."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            word, count, kind = line.split(" ")
            if len(word) in _LENGTHS and int(count) >= _COMMON and not kind.startswith(_PERSONS):
                yield word
