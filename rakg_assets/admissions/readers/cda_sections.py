"""The sections of a CDA document: by LOINC code, then title, then data element.

Belongs here: which section is which, narrative or entries. Does not belong here: the document's
header (`cda.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from rakg_assets.admissions.plain import parse_plain
from rakg_assets.admissions.readers.xml_tree import child, children, descendants, narrative
from rakg_assets.admissions.records import RawRecord
from rakg_assets.ontology.sections import (
    ADMISSION_NOTE,
    DISCHARGE_NOTE,
    SHARED_SECTION,
    WHOLE,
    Section,
    in_note,
    is_blank,
    note_named,
    section_by_data_element,
    section_by_loinc,
    section_named,
)

_NOTE_OF_DOCUMENT = {"C0034": ADMISSION_NOTE, "C0049": DISCHARGE_NOTE}
_CODED = ("observation", "act", "procedure", "substanceAdministration", "supply", "encounter")


def sections_of(document: Element) -> list[tuple[Section, str]]:
    """The sections of a document with their text, in document order."""
    code = child(document, "code")
    note = _NOTE_OF_DOCUMENT.get("" if code is None else code.get("code", "").strip().upper())
    title = note_named(narrative(child(document, "title")))
    reading = _Reading(note or title)
    body = child(document, "component", "structuredBody")
    for component in children(body, "component"):
        for section in children(component, "section"):
            reading.read(section, None)
    return reading.found


def body_text(document: Element, record: RawRecord) -> RawRecord:
    """A document without structured body: its plain text, if it is text."""
    text = child(document, "component", "nonXMLBody", "text")
    if text is None or text.get("representation", "TXT") != "TXT" or is_blank(narrative(text)):
        return record
    stay = parse_plain(narrative(text))[0]
    record.sections = stay.sections
    record.header += f"\n{stay.header}"
    record.admission = record.admission or stay.admission
    record.discharge = record.discharge or stay.discharge
    record.record_id = record.record_id or stay.record_id
    return record


class _Reading:
    """Reads sections in order; the note of one that either may hold follows from its place."""

    def __init__(self, note: str | None) -> None:
        self.note = note
        self.found: list[tuple[Section, str]] = []

    def read(self, element: Element, parent_note: str | None) -> None:
        """Read a section and those within it; nesting is bounded by the parser."""
        title = narrative(child(element, "title"))
        note = note_named(title) or parent_note
        text = narrative(child(element, "text"))
        section = _identified(element, title)
        if section:
            self._add(section, note, text if not is_blank(text) else _entry_text(element))
        else:
            self._read_unnamed(element, note, text)
        for component in children(element, "component"):
            for inner in children(component, "section"):
                self.read(inner, note)

    def _read_unnamed(self, element: Element, note: str | None, text: str) -> None:
        """A section that neither code nor title tells: its entries' data elements do."""
        entries = [
            (section, value)
            for code, value in _entries(element)
            if (section := section_by_data_element(code, note or self.note))
        ]
        if len({section for section, _ in entries}) == 1 and not is_blank(text):
            entries = [(entries[0][0], text)]
        elif not entries and not is_blank(text):
            entries = [(WHOLE, text)]
        for section, value in entries:
            self._add(section, note, value)

    def _add(self, section: Section, note: str | None, text: str) -> None:
        if section.section == SHARED_SECTION:
            section = in_note(section, note or self._note_here())
        self.found.append((section, text))

    def _note_here(self) -> str | None:
        """The note that a flat document is at: the one before, where both notes stand in it."""
        named = [s.note for s, _ in self.found if s.section != SHARED_SECTION and s != WHOLE]
        if self.note == DISCHARGE_NOTE and named:
            return named[-1]
        return self.note


def _identified(element: Element, title: str) -> Section | None:
    code = child(element, "code")
    loinc = "" if code is None else code.get("code", "")
    return section_by_loinc(loinc) or section_named(title)


def _entry_text(element: Element) -> str:
    """What the entries of a section say, a line each; findings with their name before them."""
    entries = list(_entries(element, named=True))
    return "\n".join(value for _, value in entries if not is_blank(value))


def _entries(element: Element, named: bool = False) -> Iterator[tuple[str, str]]:
    """(code, value) of each coded statement in a section's own entries, in order."""
    for entry in children(element, "entry"):
        for statement in descendants(entry, *_CODED):
            code = child(statement, "code")
            key = "" if code is None else code.get("code", "").strip()
            name = "" if code is None else code.get("displayName", "").strip()
            value = _value(statement)
            if is_blank(value):
                continue
            known = section_by_data_element(key) is not None
            yield key, value if known or not named or not name else f"{name}：{value}"


def _value(statement: Element) -> str:
    """The value of a statement as text: its own text, a coded name, or a quantity with unit."""
    said = [_one_value(value) for value in children(statement, "value")]
    said = said or [narrative(text) for text in children(statement, "text")]
    return "\n".join(text for text in said if not is_blank(text))


def _one_value(value: Element) -> str:
    if not is_blank(text := narrative(value)):
        return text
    coded = value.get("displayName") or narrative(child(value, "originalText"))
    quantity = f"{value.get('value', '')}{value.get('unit', '')}"
    return coded or quantity
