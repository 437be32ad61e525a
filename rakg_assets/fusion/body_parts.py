"""The grammar of body parts: 「右手第2、3掌指关节」 is a part, a side and numbers.

Belongs here: sides and numbers, which no dictionary lists. Does not belong here: the names of
the parts (`dictionaries/body_part.csv`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九", 1)}
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_BOTH = r"双侧|两侧|左右侧|左右|双边|双|两"
# 患 and 健 are sides too, but the mention does not say which.
_SIDE = re.compile(
    rf"(?P<both>{_BOTH})|(?P<left>左侧|左边|左)|(?P<right>右侧|右边|右)|患侧|健侧|^患"
)
_SITE_STARTS = (
    "膝髋踝肩肘腕手足上下前小大股胫腓桡尺肱锁髌跟拇眼耳肾肺乳卵颈腰胸腹腿臂指趾"
    "半关面颌全人肝骶内外侧肢腘臀鼻额颞顶枕"
)
_LEADING_SIDE = re.compile(
    rf"^(?:(?:双侧|两侧|左侧|右侧)(?=..)|(?:左右|双|两|左|右)(?=[{_SITE_STARTS}].))"
)
_SIDES = frozenset("双两左右")
_NUMBERS = re.compile(r"第?\d{1,2}(?:[、,./及和与~\-–—至到]第?\d{1,2})*")
_ITEM = re.compile(r"([~\-–—至到]?)第?(\d{1,2})")
_CHINESE_DIGITS = re.compile(r"[一二三四五六七八九十]+")
_ORDINAL = re.compile(
    rf"(?<=第){_CHINESE_DIGITS.pattern}([、,及和与~\-至到]第?{_CHINESE_DIGITS.pattern})*"
)
#: How records write the segments of the spine for short.
VERTEBRA_LETTERS = {"c": "颈", "t": "胸", "l": "腰", "s": "骶"}
_VERTEBRA = re.compile(r"(?<![a-z])([ctls])(?=\d)(?!\d{3})", re.IGNORECASE)
_VERTEBRA_SITE = re.compile(r"([颈胸腰骶])(?=\d)")
# A name run together from two numbered mentions: 「PIP2、PIP3」, 「L3-L5椎体」.
_TWICE = re.compile(r"(.{2,})\1")
_REMARK = re.compile(r"\(([^)]*)\)?")
_MARKS = re.compile(r"[\s、,，.。;；:：/~～\-–—+*\"“”'()\[\]]+")
# Twelve ribs and thoracic vertebrae are the longest numbered row of the body.
_LONGEST_ROW = 12


@dataclass(frozen=True)
class BodyPart:
    """`part` without side and number; `laterality` left, right, both or none; numbers "2,3"."""

    part: str
    laterality: str
    numbers: str


def parse_body_part(text: str) -> BodyPart:
    """Take side and numbers out of a mention: 「双手PIP2-5」 is 手PIP, both, 2,3,4,5."""
    text = "".join(unicodedata.normalize("NFKC", text).split())
    text = _ORDINAL.sub(lambda m: _CHINESE_DIGITS.sub(lambda n: chinese_numerals(n[0]), m[0]), text)
    numbers = _numbers(text)
    bare = _VERTEBRA.sub(
        lambda m: f"{VERTEBRA_LETTERS[m[1].lower()]}椎", _REMARK.sub("", text) or text
    )
    bare = _VERTEBRA_SITE.sub(r"\1椎", bare)
    bare = _MARKS.sub("", _NUMBERS.sub("", bare).replace("第", ""))
    part = (_SIDE.sub("", bare) or bare).replace("椎椎", "椎")
    return BodyPart(_TWICE.sub(r"\1", part), laterality_of(text), ",".join(map(str, numbers)))


def laterality_of(text: str) -> str:
    """The side that a body part names: left, right, both, or none if it says none."""
    sides = {match.lastgroup for match in _SIDE.finditer(text)} - {None}
    if not sides:
        return "none"
    return "both" if len(sides) > 1 else str(sides.pop())


def strip_side(text: str) -> str:
    """A name without the side of a site in front: 「左膝关节镜清理术」 is 膝关节镜清理术.

    左 and 右 of a substance (左氧氟沙星) are no side and stay.
    """
    return _LEADING_SIDE.sub("", text) if text[:1] in _SIDES else text


def chinese_numerals(text: str) -> str:
    """Chinese numerals up to 99 as Arabic digits (十二 is 12); other text as it is."""
    parts = _TENS.fullmatch(text)
    if parts:
        return str(_DIGITS.get(parts[1], 1) * 10 + _DIGITS.get(parts[2], 0))
    return "".join(str(_DIGITS.get(c, c)) for c in text)


def _numbers(text: str) -> list[int]:
    """Numbers in order of appearance, ranges filled in, each once."""
    found: list[int] = []
    for run in _NUMBERS.finditer(_VERTEBRA.sub("", text)):
        for mark, digits in _ITEM.findall(run[0]):
            number = int(digits)
            previous = found[-1] if found else number
            if mark and 0 < number - previous < _LONGEST_ROW:
                found.extend(range(previous + 1, number))
            found.append(number)
    return list(dict.fromkeys(found))
