"""The notes and sections of a record: names, LOINC codes, data elements, headings.

Belongs here: the table of sections (codes of WS/T 500 and WS 445) and how a line of text names one.
Does not belong here: how a whole text is cut at its headings (`admissions/plain.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

ADMISSION_NOTE = "入院记录"
DISCHARGE_NOTE = "出院记录"
NOTES = (ADMISSION_NOTE, DISCHARGE_NOTE)

#: Characters that show nothing: zero-width ones, marks of direction, BOM, soft hyphen, controls.
INVISIBLE = (
    "\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4"
    "\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_UNSEEN = re.compile(rf"[\s{INVISIBLE}]+")


@dataclass(frozen=True)
class Section:
    """One section of a note; `loinc` and `data_element` are empty for the whole text."""

    note: str
    section: str
    loinc: str = ""
    data_element: str = ""


@dataclass(frozen=True)
class Heading:
    """What opens a note (`section` is None) or a section; its own text begins at `end`.

    `explicit`: set off by brackets, # or a line of its own, not only by a colon. `name` is the
    word used, which may be a synonym.
    """

    note: str
    section: Section | None
    name: str
    end: int
    explicit: bool


SECTIONS: tuple[Section, ...] = (
    Section(ADMISSION_NOTE, "主诉", "10154-3", "DE04.01.119.00"),
    Section(ADMISSION_NOTE, "现病史", "10164-2", "DE02.10.071.00"),
    Section(ADMISSION_NOTE, "既往史", "11348-0", "DE02.10.026.00"),
    Section(ADMISSION_NOTE, "个人史", "29762-2", "DE02.10.097.00"),
    Section(ADMISSION_NOTE, "婚育史", "49033-4", "DE02.10.098.00"),
    Section(ADMISSION_NOTE, "家族史", "10157-6", "DE02.10.103.00"),
    Section(ADMISSION_NOTE, "体格检查", "29545-1", "DE04.10.258.00"),
    Section(ADMISSION_NOTE, "辅助检查", "30954-2", "DE04.30.009.00"),
    Section(ADMISSION_NOTE, "初步诊断", "29548-5", "DE05.01.025.00"),
    Section(DISCHARGE_NOTE, "入院情况", "11450-4", "DE05.10.148.00"),
    Section(DISCHARGE_NOTE, "诊疗经过", "8648-8", "DE06.00.296.00"),
    Section(DISCHARGE_NOTE, "出院情况", "10184-0", "DE06.00.193.00"),
    Section(DISCHARGE_NOTE, "出院医嘱", "46209-3", "DE06.00.287.00"),
    Section(DISCHARGE_NOTE, "出院诊断", "11535-2", "DE05.01.025.00"),
)
#: Text without any heading.
WHOLE = Section("病历", "全文")
#: The one section that either note may hold.
SHARED_SECTION = "辅助检查"
SYNONYMS = {"月经史": "婚育史", "生育史": "婚育史", "专科检查": "体格检查", "查体": "体格检查"}
_NOTE_SYNONYMS = {"出院小结": DISCHARGE_NOTE}

_BY_NAME = {s.section: s for s in (*SECTIONS, WHOLE)}
_BY_NAME |= {synonym: _BY_NAME[name] for synonym, name in SYNONYMS.items()}
_NOTE_BY_NAME = {note: note for note in NOTES} | _NOTE_SYNONYMS
_BY_LOINC = {s.loinc: s for s in SECTIONS}
_BY_ELEMENT = {s.data_element: s for s in reversed(SECTIONS)}
_BY_NOTE_AND_ELEMENT = {(s.note, s.data_element): s for s in SECTIONS}
_ORDER = {name: i for i, name in enumerate(dict.fromkeys(s.section for s in SECTIONS))}


def fold(text: str) -> str:
    """A text of the same length with full-width and compatibility characters made plain."""
    return text.translate(_FOLDED)


class _Folded(dict[int, int]):
    """The plain form of each character met so far, where that is one character too."""

    def __missing__(self, code: int) -> int:
        plain = unicodedata.normalize("NFKC", chr(code))
        self[code] = ord(plain) if len(plain) == 1 else code
        return self[code]


_FOLDED = _Folded()


def squeeze(text: str) -> str:
    """A text without space and invisible characters, to tell the same text in another layout."""
    return _UNSEEN.sub("", text)


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: empty, or only space and invisible characters."""
    return not squeeze(text)


def fold_name(name: str) -> str:
    """A key, column or title as it is compared: plain, lower case, without spaces."""
    return squeeze(fold(name)).lower()


def in_note(section: Section, note: str | None) -> Section:
    """The section as it stands in a note that the source names; None leaves the table's note."""
    return replace(section, note=note) if note in NOTES and section != WHOLE else section


def reading_order(note: str, section: str) -> tuple[int, int, str]:
    """Sort key that puts sections in the order of the table, the whole text last."""
    note_order = NOTES.index(note) if note in NOTES else len(NOTES)
    return note_order, _ORDER.get(section, len(_ORDER)), section


@lru_cache(maxsize=4096)
def section_named(name: str) -> Section | None:
    """The section of a key, column or title: 主 诉, 查体, 【主诉】, 出院记录/辅助检查."""
    folded = fold_name(name).strip("[]【】〔〕〖〗#:")
    note = next((n for n in _NOTE_BY_NAME if folded.startswith(n)), "")
    found = _BY_NAME.get(folded.removeprefix(note).lstrip("/\\._->:|"))
    return in_note(found, _NOTE_BY_NAME.get(note)) if found else None


@lru_cache(maxsize=4096)
def note_named(name: str) -> str | None:
    """The note of a key or title: 入院记录, 出院小结, XX医院出院记录."""
    heading = find_heading(name)
    return heading.note if heading and heading.section is None else None


def section_by_loinc(code: str) -> Section | None:
    """The section of a LOINC code."""
    return _BY_LOINC.get(code.strip())


def section_by_data_element(code: str, note: str | None = None) -> Section | None:
    """The section of a data element; two diagnoses share one, which `note` tells apart."""
    code = code.strip().upper()
    return _BY_NOTE_AND_ELEMENT.get((note or "", code)) or _BY_ELEMENT.get(code)


GAP = rf"(?:[^\S\r\n]|[{INVISIBLE}])*"
_OPEN, _CLOSE = r"[\[【〖〔]", r"[\]】〗〕]"
_COLON = "[:﹕∶︰]"
_NUMERAL = rf"(?:(?:[一二三四五六七八九十]{{1,2}}[、.]|\([一二三四五六七八九十]{{1,2}}\)){GAP})?"
# A title such as XX医院风湿免疫科出院记录（第2次）.
_TITLE = r"(?:[^。,;:\n]{0,30}(?:院|科|中心|诊所|病历|病案))?"
_SUFFIX = rf"(?:{GAP}\([^()]{{1,12}}\))?(?:{GAP}[\d年月日时分/.: -]{{6,20}})?"
_WIDEST_HEADING = 80


def _any_of(names: Iterable[str]) -> str:
    return "|".join(GAP.join(name) for name in sorted(names, key=lambda n: (-len(n), n)))


_NAMES = _any_of([*(_BY_NAME.keys() - {WHOLE.section}), *_NOTE_BY_NAME])
_BRACKETED = rf"{_OPEN}{GAP}({_NAMES}){GAP}{_COLON}?{GAP}{_CLOSE}{GAP}{_COLON}?"
_HEADING = re.compile(
    rf"{GAP}(?:{_BRACKETED}"
    rf"|\#{{1,6}}{GAP}{_NUMERAL}({_NAMES})(?:{GAP}{_COLON}|{GAP}\#*{GAP}$|(?=\s))"
    rf"|{_NUMERAL}({_NAMES})(?:{GAP}$)"
    rf"|{_NUMERAL}({_NAMES})(?:{GAP}{_COLON}))"
)
_NOTE_TITLE = re.compile(
    rf"{GAP}(?:\#{{1,6}}{GAP})?{_TITLE}{GAP}({_any_of(_NOTE_BY_NAME)}){_SUFFIX}"
    rf"(?:{GAP}{_COLON}?{GAP}$|(?=\s+[\u4e00-\u9fff]{{2,6}}{GAP}:))"
)
# A bracketed heading within a line may follow the end of a sentence, a space, another heading or
# the name of a note. Elsewhere it may be a mention: 详见【辅助检查】, 如【现病史】所述.
_ENDED = rf"[。;!?.\s{INVISIBLE}】〗〕\]]"
_BEFORE = "|".join([f"^|(?<={_ENDED})", *(f"(?<=^{n})|(?<={_ENDED}{n})" for n in _NOTE_BY_NAME)])
_MENTIONED = r"[见如同参阅及和与或、,“\"'的在于按述至看照据:(]"
_MENTION_GOES_ON = r"[。;,、)]|[所部中项内处]|一栏|记录"
_INLINE = re.compile(
    rf"(?:{_BEFORE})(?=(?:(?:{_any_of(_NOTE_BY_NAME)}){GAP})?{_BRACKETED})"
    rf"|(?<!{_MENTIONED})(?={_BRACKETED}(?!{_MENTION_GOES_ON}))"
)


def find_heading(line: str) -> Heading | None:
    """The heading that a line begins with: 【主诉】, ## 主诉, 主诉：, or 主 诉 bare on its line.

    `Section.note` is the table's; where a shared section stands is for the caller to know.
    """
    end = len(line.rstrip())
    # A heading is short: one mark stands for the rest, so that no pattern sees an end of line.
    folded = fold(line[: min(end, _WIDEST_HEADING)]) + ("…" if end > _WIDEST_HEADING else "")
    if match := _HEADING.match(folded):
        name = squeeze(match[1] or match[2] or match[3] or match[4])
        return _heading(name, match.end(), explicit=match[4] is None)
    if match := _NOTE_TITLE.match(folded):
        return _heading(squeeze(match[1]), match.end(), explicit=True)
    return None


def _heading(name: str, end: int, explicit: bool) -> Heading:
    if note := _NOTE_BY_NAME.get(name):
        return Heading(note, None, name, end, explicit)
    section = _BY_NAME[name]
    return Heading(section.note, section, name, end, explicit)


def inline_headings(line: str) -> list[int]:
    """Where bracketed headings begin in a line, and names of notes right before them."""
    return [match.start() for match in _INLINE.finditer(fold(line))]
