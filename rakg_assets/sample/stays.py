"""One hospital stay as the layouts write it: id, dates, who, and the texts of its sections.

Does not belong here: file formats (`layouts.py`) or how texts come about (`notes.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rakg_assets.ontology.schema import EntityType
from rakg_assets.ontology.sections import SHARED_SECTION, find_heading, inline_headings
from rakg_assets.sample.people import HOSPITAL, Person

Sections = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Stay:
    """One record; sections are (note, section, text). A hand-written record has no person."""

    id: str
    admission: date
    discharge: date | None
    sections: Sections
    person: Person | None = None
    doctor: str = ""
    comes_again: bool = False
    #: Type and preferred name of what the gaps of the texts were filled with.
    concepts: frozenset[tuple[EntityType, str]] = frozenset()

    @property
    def month(self) -> str:
        """Admission month, YYYY-MM."""
        return f"{self.admission:%Y-%m}"

    @property
    def repeats_a_section(self) -> bool:
        """Whether 辅助检查 stands in the discharge note, which a table of columns cannot say."""
        return any(n == "出院记录" and s == SHARED_SECTION for n, s, _ in self.sections)

    @cached_property
    def reads_as_headings(self) -> bool:
        """Whether a section holds what would be taken for a heading in a plain text."""
        lines = (line for *_, text in self.sections for line in text.split("\n"))
        return any(find_heading(line) or inline_headings(line) for line in lines)

    def identifying(self) -> list[tuple[str, str]]:
        """Labelled fields of the person, for headers and columns; empty without a person."""
        if self.person is None:
            return []
        return [
            ("姓名", self.person.name),
            ("性别", self.person.sex),
            ("年龄", f"{self.person.age(self.admission.year)}岁"),
            ("住院号", self.person.hospital_number),
            ("身份证号", self.person.resident_id),
            ("联系电话", self.person.phone),
            ("住址", self.person.address),
        ]

    def notes(self) -> Iterable[tuple[str, list[tuple[str, str]]]]:
        """Sections by note, in order of first appearance."""
        grouped: dict[str, list[tuple[str, str]]] = {}
        for note, section, text in self.sections:
            grouped.setdefault(note, []).append((section, text))
        return grouped.items()


def title(stay: Stay) -> str:
    """The first line of a plain text."""
    return f"{HOSPITAL}住院病历" if stay.person else "住院病历"
