"""Numbers that identify: resident ids, phones, e-mail, accounts, numbers of stay, card and bed.

Belongs here: their patterns, with and without a label. Does not belong here: birth dates
(`births.py`) or house numbers (`addresses.py`). All functions take folded text (`ontology.text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from rakg_assets.admissions.deidentify.words import GAP, MOST_KNOWN, alternation, column, late

Span = tuple[int, int, str]

_GAPS = rf"{GAP}{{0,2}}"
_LEFT = r"(?<![\dA-Za-z])(?<!\d\.)"
_RIGHT = r"(?![\dA-Za-z])(?!\.\d)"
_RESIDENT_ID = late(lambda: rf"{_LEFT}[1-9](?:{_GAPS}\d){{13,16}}{_GAPS}[\dXx]{_RIGHT}")
# Not a mobile: a count written out in full (13500000000/L).
_MOBILE = late(
    lambda: (
        rf"{_LEFT}(?:\(?(?:\+|00)?{_GAPS}\(?86\)?{_GAPS})?1{_GAPS}[3-9](?:{_GAPS}\d){{9}}{_RIGHT}"
        r"(?!\s*(?:/|个|×|x10|IU|U/|cop|拷贝|[pnμu]?g/|[mμu]?mol|cps|CFU))"
    ),
    re.IGNORECASE,
)
_AMOUNT = late(lambda: r"(?:[DR]NA|定量|载量|计数|数量|拷贝数)[^\d\n]{0,4}$", re.IGNORECASE)
_LANDLINE = late(
    lambda: (
        r"(?<![\d.A-Za-z])(?:(?:(?:\+|00)86[ -]?)?(?:\(0\d{2,3}\) ?|0\d{2,3}(?: ?- ?| ))"
        r"[1-9]\d{2,3}[ -]?\d{4}(?: ?(?:-|转) ?\d{1,5})?"
        r"|0(?:10|2\d|[3-9]\d\d)[1-9]\d{6,7})(?![\d.])"
    )
)
_EMAIL = late(
    lambda: (
        r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63} ?@ ?"
        r"[A-Za-z0-9-]{1,63}(?: ?\. ?[A-Za-z0-9-]{1,63}){1,5}"
    ),
    re.ASCII,
)
# A bed in running text: 12床, 12号床, 加3床, 3-12床; not 床旁, 床上.
_BED = late(
    lambda: (
        r"(?<![\d.\-/月年日])(?:加|\+)?(?:[A-Z]-?)?\d{1,3}[A-Z]?(?:-\d{1,3})?\+? ?号? ?床"
        r"(?![旁边上下头垫铺单椅前沿次日位])"
    )
)

_ORDINAL = r"(?:\d{1,4}|[一二三四五六七八九十]{1,3})"
_ONE_PHONE = rf"\+?[\d(](?:{GAP}?[\d()转]){{5,18}}{GAP}?\d"
_PHONE = late(lambda: _ONE_PHONE)
_VALUES = {
    "id": r"(?=[A-Za-z\- ]{0,8}\d)[A-Za-z0-9]{1,40}"
    r"(?:[-/_#][A-Za-z0-9]{1,40}| \d{2,}[A-Za-z]?(?![\d.年月日岁/:%\-])){0,6}",
    "bed": rf"(?:[A-Za-z\d一二三四五六七八九十]{{1,3}}(?:病?区|楼|层) ?)?"
    rf"(?:[A-Za-z加+]{{0,2}}|[A-Za-z]-){_ORDINAL}(?:-\d{{1,3}})?[A-Z]?(?:号?床|号|室)?",
    "phone": rf"{_ONE_PHONE}(?: ?[、/或] ?{_ONE_PHONE})*",
    "account": r"[A-Za-z0-9_][\w\-.@]{3,29}",
}


def _labelled_pattern(kind: str, colon: str, between: str) -> re.Pattern[str]:
    labels = alternation(column("number_labels", "label", kind=kind, colon=colon), spaced=True)
    return re.compile(
        rf"(?<![A-Za-z]){labels}(?: ?[/、] ?{labels})?(?: ?\([^()\n]{{0,8}}\))?群?"
        rf"[ \t\u3000]*{between}[ \t\u3000]*(?P<value>{_VALUES[kind]})",
        re.ASCII | re.IGNORECASE,
    )


@cache
def _labelled_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(kind, pattern) of the labels that need a colon and of those that do not."""
    return tuple(
        (kind, _labelled_pattern(kind, colon, between))
        for kind in _VALUES
        for colon, between in (("", "(?:[:=|]|为|是)?"), ("yes", "[:=|]"))
        if column("number_labels", "label", kind=kind, colon=colon)
    )


def identifiers(text: str) -> Iterator[Span]:
    """Resident ids, phones and e-mail that need no label to be known."""
    for match in _RESIDENT_ID().finditer(text):
        if _is_resident_id(match[0]):
            yield match.start(), match.end(), "resident_id"
    for match in _MOBILE().finditer(text):
        is_amount = _AMOUNT().search(text, max(0, match.start() - 12), match.start())
        if not is_amount and _is_grouped_like_a_mobile(match[0]):
            yield match.start(), match.end(), "phone"
    for match in _LANDLINE().finditer(text):
        yield match.start(), match.end(), "phone"
    for match in _EMAIL().finditer(text):
        yield match.start(), match.end(), "email"


def labelled(text: str) -> Iterator[Span]:
    """Values that stand after a label (住院号：…, 电话 …), and beds in running text."""
    for kind, pattern in _labelled_patterns():
        for match in pattern.finditer(text):
            start, end = match.span("value")
            if kind == "phone":
                yield from ((*phone.span(), kind) for phone in _PHONE().finditer(text, start, end))
            else:
                yield start, end, kind
    for match in _BED().finditer(text):
        yield match.start(), match.end(), "bed"


def resident_birth(value: str) -> date | None:
    """The birth date in a resident id of 15 or 18 digits; None if it holds no real date."""
    digits = _bare(value)
    stamp = {18: digits[6:14], 15: "19" + digits[6:12]}.get(len(digits), "")
    try:
        born = date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8]))
    except ValueError:
        return None
    return born if 1880 <= born.year <= 2100 else None


def known_numbers(values: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern of numbers known from elsewhere, gaps allowed; None if there is none to look for.

    A value below five characters, without a digit, or that reads as a date of eight digits is left
    out: it would hit laboratory values and dates.
    """
    usable = {bare for bare in map(_bare, values) if _is_searchable(bare)}
    ordered = sorted(usable, key=lambda bare: (-len(bare), bare))
    pattern = "|".join(_GAPS.join(map(re.escape, bare)) for bare in ordered[:MOST_KNOWN])
    return re.compile(rf"{_LEFT}(?:{pattern}){_RIGHT}", re.IGNORECASE) if pattern else None


def _bare(value: str) -> str:
    return re.sub(r"[^\dA-Za-z@._]", "", value)


def _is_searchable(bare: str) -> bool:
    looks_like_a_date = re.fullmatch(r"(?:19|20)\d\d[01]\d[0-3]\d", bare)
    return len(bare) >= 5 and re.search(r"[\d_@]", bare) and not looks_like_a_date


def _is_resident_id(value: str) -> bool:
    """A date in the right place, and gaps as a writer makes them (few, or after every digit)."""
    gaps = len(re.findall(rf"{GAP}+", value))
    return resident_birth(value) is not None and (gaps <= 5 or gaps >= len(_bare(value)) - 2)


def _is_grouped_like_a_mobile(value: str) -> bool:
    """Digits together, in groups (154 0000 1234) or each apart, not a row of laboratory values."""
    groups = [len(group) for group in re.findall(r"\d+", value)]
    return (
        sum(groups) > 11
        or len(groups) == 1
        or set(groups) == {1}
        or (len(groups) <= 4 and groups[0] == 3)
    )
