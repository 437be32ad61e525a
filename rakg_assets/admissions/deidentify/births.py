"""Birth dates: after a label, before 出生, and any full rendering of a birth date once known.

Belongs here: date forms and their meaning as a birth date. Does not belong here: admission dates,
which stay as they are. All functions take folded text (`ontology.text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from rakg_assets.admissions.deidentify.words import late

_NUMERALS = "〇零○一二三四五六七八九"
_CN = "[〇零○一二三四五六七八九十]"
_YEAR = rf"(?:(?:18|19|20)\d\d|{_CN}{{4}})"
_MONTH = rf"(?:1[0-2]|0?[1-9]|{_CN}{{1,2}})"
_DAY = rf"(?:3[01]|[12]\d|0?[1-9]|{_CN}{{1,3}})"
_FULL = (
    rf"(?:{_YEAR} ?年 ?{_MONTH} ?月 ?{_DAY} ?[日号]?"
    rf"|{_YEAR} ?[-/.] ?{_MONTH} ?[-/.] ?{_DAY}"
    r"|(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)"
)
_MONTHLY = rf"(?:{_YEAR} ?年 ?{_MONTH} ?月(?:份)?|{_YEAR}[-/.]{_MONTH}(?![\d-]))"
_ANY = rf"(?<!\d)(?:{_FULL}|{_MONTHLY})"
_MONTH_NAME = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
# After a label: 5月12日, 05/12/1965, 12-May-1965, May 12, 1965.
_SHORT = (
    rf"(?<!\d)(?:{_MONTH} ?月 ?{_DAY} ?[日号]|\d{{1,2}} ?[-/.] ?\d{{1,2}} ?[-/.] ?\d{{4}}"
    rf"|\d{{1,2}}[- ]?{_MONTH_NAME}[-, ]{{0,2}}\d{{4}}"
    rf"|{_MONTH_NAME} ?\d{{1,2}}(?:st|nd|rd|th)?[, ]{{1,2}}\d{{4}})(?!\d)"
)
_LABEL = (
    r"(?:出 ?生 ?(?:日 ?期|年 ?月 ?日?|年 ?份|时 ?间|(?= ?[:=]))|生 ?日|出生于|出生在|生于|诞辰"
    r"|DOB|Birth ?(?:date|day)?)"
    r"(?: ?\([^()\n]{0,8}\))?[ \t\u3000]*(?:[:=]|为|是)?[ \t\u3000]*(?:公历|农历|阴历|阳历)?"
)
_AFTER_LABEL = late(
    lambda: rf"{_LABEL}(?P<date>{_ANY}|{_SHORT}|(?<!\d){_YEAR}年?(?![\d月gG克ml]))", re.IGNORECASE
)
_BEFORE_CUE = late(
    lambda: (
        rf"(?P<date>{_ANY}|(?<!\d)(?:18|19|20)\d\d ?年) ?"
        r"(?:出生|生于|诞生|生(?=[,。;、)\s]|人|$))"
    )
)
_FULL_DATE = late(lambda: rf"(?<!\d){_FULL}")


def births(text: str) -> Iterator[tuple[int, int]]:
    """Dates that the text itself calls a birth date."""
    for pattern in (_AFTER_LABEL, _BEFORE_CUE):
        for match in pattern().finditer(text):
            yield match.span("date")


def known_births(text: str, days: Iterable[date]) -> Iterator[tuple[int, int]]:
    """Every full date of the text that is one of `days`, whatever its form."""
    wanted = frozenset(days)
    if not wanted:
        return
    for match in _FULL_DATE().finditer(text):
        if read_day(match[0]) in wanted:
            yield match.span()


def read_day(value: str) -> date | None:
    """The day of a date (1965年5月12日, 1965-05-12, 19650512, 一九六五年…), or None."""
    parts = [_number(part) for part in re.findall(rf"\d+|{_CN}+", value)]
    if len(parts) == 1 and parts[0] > 18000000:
        parts = [parts[0] // 10000, parts[0] // 100 % 100, parts[0] % 100]
    try:
        return date(*parts[:3]) if len(parts) >= 3 else None
    except ValueError:
        return None


def _number(part: str) -> int:
    """A run of digits or of Chinese numerals (一九六五, 十二, 二十三)."""
    if part.isascii():
        return int(part)
    if "十" in part:
        tens, _, ones = part.partition("十")
        return (_number(tens) if tens else 1) * 10 + (_number(ones) if ones else 0)
    return int("".join(str(max(0, _NUMERALS.index(c) - 2)) for c in part))
