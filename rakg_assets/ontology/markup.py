"""The markup of hand-written annotated records: one file a record, entities in braces.

    #RECORD id=E001 admission=2018-03-05 discharge=2018-03-16
    ##入院记录
    ###主诉
    {b1:body_part|双手}{s1:symptom|肿痛}3年，无{s2:symptom!absent|发热}。
    #RELATIONS
    body_part_symptom b1 s1

Belongs here: the grammar, both ways. Does not belong here: whether an annotation follows the
guideline (`corpus/annotations.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

HEADER = "#RECORD"
_RELATIONS = "#RELATIONS"
_TAG = re.compile(r"\{(\w+):(\w+)(?:!(\w+))?\|([^{}|]+)\}")


class MarkupError(ValueError):
    """A line that the grammar does not allow; the message names file and line, never text."""


@dataclass(frozen=True)
class Mark:
    """One marked entity; offsets count code points of the section text."""

    id: str
    label: str
    assertion: str
    start: int
    end: int


@dataclass
class MarkedSection:
    """One section: its bare text and the entities marked in it."""

    note: str
    section: str
    text: str = ""
    marks: list[Mark] = field(default_factory=list)


@dataclass
class MarkedRecord:
    """One record; relations are (label, head mark id, tail mark id)."""

    attributes: dict[str, str]
    sections: list[MarkedSection] = field(default_factory=list)
    relations: list[tuple[str, str, str]] = field(default_factory=list)


def is_markup(text: str) -> bool:
    """Whether a text begins with the record header."""
    return text.lstrip("\ufeff \t\r\n").startswith(HEADER)


def parse_markup(text: str, name: str = "record") -> MarkedRecord:
    """Read one record. Raises `MarkupError` naming `name` and the line."""
    record: MarkedRecord | None = None
    note, section, in_relations = "", None, False
    seen: set[str] = set()
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        where = f"{name}, line {number}"
        if not line.strip():
            continue
        if line.startswith(HEADER):
            pairs = [p.partition("=") for p in line.split()[1:]]
            record = MarkedRecord({key: value for key, _, value in pairs})
        elif record is None:
            raise MarkupError(f"{where}: a record begins with {HEADER} id=… admission=…")
        elif line.startswith("###"):
            section = MarkedSection(note, line[3:].strip())
            record.sections.append(section)
        elif line.startswith(_RELATIONS):
            in_relations = True
        elif line.startswith("##"):
            note, section = line[2:].strip(), None
        elif in_relations:
            record.relations.append(_relation(line, seen, where))
        elif section is None:
            raise MarkupError(f"{where}: text outside a section; put ###<section> before it")
        else:
            _read_line(line, section, seen, where)
    if record is None:
        raise MarkupError(f"{name}: no {HEADER} line")
    return record


def _relation(line: str, seen: set[str], where: str) -> tuple[str, str, str]:
    parts = line.split()
    if len(parts) != 3:
        raise MarkupError(f"{where}: a relation line is `label head tail`")
    label, head, tail = parts
    for mark in (head, tail):
        if mark not in seen:
            raise MarkupError(f"{where}: no entity has the id {mark}")
    return label, head, tail


def _read_line(line: str, section: MarkedSection, seen: set[str], where: str) -> None:
    """Append a line to a section, marks taken out; lines are joined by one line feed."""
    text, position = section.text + ("\n" if section.text else ""), 0
    for tag in _TAG.finditer(line):
        mark, label, assertion, surface = tag.groups()
        if mark in seen:
            raise MarkupError(f"{where}: the id {mark} is used twice")
        seen.add(mark)
        text += line[position : tag.start()]
        start, position = len(text), tag.end()
        text += surface
        section.marks.append(Mark(mark, label, assertion or "present", start, len(text)))
    if any(brace in _TAG.sub("", line) for brace in "{}"):
        raise MarkupError(f"{where}: a brace that is no complete {{id:type|text}}")
    section.text = text + line[position:]


def write_markup(record: MarkedRecord) -> str:
    """The text of a record; `parse_markup` of it gives the record back.

    Raises `MarkupError` for text that the grammar cannot hold: braces, and lines that begin with #.
    """
    lines = [" ".join([HEADER, *(f"{k}={v}" for k, v in record.attributes.items())])]
    note = None
    for section in record.sections:
        if section.note != note:
            note = section.note
            lines.append(f"##{note}")
        lines += [f"###{section.section}", _marked_text(section)]
    if record.relations:
        lines += [_RELATIONS, *(" ".join(relation) for relation in record.relations)]
    return "\n".join(lines) + "\n"


def _marked_text(section: MarkedSection) -> str:
    if re.search(r"[{}]|^#", section.text, re.MULTILINE):
        raise MarkupError(f"{section.section}: braces or a line that begins with # do not fit")
    pieces: list[str] = []
    for mark, before in _with_gaps(section.marks, section.text):
        polarity = "" if mark.assertion == "present" else f"!{mark.assertion}"
        surface = section.text[mark.start : mark.end]
        pieces.append(f"{before}{{{mark.id}:{mark.label}{polarity}|{surface}}}")
    end = max((m.end for m in section.marks), default=0)
    return "".join(pieces) + section.text[end:]


def _with_gaps(marks: Iterable[Mark], text: str) -> Iterable[tuple[Mark, str]]:
    position = 0
    for mark in sorted(marks, key=lambda m: m.start):
        yield mark, text[position : mark.start]
        position = mark.end
