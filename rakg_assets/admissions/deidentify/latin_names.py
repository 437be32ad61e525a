"""Names in Latin letters: English ones and pinyin.

Belongs here: their shapes and the cues that only Latin text has (Dr., Mr.). Does not belong here:
Chinese names (`name_shapes.py`). All functions take folded text (`ontology.text`).
"""

from __future__ import annotations

from collections.abc import Iterator

from rakg_assets.admissions.deidentify.words import late

_MORE = r"(?:[ .,·-]{1,2}[A-Z][A-Za-z']*(?! ?[:=])){%s,3}(?![A-Za-z\d])"
_WORDS = late(lambda: r"[A-Z][A-Za-z']+" + _MORE % 0)
_TWO_WORDS = late(lambda: r"[A-Z][a-z']+" + _MORE % 1 + r"|[A-Z]{2,}" + _MORE % 1)
_PINYIN = late(lambda: r"[a-z]{2,20}(?:[ '-][a-z]{2,20}){0,3}(?![A-Za-z\d])")
_TITLED = late(
    lambda: (
        r"(?<![A-Za-z])(?:(?:Dr|Prof|Mr|Mrs|Ms)\. ?|(?:Doctor|Professor|Dr|Prof) )"
        r"(?P<name>[A-Z][a-z']+(?: [A-Z][a-z']+)?)(?![A-Za-z\d])"
    )
)
_BESIDE = late(
    lambda: r" ?[(/] ?(?P<name>[A-Z][A-Za-z']+(?:[ ,·-]{1,2}[A-Z][A-Za-z']*){0,3})(?=\))"
)
_SEX = late(lambda: r"[ \u3000]?[,、(]?[ \u3000]?(?:男|女|\d{1,3} ?岁|[Mm]ale|[Ff]emale)")


def read_latin_field(text: str, start: int, is_name_field: bool) -> int | None:
    """Where the Latin name that is a field's value ends; one word will do in a field of names."""
    patterns = (_WORDS, _PINYIN) if is_name_field else (_TWO_WORDS,)
    matches = (pattern().match(text, start) for pattern in patterns)
    return next((match.end() for match in matches if match), None)


def read_latin_prose(text: str, start: int) -> int | None:
    """Where a Latin name ends that sex or age follows: 患者Zhang San，男."""
    match = _TWO_WORDS().match(text, start)
    return match.end() if match and _SEX().match(text, match.end()) else None


def latin_beside(text: str, end: int) -> tuple[int, int] | None:
    """The same name once more in brackets: 闻人素（Wen Rensu）."""
    match = _BESIDE().match(text, end)
    return match.span("name") if match else None


def titled(text: str) -> Iterator[tuple[int, int]]:
    """Names after Dr., Prof., Mr.; DR and MR alone are ways of imaging."""
    for match in _TITLED().finditer(text):
        yield match.span("name")
