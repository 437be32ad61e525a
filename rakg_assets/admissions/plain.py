"""A plain-text record cut at its headings into stays with their sections and labelled fields.

Belongs here: lines, what each of them is, where one stay ends and the next begins. Does not belong
here: words of headings (`ontology/sections.py`), encodings, files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from rakg_assets.admissions.dates import parse_date
from rakg_assets.admissions.fields import squeeze_ends, version_value
from rakg_assets.admissions.persons import Persons
from rakg_assets.admissions.records import RawRecord, admission_told
from rakg_assets.ontology.sections import (
    ADMISSION_NOTE,
    DISCHARGE_NOTE,
    GAP,
    SHARED_SECTION,
    SYNONYMS,
    WHOLE,
    Heading,
    Section,
    find_heading,
    fold,
    in_note,
    inline_headings,
    is_blank,
)

_MARK = rf"{GAP}[\]】]?{GAP}(?:[:=|为是]|[\]】])?{GAP}"


def _label(*names: str) -> re.Pattern[str]:
    words = "|".join(GAP.join(name) for name in names)
    return re.compile(rf"(?<![\u4e00-\u9fffA-Za-z])(?:{words}){_MARK}", re.IGNORECASE)


_ADMISSION = _label("入院日期时间", "入院日期", "入院时间", "admission date", "admission")
_DISCHARGE = _label("出院日期时间", "出院日期", "出院时间", "discharge date", "discharge")
_ID = re.compile(
    rf"(?<![\u4e00-\u9fff]){GAP.join('记录编号')}{GAP}[\]】]?{GAP}[:=|]?{GAP}([^\s,;。|]+)"
)
_VERSION = re.compile(rf"(?<![\u4e00-\u9fff])版本号?{GAP}[:=|]{GAP}[vV]?([\d.]+)")
# Labels that make a line a header line even where a section was open, and others that do so only
# beside one more label or right before such a line.
_STRONG = "记录编号 患者姓名 病人姓名 姓名 住院号 病案号 入院日期 入院时间 出院日期 出院时间"
_WEAK = (
    "性别 年龄 科室 科别 病区 病房 床号 民族 职业 婚姻 籍贯 国籍 出生日期 出生地 身份证号 单位 住址"
    " 联系电话 电话 联系人 病史陈述者 可靠程度 版本号 版本 记录日期 记录时间 门诊号"
)


def _labels(words: str) -> str:
    return (
        "(?:" + "|".join(GAP.join(word) for word in words.split()) + f"){GAP}[\\]】]?{GAP}[:=】\\]]"
    )


_FIELD_LINE = re.compile(
    rf"{GAP}[\[【]?(?:{_labels(_STRONG)}|{_labels(_WEAK)}[^。;]{{1,60}}?"
    rf"(?:{_labels(_STRONG)}|{_labels(_WEAK)}))[^。;]{{0,120}}$"
)
_TITLE = re.compile(
    rf"{GAP}(?:(?![转于至到在回]|继续|随[访诊]|定期)[^。,;:]{{0,40}}(?:医院|中心|病历|病案|首页)"
    rf"|第?{GAP}[一二三四五六七八九十\d]{{1,2}}{GAP}次{GAP}(?:住院|入院)|[-=*_—─━~]{{3,}}"
    rf"|{_labels(_WEAK)}[^。;]{{0,60}}){GAP}$"
)
_SENTENCE = re.compile(r"[。!?]")
_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


@dataclass
class _Block:
    """A stretch of text between two headers: at most one stay."""

    header: list[str] = field(default_factory=list)
    sections: list[tuple[Section, list[str]]] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    def texts(self) -> list[tuple[Section, str]]:
        """Sections with their text; sentences that stand in none are kept as whole text."""
        loose = [(WHOLE, self.loose)] if self.loose else []
        return [(section, "\n".join(lines)) for section, lines in [*self.sections, *loose]]

    def record(self) -> RawRecord:
        """The stay that this block tells of."""
        texts = self.texts()
        return RawRecord(
            record_id=squeeze_ends(_first(_ID, self.header)) or None,
            admission=_labelled(_ADMISSION, self.header, texts) or admission_told(texts),
            discharge=_labelled(_DISCHARGE, self.header, texts),
            version=version_value(_first(_VERSION, self.header)),
            sections=texts,
            raw="\n".join(self.lines),
        )


def _first(pattern: re.Pattern[str], header: Iterable[str]) -> str:
    """The first value of a pattern in header lines, as it was written; empty if there is none."""
    for line in header:
        if match := pattern.search(fold(line)):
            return line[match.start(1) : match.end(1)]
    return ""


def _labelled(
    label: re.Pattern[str], header: Iterable[str], texts: Iterable[tuple[Section, str]]
) -> date | None:
    """The first valid date behind a label: in the header, else in the discharge note's text."""
    told = (text for section, text in texts if section.note != ADMISSION_NOTE)
    for line in map(fold, (*header, *told)):
        for match in label.finditer(line):
            if day := parse_date(line[match.end() : match.end() + 40]):
                return day
    return None


def parse_plain(text: str) -> list[RawRecord]:
    """The stays of a text, in order; one without any section is section 全文 of note 病历.

    Raises `Refusal` two_patients if it tells of two persons.
    """
    blocks = _Cutter().cut(text)
    header = [line for block in blocks for line in block.header]
    if not any(block.sections for block in blocks):
        blocks = [_Block(header, loose=_LINE_END.split(text))]
    persons = Persons()
    persons.add_fields(header)
    for block in blocks:
        for _, told in block.texts():
            persons.add_narrative(told)
    stays = _Stays()
    for block in blocks:
        stays.add(block.record())
    for number, stay in enumerate(stays.records, 1):
        stay.header = "\n".join(header)
        stay.place = f"stay {number}" if len(stays.records) > 1 else ""
    return stays.records


class _Cutter:
    """Reads lines one by one and keeps what note and section they stand in."""

    def __init__(self) -> None:
        self.blocks = [_Block()]
        self.note: str | None = None
        self.new_note = self.in_section = False
        self.waiting: list[str] = []

    def cut(self, text: str) -> list[_Block]:
        """The blocks of a text; the first may hold a header only."""
        lines = list(_lines(text))
        headings = [find_heading(line) for line in lines]
        titles = _titles(lines, headings)
        for number, (line, heading) in enumerate(zip(lines, headings, strict=True)):
            self.waiting.append(line)
            if number in titles:
                self.in_section = False
                continue
            if heading and not self._is_mention(heading):
                self._heading(heading, line[heading.end :])
            elif _is_field_line(line):
                self._field(line)
            else:
                self._text(line)
            self.block.header += self.waiting[:-1]
            self.block.lines += self.waiting
            self.waiting = []
        return self.blocks

    @property
    def block(self) -> _Block:
        """The block that lines go to."""
        return self.blocks[-1]

    def _is_mention(self, heading: Heading) -> bool:
        """查体： within the discharge note is part of its text, not the admission's examination."""
        if heading.explicit or heading.name not in SYNONYMS or not self.in_section:
            return False
        held = {section for section, _ in self.block.sections}
        current = self.block.sections[-1][0]
        again = current.note == DISCHARGE_NOTE and heading.section in held
        return self.note == DISCHARGE_NOTE or again

    def _heading(self, heading: Heading, rest: str) -> None:
        if heading.section is None:
            if heading.note in self.block.notes and self.block.sections:
                self.blocks.append(_Block())
            self.note, self.new_note, self.in_section = heading.note, True, False
            self.block.notes.add(heading.note)
        else:
            shared = heading.section.section == SHARED_SECTION
            section = in_note(heading.section, self.note if shared else None)
            self.block.sections.append((section, []))
            self.new_note, self.in_section = False, True
        if not is_blank(rest):
            self._text(rest)

    def _field(self, line: str) -> None:
        """A header line; after sections it begins the next block."""
        if self.block.sections:
            self.blocks.append(_Block())
            self.note = self.note if self.new_note else None
            self.block.notes |= {self.note} if self.note else set()
        self.in_section = False
        self.block.header.append(line)

    def _text(self, line: str) -> None:
        if self.in_section:
            self.block.sections[-1][1].append(line)
            return
        self.block.header.append(line)
        if _SENTENCE.search(line):
            self.block.loose.append(line)


def _lines(text: str) -> Iterator[str]:
    """The lines of a text, cut once more before bracketed headings within them."""
    for line in _LINE_END.split(text):
        starts = [0, *(start for start in inline_headings(line) if start), len(line)]
        yield from (line[a:b] for a, b in pairwise(starts)) if len(starts) > 2 else (line,)


def _is_field_line(line: str) -> bool:
    return len(line) < 200 and _FIELD_LINE.match(fold(line)) is not None


def _titles(lines: list[str], headings: list[Heading | None]) -> set[int]:
    """The lines that are a title: they stand right before a note's heading or header fields."""
    found, leads = set(), False
    for number in range(len(lines) - 1, -1, -1):
        line, heading = lines[number], headings[number]
        if heading or _is_field_line(line):
            leads = heading is None or heading.section is None
        elif leads and len(line) < 100 and _TITLE.match(fold(line)):
            found.add(number)
        elif not is_blank(line):
            leads = False
    return found


class _Stays:
    """Blocks put together into stays: an admission and a discharge note, each with a header."""

    def __init__(self) -> None:
        self.records: list[RawRecord] = []
        self._held: list[set[Section]] = []
        self._by_day: dict[date, int] = {}
        self._ids: set[str | None] = set()

    def add(self, block: RawRecord) -> None:
        """Join a block to the stay of its day or to the last one, or begin a stay with it."""
        last = len(self.records) - 1
        place = self._by_day.get(block.admission, last) if block.admission else last
        held = {section for section, _ in block.sections}
        if place < 0 or not _is_same(self.records[place], block, self._held[place] & held):
            block.record_id = None if block.record_id in self._ids else block.record_id
            self.records.append(block)
            self._held.append(held)
            place = len(self.records) - 1
        else:
            _join(self.records[place], block)
            self._held[place] |= held
        self._ids.add(self.records[place].record_id)
        if day := self.records[place].admission:
            self._by_day[day] = place


def _join(stay: RawRecord, block: RawRecord) -> None:
    stay.record_id = stay.record_id or block.record_id
    stay.admission = stay.admission or block.admission
    stay.discharge = stay.discharge or block.discharge
    stay.version = max(stay.version, block.version)
    stay.sections += block.sections
    stay.raw += f"\n{block.raw}"


def _is_same(stay: RawRecord, block: RawRecord, overlap: set[Section]) -> bool:
    """Whether a block is of a stay: no date or id speaks against it, nor do two full notes."""
    if stay.admission and block.admission:
        differs = stay.admission != block.admission
    else:
        differs = _differ(stay.discharge, block.discharge) or len(overlap) > 1
    return not differs and not (overlap and _differ(stay.record_id, block.record_id))


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other
