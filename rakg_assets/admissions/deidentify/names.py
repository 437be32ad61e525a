"""Names of patient, family and staff: found by field or cue, then masked wherever they stand.

Belongs here: where names are looked for and how a known name is found again. Does not belong here:
the shapes of names (`name_shapes.py`) or the words (`dictionaries/deidentification/`). All take
folded text (`words.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rakg_assets.admissions.deidentify.name_shapes import (
    FUNCTION_WORDS,
    NOT_A_VALUE,
    ORDINARY,
    PLAIN_SURNAMES,
    SURNAMES,
    Name,
    Sure,
    bare,
    is_possible,
    is_stop,
    names_before,
    read_field,
    read_prose,
)
from rakg_assets.admissions.deidentify.words import HAN, alternation, column

_INNER = r"[ \t\r\n\u3000\u00a0\u200b-\u200f\u2060\ufeff]{0,3}"
_FIELD = re.compile(
    rf"(?P<label>{alternation(column('name_cues', 'cue', kind='field'), spaced=True)})"
    r"(?: ?\([^()\n]{0,8}\)|[及和/、][^:=\s]{1,4})?"
    r"(?:[ \t\u3000]*[:=|][ \t\u3000_]*|(?<=姓名|签名|签字)[ \t\u3000]+)",
    re.IGNORECASE,
)
_SIGNED_BELOW = re.compile(
    r"(?:签 ?[名字]|医 ?师|护 ?士)[ \t\u3000]*[:=][ \t\u3000_]*\n[ \t\u3000]*"
)
_NEXT_IN_FIELD = re.compile(r" ?(?:[/、,]|和|及|与) ?")
_KIN_WORDS = column("name_cues", "cue", kind="kin")
_OWNER = "(?:其|之|患者之?|患者的|病人之?|病人的)"
_KIN = (
    rf"(?:{_OWNER}?{alternation(k for k in _KIN_WORDS if len(k) > 1)}"
    rf"|{_OWNER}{alternation(k for k in _KIN_WORDS if len(k) == 1)})"
)
_CUE = re.compile(
    rf"(?:{_KIN}|{alternation(column('name_cues', 'cue', kind='patient'))}"
    rf"|{alternation(column('name_cues', 'cue', kind='staff'))})[ \u3000]?[(\"“「]?"
)
_KIN_BEFORE_NAME = re.compile(rf"{_KIN}[ (]?(?={HAN}{{2}})")
_TITLE = re.compile(alternation(column("name_cues", "cue", kind="title")))
_SIGNED = re.compile(r"[ \u3000]?(?:签字|签名|代签|代述|陪同)")
_SEX_AND_AGE = re.compile(r"[ \u3000,、]{1,3}(?:男|女)性?[ \u3000,、]{0,3}(?:年龄:?)?\d{1,3} ?岁")
_BEFORE_TITLE = re.compile(r"[请经由随遵与和及同科院问找给叫谢让跟示区组员医]|病房")


def find_names(text: str) -> Iterator[Name]:
    """Every name that a field, a cue, a title or sex and age gives away."""
    yield from _in_fields(text)
    for cue in _CUE.finditer(text):
        if name := read_prose(text, cue.end()):
            yield name
    for title in _TITLE.finditer(text):
        yield from _before_title(text, title.start())
    for pattern, sure in ((_SIGNED, Sure.PERSON), (_SEX_AND_AGE, Sure.SEX)):
        for match in pattern.finditer(text):
            yield from _after_a_stop(text, match.start(), sure)


def _in_fields(text: str) -> Iterator[Name]:
    for field in _FIELD.finditer(text):
        is_name_field = bare(field["label"]).endswith("名")
        kin = None if is_name_field else _KIN_BEFORE_NAME.match(text, field.end())
        name = read_field(text, kin.end() if kin else field.end(), is_name_field)
        while name:
            yield name
            more = _NEXT_IN_FIELD.match(text, name.end)
            name = read_prose(text, more.end()) if more else None
    for field in _SIGNED_BELOW.finditer(text):
        if name := read_field(text, field.end(), is_name_field=False):
            yield name


def _before_title(text: str, end: int) -> Iterator[Name]:
    """张建国主任医师, 王磊副主任; else the surname alone: 李医生."""
    for start in names_before(text, end):
        led = _is_free(text, start) or _BEFORE_TITLE.match(text, start - 1)
        sure = Sure.PERSON if led else Sure.STOP
        if is_possible(text[start:end], sure):
            yield Name(start, end, sure)
            return
    for length in (2, 1):
        surname = text[max(0, end - length) : end]
        free = _is_free(text, end - length)
        if len(surname) == length and surname in SURNAMES - FUNCTION_WORDS:
            plain = surname in PLAIN_SURNAMES and _BEFORE_TITLE.match(text, end - length - 1)
            straddles = text[max(0, end - length - 1) : end] in ORDINARY
            if end >= length and (free or plain) and not straddles:
                yield Name(end - length, end, Sure.PROSE)
                return


def _after_a_stop(text: str, end: int, sure: Sure) -> Iterator[Name]:
    for start in names_before(text, end):
        if _is_free(text, start) and is_possible(text[start:end], sure):
            yield Name(start, end, sure)
            return


def _is_free(text: str, start: int) -> bool:
    """Whether no Chinese character stands before `start`."""
    return start <= 0 or is_stop(text, start - 1)


def is_learnt(text: str, name: Name) -> bool:
    """Whether a name that was found is sure enough to be looked for in the whole record."""
    length = len(bare(text[name.start : name.end]))
    return name.sure >= Sure.PERSON or (name.sure == Sure.STOP and length >= 3)


class KnownNames:
    """Finds known names again, whatever spaces stand inside them."""

    def __init__(self, names: Iterable[str]) -> None:
        usable = {word for name in names for word in _searchable(name)}
        ordered = sorted(usable, key=lambda word: (-len(word), word))
        joined = "|".join(_INNER.join(map(re.escape, word)) for word in ordered)
        self._pattern = re.compile(joined, re.IGNORECASE) if joined else None

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans of the known names, but not where they only straddle two ordinary words."""
        for match in self._pattern.finditer(text) if self._pattern else ():
            if len(match[0]) > 2 or not _straddles(text, match.start()):
                yield match.span()


def _searchable(name: str) -> Iterator[str]:
    """A name and the parts of a dotted one that can be looked for without hitting other words."""
    word = re.sub(r"\s+", " " if name.isascii() else "", name.strip())
    parts = re.split("[·•・‧∙●]", word)
    for part in {word, *(p for p in parts if len(p) >= 3)}:
        long_enough = len(part) >= (2 if re.match(HAN, part) else 4)
        if long_enough and not part.isdigit() and part not in ORDINARY | NOT_A_VALUE:
            yield part


def _straddles(text: str, start: int) -> bool:
    """于明 in 于|明日 and 方平 in 双方|平均: the two characters belong to neighbouring words."""
    right = any(text[start + 1 : start + 1 + n] in ORDINARY for n in (2, 3))
    left = any(text[max(0, start + 1 - n) : start + 1] in ORDINARY for n in (2, 3))
    return right or left
