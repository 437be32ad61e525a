"""Reading one personal name at a given place of a text: where it ends, and how sure that is.

Belongs here: the shapes of names and the words that end them. Does not belong here: the cues that
say where to look (`names.py`). All functions take folded text (`ontology.text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import cache
from typing import NamedTuple

from rakg_assets.admissions.deidentify.latin_names import read_latin_field, read_latin_prose
from rakg_assets.admissions.deidentify.ordinary import is_ordinary
from rakg_assets.admissions.deidentify.words import HAN, alternation, column, late

_SPACE = r"[ \u3000\u00a0\u200b]"
_DOTS = "·•・‧∙●"
_DOT = rf"{_SPACE}?[{_DOTS}]{_SPACE}?"
_TOGETHER = late(lambda: rf"{HAN}{{2,6}}")
# 王 小 明, 王　明, 王 小明, 欧阳 静: single characters apart, or the surname apart.
_APART = late(
    lambda: (
        rf"(?P<one>{HAN}(?:{_SPACE}{{1,3}}{HAN}(?!(?!性 ?别|年 ?龄){HAN})){{1,3}})"
        rf"|(?P<first>{HAN}{{1,2}}){_SPACE}{{1,3}}{HAN}{{1,2}}(?!{HAN})"
    )
)
_DOTTED = late(lambda: rf"(?:(?!的){HAN}){{1,8}}(?:{_DOT}(?:(?!的){HAN}){{1,8}})+")
_DATE_FORM = late(lambda: r"[年月日时分 \u3000]+(?!\w)")
_PLACEHOLDER = late(
    lambda: rf"{HAN}{{1,2}}(?:某某|某(?!{HAN})|[*×○△]{{1,2}}|[xX]{{2,3}})(?![*×○△xX])"
)
_WHOLE = late(lambda: rf"{HAN}{{2,4}}(?!{HAN})")

_SEX = late(lambda: r"[ \u3000,、(]{0,3}(?:男|女|\d{1,3} ?岁|性别|年龄)")
_PERSON = late(lambda: alternation(column("after_names", kind="person")))
_PROSE = late(lambda: alternation(column("after_names", kind="any")))
_LABEL = late(
    lambda: (
        rf"{alternation(field_labels(), spaced=True)}[ \u3000]*[:=]"
        r"|性 ?别|年 ?龄|职 ?业|民 ?族|科 ?[室别]|关 ?系|日 ?期|时 ?间|入院|出院|记录|住址"
    )
)


@cache
def surnames() -> frozenset[str]:
    """Surnames of one to four characters."""
    return frozenset(column("surnames", "surname"))


@cache
def plain_surnames() -> frozenset[str]:
    """Surnames that are no ordinary word."""
    return frozenset(column("surnames", "surname", ordinary=""))


@cache
def function_words() -> frozenset[str]:
    """Surnames that mostly are something else in a sentence: 于, 时, 应."""
    return frozenset(column("surnames", "surname", ordinary="function"))


@cache
def no_values() -> frozenset[str]:
    """What stands in a field of a name instead of one: 本人, 同上."""
    return frozenset(column("ordinary_words", kind="field"))


@cache
def never_given() -> frozenset[str]:
    """Characters that no given name holds."""
    return frozenset("".join(column("not_in_names", "characters")))


@cache
def field_labels() -> tuple[str, ...]:
    """Labels of fields that hold a name or a number."""
    return column("name_cues", "cue", kind="field") + column("number_labels", "label")


class Sure(IntEnum):
    """How sure a name is, by what follows it: prose, a stop, a word of persons, sex or age."""

    PROSE = 1
    STOP = 2
    PERSON = 3
    SEX = 4


class Name(NamedTuple):
    """A name in a text."""

    start: int
    end: int
    sure: Sure


def read_field(text: str, start: int, is_name_field: bool) -> Name | None:
    """The name that is the value of a field; a name field (姓名) may hold an odd one."""
    if _LABEL().match(text, start) or _DATE_FORM().match(text, start):
        return None
    for pattern in (_DOTTED, _PLACEHOLDER):
        if match := pattern().match(text, start):
            return Name(start, match.end(), Sure.SEX)
    if latin := read_latin_field(text, start, is_name_field):
        return Name(start, latin, Sure.SEX)
    ends = list(_ends(text, start, anything=True))
    whole = _WHOLE().match(text, start) if is_name_field else None
    for end in ends + ([whole.end()] if whole else []):
        word = bare(text[start:end])
        surname = word[0] in plain_surnames() or word[:2] in surnames()
        odd = not surname and (is_ordinary(word) or never_given() & set(word[1:]))
        if word in no_values() or (odd and not is_name_field):
            continue
        if is_stop(text, end) or _PERSON().match(text, end) or _LABEL().match(text, end):
            return Name(start, end, Sure.SEX)
    return None


def read_prose(text: str, start: int) -> Name | None:
    """The name that stands at a place of running text where one may stand; None for other words."""
    if dotted := _DOTTED().match(text, start):
        last = max(dotted[0].rfind(dot) for dot in _DOTS) + start + 2
        ends = (end for end in range(last, dotted.end()) if _sure(text, end))
        return Name(start, next(ends, dotted.end()), Sure.PERSON)
    placeholder = _PLACEHOLDER().match(text, start)
    if placeholder and text[start] in surnames() - function_words():
        return Name(start, placeholder.end(), Sure.PERSON)
    if latin := read_latin_prose(text, start):
        return Name(start, latin, Sure.SEX)
    best: Name | None = None
    for end in _ends(text, start, anything=False):
        sure = _sure(text, end)
        if sure in (Sure.PROSE, Sure.PERSON) and is_ordinary(text[end - 1 : end + 1]):
            continue  # 师傅|进行: the last character begins the next word
        if sure and is_possible(text[start:end], sure) and (best is None or sure > best.sure):
            best = Name(start, end, sure)
    return best


def names_before(text: str, end: int) -> Iterator[int]:
    """Starts of what may be a full name that ends at `end`, the longest first."""
    for length in (4, 3, 2):
        start = end - length
        if start < 0 or not _TOGETHER().fullmatch(text, start, end):
            continue
        surname = 2 if text[start : start + 2] in surnames() and length > 2 else 1
        given = text[start + surname : end]
        if text[start : start + surname] in surnames() and 1 <= len(given) <= 2:
            straddles = is_ordinary(text[max(0, start - 1) : start + 1])
            if not straddles and not never_given() & set(given):
                yield start


def is_possible(word: str, sure: Sure) -> bool:
    """Whether a word can be a name in prose: no ordinary word; odd surnames need more certainty."""
    word = bare(word)
    if is_ordinary(word) or word in no_values():
        return False
    if word[:2] in surnames() and len(word) > 2:
        return True
    begins_a_word = is_ordinary(word[:2]) or word[:2] in no_values()
    if word[0] in function_words():
        return sure == Sure.SEX or (
            sure == Sure.PERSON and not (begins_a_word or is_ordinary(word[1:]))
        )
    return sure >= Sure.PERSON or not begins_a_word


def is_stop(text: str, position: int) -> bool:
    """Whether the text ends here or no Chinese character follows."""
    return position >= len(text) or not re.match(HAN, text[position])


def is_person_after(text: str, end: int) -> bool:
    """Whether what follows is said of persons: sex, age, a title, 签字."""
    return bool(_SEX().match(text, end) or _PERSON().match(text, end))


def bare(word: str) -> str:
    """A word without the spaces inside it."""
    return re.sub(_SPACE, "", word)


def _sure(text: str, end: int) -> Sure | None:
    if _SEX().match(text, end):
        return Sure.SEX
    if _PERSON().match(text, end):
        return Sure.PERSON
    if is_stop(text, end):
        return None if text[end : end + 1] == "、" else Sure.STOP
    return Sure.PROSE if _PROSE().match(text, end) else None


def _ends(text: str, start: int, anything: bool) -> Iterator[int]:
    """Ends of surname + given name, the longest first; `anything` allows any given name."""
    apart = _APART().match(text, start)
    if apart and not apart["one"] and apart["first"] not in surnames():
        apart = None
    run = apart or _TOGETHER().match(text, start)
    if not run:
        return
    places = [m.start() for m in re.finditer(HAN, run[0])]
    characters = [run[0][place] for place in places]
    for surname in (4, 3, 2, 1):
        if "".join(characters[:surname]) not in surnames():
            continue
        for given in (2, 1):
            chosen = characters[surname : surname + given]
            if len(chosen) < given or (not anything and never_given() & set(chosen)):
                continue
            if not (apart and chosen[-1] in "男女"):
                yield start + places[surname + given - 1] + 1
