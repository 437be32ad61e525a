"""How names sound: toneless Mandarin syllables, one character standing for each.

A text of sounds is as long as its text, so that whatever compares spellings compares sounds too.
Belongs here: readings of characters. Does not belong here: how alike two names are
(`similarity.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from pypinyin import Style, pinyin

#: Stands between texts that are folded as one; no folded text holds it.
BETWEEN = "\0"
_HAN = range(0x4E00, 0xA000)
# Sounds get places of a private plane, so that no sound is equal to a character.
_FIRST_SOUND = 0xF0000
_SLURRED_INITIAL = re.compile("^([zcs])h(?=.)")
_ENCODING = "utf-32-le"


def heard(texts: Sequence[str], slurred: bool = True) -> list[str]:
    """The sounds of folded texts; `slurred` takes zh for z and -ng for -n, as many speakers do.

    What is no Chinese character stays as it is.
    """
    return _text_of(heard_codes(codes_of(texts), slurred)).split(BETWEEN) if texts else []


@lru_cache(maxsize=65536)
def sound_alike(one: str, other: str, slurred: bool = True) -> bool:
    """Whether two characters share a reading (长 is cháng and zhǎng)."""
    return not _readings(one, slurred).isdisjoint(_readings(other, slurred))


@lru_cache(maxsize=16384)
def _readings(character: str, slurred: bool) -> frozenset[str]:
    (readings,) = pinyin(character, style=Style.NORMAL, heteronym=True)
    return frozenset(map(_slur, readings) if slurred else readings)


def codes_of(texts: Sequence[str]) -> np.ndarray:
    """Code points of all texts with a zero before, between and after them; uint32."""
    joined = BETWEEN.join(texts)
    return np.frombuffer(f"{BETWEEN}{joined}{BETWEEN}".encode(_ENCODING, "replace"), "<u4")


def heard_codes(codes: np.ndarray, slurred: bool = True) -> np.ndarray:
    """`codes` with the sound of each Chinese character in its place."""
    table = _sound_table(slurred)
    offset = codes.astype(np.int64) - _HAN.start
    return np.where((offset >= 0) & (offset < len(table)), table[offset % len(table)], codes)


def _text_of(codes: np.ndarray) -> str:
    return codes[1:-1].astype("<u4").tobytes().decode(_ENCODING)


@lru_cache(maxsize=2)
def _sound_table(slurred: bool) -> np.ndarray:
    """The sound of every character of the block of common Chinese characters, uint32."""
    syllables = _syllables()
    if slurred:
        syllables = [*map(_slur, syllables)]
    numbers = {s: n for n, s in enumerate(sorted(set(syllables)))}
    return np.array([_FIRST_SOUND + numbers[s] for s in syllables], dtype=np.uint32)


@lru_cache(maxsize=1)
def _syllables() -> list[str]:
    """The first reading of each character alone, so that a name sounds alike wherever it stands."""
    return [pinyin(chr(code), style=Style.NORMAL)[0][0] for code in _HAN]


def _slur(syllable: str) -> str:
    return _SLURRED_INITIAL.sub(r"\1", syllable).removesuffix("g") or syllable
