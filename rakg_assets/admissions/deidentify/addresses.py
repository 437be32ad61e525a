"""Addresses below the city: street, community, village, number, building, room.

Belongs here: where an address begins and ends; province and city stay readable. Does not belong
here: the words of addresses (`dictionaries/deidentification/address_words.csv`). All functions take
folded text (`ontology.text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rakg_assets.admissions.deidentify.name_shapes import field_labels
from rakg_assets.admissions.deidentify.words import (
    GAP,
    HAN,
    MOST_KNOWN,
    alternation,
    column,
    late,
)


def _words(kind: str, spaced: bool = False) -> str:
    return alternation(column("address_words", kind=kind), spaced=spaced)


def _named() -> str:
    """A part of an address by its name: 柳堤路, 听松社区."""
    return rf"(?:{_NAME}{{1,7}}?{_words('suffix')})"


def _province() -> str:
    named = rf"{_words('province')}(?:[省市]|{HAN}{{0,3}}自治区|特别行政区)?"
    return rf"(?:{named}|{_PLACE}{{2,3}}省)"


# Characters of prose that hardly any place name holds; they bound a name on its left.
_PROSE = "的在于时因到至为有无不可自病患者住址是及和与或并从由返回后来诉"
_NAME = rf"(?:(?![{_PROSE}]){HAN})"
_STREET_NAME = rf"(?:(?![{_PROSE}路街道区县镇乡号省市州]){HAN})"  # may hold 村: 中关村大街
_PLACE = rf"(?:(?!村){_STREET_NAME})"
_SPACE = r"[ \u3000]?"
_NUMERAL = r"(?:\d{1,5}[A-Za-z]?|[A-Za-z]\d{0,4}|[一二三四五六七八九十]{1,3})"
_UNIT = r"(?:号楼|号院|号|幢|栋|座|单元|室|楼|层|组|队|弄|户|门|院|社|区|\#)"
_NUMBERED = (
    rf"(?:第?{_NUMERAL}(?:[-#]{_NUMERAL})*{_UNIT}"
    r"|\d{1,4}(?:-\d{1,4}){1,3}|\d{3,4}(?![\d年月日.]))"
)
_PART = late(lambda: rf"(?P<named>{_named()})|(?P<numbered>{_NUMBERED})")
_CITY = rf"(?:{_PLACE}{{1,8}}?(?:市(?!场)|自治州|地区|盟))"
_KEPT = late(lambda: rf"(?:中国)?{_province()}?(?:{_SPACE}{_CITY}){{0,2}}{_SPACE}")

_AFTER_LABEL = r"(?: ?\([^()\n]{0,8}\))?[ \t\u3000]*[:=][ \t\u3000]*"
_FIELD = late(
    lambda: rf"{_words('label', spaced=True)}{_AFTER_LABEL}(?P<value>[^。;\n\t|]{{1,60}})",
    re.IGNORECASE,
)
_LOOSE = late(
    lambda: (
        rf"(?:{_words('loose_label', spaced=True)}{_AFTER_LABEL}"
        rf"|(?:{_words('cue')}|(?:(?<!{HAN})|(?<=患者))生于)[:]?[ \u3000]?)"
    )
)
_FIELD_END = late(
    lambda: (
        rf"[ \t\u3000]+{HAN}{{1,6}}[ \u3000]{{0,4}}{HAN}{{0,4}}[:=]"
        rf"|{alternation(field_labels(), spaced=True)}[ \u3000]*[:=\d]|[ \u3000]{{2,}}|\u3000"
        rf"|,(?!{_SPACE}(?:{_named()}|{_NUMBERED}))"
    ),
    re.IGNORECASE,
)
_STREET = late(
    lambda: (
        rf"(?:{_PLACE}{{1,8}}(?:[省市州区县镇乡]|街道)){{0,5}}{_STREET_NAME}{{2,5}}"
        rf"(?:(?:大道|路|街|巷|弄|胡同){_SPACE}\d{{1,5}}(?:-\d{{1,4}})?(?:号院?|弄|幢|栋)"
        rf"|{_SPACE}\d{{1,4}}号院(?!区)"
        rf"|(?:村|屯|小区|花园|社区|苑){_SPACE}\d{{1,4}}(?:-\d{{1,4}})?(?:号|组|幢|栋|座))"
        rf"(?:{_SPACE}(?:{_named()}|{_NUMBERED})){{0,12}}"
    )
)
_VILLAGE = late(
    lambda: (
        rf"(?:{_PLACE}{{1,8}}[省市州区县]){{0,5}}{_PLACE}{{2,4}}(?:镇|乡|街道){_PLACE}{{2,4}}(?:村|社区)"
        r"(?!卫生|医院)"
        rf"(?:{_SPACE}(?:{_named()}|{_NUMBERED})){{0,12}}"
    )
)
_BUILDING = late(lambda: rf"\d{{1,3}}(?:号楼|幢|栋){_SPACE}(?:\d{{1,2}}单元{_SPACE})?\d{{1,4}}室?")
_NOT_ADDRESS = late(
    lambda: rf"[本该此同一]{{0,2}}{_words('not_address')}|.*{_words('not_address_ending')}"
)


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """The part below the city of every address that a label, a cue or its own form gives away."""
    for match in _FIELD().finditer(text):
        end = _FIELD_END().search(text, *match.span("value"))
        yield from below_city(text, match.start("value"), end.start() if end else match.end())
    for match in _LOOSE().finditer(text):
        yield from _prose(text, match.end())
    for pattern in (_STREET, _VILLAGE):
        for match in pattern().finditer(text):
            yield from below_city(text, *match.span())
    for match in _BUILDING().finditer(text):
        yield match.span()


def below_city(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What is left of an address when province and city are taken off; nothing for 不详, 农村."""
    kept = _KEPT().match(text, start, end)
    start = kept.end() if kept else start
    rest = text[start:end].rstrip(" \u3000,.")
    if rest and not _NOT_ADDRESS().fullmatch(rest):
        yield start, start + len(rest)


def _prose(text: str, start: int) -> Iterator[tuple[int, int]]:
    """An address in running text: it must name a place or hold two numbered parts."""
    kept = _KEPT().match(text, start)
    begin = end = kept.end() if kept else start
    named = numbered = 0
    while part := _PART().match(text, end):
        if part["named"] and _NOT_ADDRESS().fullmatch(part["named"]):
            break
        named, numbered = named + bool(part["named"]), numbered + bool(part["numbered"])
        end = part.end() + (text[part.end() : part.end() + 1] in (" ", "\u3000"))
    if named or numbered > 1:
        yield begin, begin + len(text[begin:end].rstrip())


def known_addresses(values: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern of addresses known from elsewhere, whole or by a named part of three characters."""
    wanted: set[str] = set()
    for value in values:
        bare = re.sub(rf"{GAP}", "", value)
        for start, end in below_city(bare, 0, len(bare)):
            rest = bare[start:end]
            parts = (part["named"] for part in _PART().finditer(rest) if part["named"])
            wanted |= {rest, *parts}
    usable = sorted((w for w in wanted if 3 <= len(w) <= 100), key=lambda w: (-len(w), w))
    joined = "|".join(rf"{GAP}?".join(map(re.escape, word)) for word in usable[:MOST_KNOWN])
    return re.compile(joined) if joined else None
