"""Names of patient, family and staff: found by field or cue, then masked wherever they stand.

Belongs here: where names are looked for and how a known name is found again. Does not belong here:
the shapes of names (`name_shapes.py`) or the words (`dictionaries/deidentification/`). All take
folded text (`ontology.text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rakg_assets.admissions.deidentify.latin_names import latin_beside, titled
from rakg_assets.admissions.deidentify.name_shapes import (
    Name,
    Sure,
    bare,
    function_words,
    is_person_after,
    is_possible,
    is_stop,
    names_before,
    no_values,
    plain_surnames,
    read_field,
    read_prose,
    surnames,
)
from rakg_assets.admissions.deidentify.ordinary import is_ordinary
from rakg_assets.admissions.deidentify.words import (
    HAN,
    MOST_KNOWN,
    alternation,
    column,
    late,
)

_INNER = r"[ \t\r\n\u3000\u00a0\u200b-\u200f\u2060\ufeff]{0,3}"
_FIELD = late(
    lambda: (
        rf"(?P<label>{alternation(column('name_cues', 'cue', kind='field'), spaced=True)})"
        r"(?: ?\([^()\n]{0,8}\)|[及和/、][^:=\s]{1,4})?"
        r"(?:[ \t\u3000]*[:=|][ \t\u3000_]*|(?<=姓名|签名|签字)(?:[ \t\u3000]+|[)\]】] ?))"
    ),
    re.IGNORECASE,
)
_SIGNED_BELOW = late(
    lambda: r"(?:签 ?[名字]|医 ?师|护 ?士)[ \t\u3000]*[:=][ \t\u3000_]*\n[ \t\u3000]*"
)
_NEXT_IN_FIELD = late(lambda: r" ?(?:[/、,]|和|及|与) ?|[ \u3000]{1,4}")
_LABEL_END = late(lambda: r"[ \t\u3000]*[:=]")
_AND = late(lambda: r"[、,/和及与]")
_NAME_FIELD = late(lambda: r"名$|name$|拼音$", re.IGNORECASE)
_LONGEST_CUE = 8
# Words for doctors in advice, where function words stand before them: 应问医生.
_ANY_DOCTOR = ("医生", "大夫")
_OWNER = "(?:其|之|患者之?|患者的|病人之?|病人的)"
_CUE = late(
    lambda: (
        rf"(?:{_kin()}|{alternation(column('name_cues', 'cue', kind='patient'))}"
        rf"|{alternation(column('name_cues', 'cue', kind='staff'))}"
        r"|(?<=\d)号?床|(?<![\u3400-\u9fff])[父母妻夫兄弟姐妹](?!亲))[ \u3000]{0,3}[(\"“「]?"
    )
)
_KIN_BEFORE_NAME = late(lambda: rf"{_kin()}[ (]?(?={HAN}{{2}})")
_TITLE = late(lambda: alternation(column("name_cues", "cue", kind="title")))
_SIGNED = late(lambda: r"[ \u3000]?(?:签字|签名|代签|代述|陪同)")
_SEX_AND_AGE = late(
    lambda: r"[ \u3000,、(]{0,3}(?:男|女)性?[ \u3000,、]{0,3}(?:年龄:?)?\d{1,3} ?岁"
)
# A signature without a label: a line of names alone before a date.
_BEFORE_DATE = late(
    lambda: (
        rf"^[ \u3000]*(?:{HAN}{{2,4}}[/、 ])?{HAN}{{2,4}}"
        r"(?=[ \u3000]*\n?[ \u3000]*(?:19|20)\d\d[-年./])"
    ),
    re.MULTILINE,
)
_BEFORE_TITLE = late(lambda: r"[请经由随遵与和及同于转科院问找给叫谢让跟示区组员医日]|病房")


def _kin() -> str:
    """Words of kinship; those of one character only where they say whose: 其子."""
    words = column("name_cues", "cue", kind="kin")
    return (
        rf"(?:{_OWNER}?{alternation(k for k in words if len(k) > 1)}"
        rf"|{_OWNER}{alternation(k for k in words if len(k) == 1)})"
    )


def find_names(text: str) -> Iterator[Name]:
    """Every name that a field, a cue, a title or sex and age gives away."""
    yield from _in_fields(text)
    for cue in _CUE().finditer(text):
        if name := read_prose(text, cue.end()):
            yield name
    for title in _TITLE().finditer(text):
        yield from _before_title(text, title.start())
    for pattern, sure in ((_SIGNED, Sure.PERSON), (_SEX_AND_AGE, Sure.SEX)):
        for match in pattern().finditer(text):
            yield from _after_a_stop(text, match.start(), sure)
    for line in _BEFORE_DATE().finditer(text):
        for part in re.finditer(rf"{HAN}+", line[0]):
            yield from _after_a_stop(text, line.start() + part.end(), Sure.STOP)
    yield from (Name(*span, Sure.PERSON) for span in titled(text))


def _in_fields(text: str) -> Iterator[Name]:
    for field in _FIELD().finditer(text):
        is_name_field = bool(_NAME_FIELD().search(bare(field["label"])))
        kin = None if is_name_field else _KIN_BEFORE_NAME().match(text, field.end())
        name = read_field(text, kin.end() if kin else field.end(), is_name_field)
        while name:
            yield name
            if beside := latin_beside(text, name.end):
                yield Name(*beside, Sure.SEX)
            name = _next_in_field(text, name.end)
    for field in _SIGNED_BELOW().finditer(text):
        if name := read_field(text, field.end(), is_name_field=False):
            yield name


def _next_in_field(text: str, end: int) -> Name | None:
    """The name after another one in the same field; after mere space no label and no prose."""
    more = _NEXT_IN_FIELD().match(text, end)
    if not more:
        return None
    name = read_prose(text, more.end())
    if not name and more[0].strip() in ("/", "、"):
        return read_field(text, more.end(), is_name_field=False)
    if name and more[0].isspace():
        is_label = name.sure < Sure.STOP or _LABEL_END().match(text, name.end)
        return None if is_label else name
    return name


def _before_title(text: str, end: int) -> Iterator[Name]:
    """张建国主任医师, 王磊副主任; else the surname alone: 李医生."""
    for start in names_before(text, end):
        led = _is_free(text, start) or _BEFORE_TITLE().match(text, start - 1)
        is_advice = text[start] in function_words() and text.startswith(_ANY_DOCTOR, end)
        sure = Sure.PERSON if led and not is_advice else Sure.STOP
        if is_possible(text[start:end], sure):
            yield Name(start, end, sure)
            if _AND().match(text, start - 1):
                yield from _before_title(text, start - 1)
            return
    for length in (2, 1):
        surname = text[max(0, end - length) : end]
        free = _is_free(text, end - length)
        if len(surname) == length and surname in surnames() - function_words():
            plain = surname in plain_surnames() and _BEFORE_TITLE().match(text, end - length - 1)
            straddles = is_ordinary(text[max(0, end - length - 1) : end])
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
        joined = "|".join(map(_with_gaps, ordered[:MOST_KNOWN]))
        self._pattern = re.compile(joined, re.IGNORECASE) if joined else None

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans of the known names, but not where they only straddle two ordinary words."""
        for match in self._pattern.finditer(text) if self._pattern else ():
            start, end = match.span()
            if is_ordinary(match[0]):
                meant = is_person_after(text, end) or _is_after_cue(text, start)
            else:
                meant = end - start > 2 or not _straddles(text, start) or _is_told(text, start)
            if meant:
                yield start, end


def _with_gaps(word: str) -> str:
    """A pattern of a name with gaps; Latin letters only where no other letters touch them."""
    pattern = _INNER.join(map(re.escape, word))
    return rf"(?<![A-Za-z]){pattern}(?![A-Za-z])" if word.isascii() else pattern


def _is_told(text: str, start: int) -> bool:
    """Whether a name stands where one is told: 患者张三|双膝肿痛, but not 患者|于|明日."""
    introduced = _is_free(text, start) or _is_after_cue(text, start)
    return introduced and text[start] not in function_words()


def _is_after_cue(text: str, start: int) -> bool:
    """Whether a cue ends where a name starts: 患者高峰."""
    before = text[max(0, start - _LONGEST_CUE) : start]
    return any(cue.end() == len(before) for cue in _CUE().finditer(before))


def _searchable(name: str) -> Iterator[str]:
    """A name and the parts of a dotted one that can be looked for without hitting other words."""
    word = re.sub(r"\s+", "", name)
    parts = re.split("[·•・‧∙●]", word)
    for part in {word, *(p for p in parts if len(p) >= 3 and not is_ordinary(p))}:
        long_enough = len(part) >= (2 if re.match(HAN, part) else 4)
        if long_enough and not part.isdigit() and part not in no_values():
            yield part


def _straddles(text: str, start: int) -> bool:
    """于明 in 于|明日 and 方平 in 双方|平均: the two characters belong to neighbouring words."""
    right = any(is_ordinary(text[start + 1 : start + 1 + n]) for n in (2, 3))
    left = any(is_ordinary(text[max(0, start + 1 - n) : start + 1]) for n in (2, 3))
    return right or left
