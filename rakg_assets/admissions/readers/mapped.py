"""A record out of named values: the keys of a JSON object, the cells of a table's row.

Belongs here: how named values make up a record. Does not belong here: what a name means
(`admissions/fields.py`), where the values come from (`json_records.py`, `tables.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rakg_assets.admissions.fields import (
    ADMISSION,
    DISCHARGE,
    ID,
    TEXT,
    VERSION,
    date_value,
    id_value,
    identity_of,
    role_of,
    text_value,
    version_value,
)
from rakg_assets.admissions.plain import parse_plain
from rakg_assets.admissions.records import RawRecord
from rakg_assets.admissions.refusals import Refusal
from rakg_assets.ontology.sections import (
    WHOLE,
    Section,
    fold_name,
    in_note,
    is_blank,
    note_named,
    section_named,
)

SECTIONS_KEY = ("sections", "章节")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DEEPEST = 8


@dataclass
class _Gathered:
    """What the named values of one record said."""

    roles: dict[str, Any] = field(default_factory=dict)
    sections: list[tuple[Section, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)


def holds_record(values: Mapping[str, Any], mapping: Mapping[str, str]) -> bool:
    """Whether an object has a key under which the text of a record stands."""
    return any(
        fold_name(key) in SECTIONS_KEY
        or role_of(key, mapping) == TEXT
        or isinstance(role_of(key, mapping), Section)
        or note_named(key)
        for key in values
    )


def records_of(
    values: Iterable[tuple[str, Any]], mapping: Mapping[str, str], place: str, raw: str
) -> Iterator[RawRecord]:
    """The record that named values make; several only if a whole text among them tells of several.

    Raises `Refusal` for a value of the wrong type, or for a text of two persons.
    """
    found = _Gathered()
    for key, value in values:
        _gather(found, key, value, mapping)
    header = "\n".join(f"{key}：{value}" for key, value in found.others)
    for number, stay in enumerate(_stays(found) or [RawRecord()]):
        stay.place = f"{place}, {stay.place}" if stay.place else place
        if number == 0:
            _fill(stay, found)
        stay.header = f"{header}\n{stay.header}"
        stay.identity = identity_of(found.others)
        stay.raw = raw
        yield stay


def _stays(found: _Gathered) -> list[RawRecord]:
    """The stays that texts tell of; a whole text counts only where no section says it already."""
    written = any(not is_blank(text) for _, text in found.sections)
    texts = found.notes if written else [*found.notes, *found.texts]
    text = "\n".join(text for text in texts if not is_blank(text))
    return parse_plain(text) if text else []


def _fill(stay: RawRecord, found: _Gathered) -> None:
    """Fields of their own go before what a text says."""
    stay.record_id = id_value(found.roles.get(ID)) or stay.record_id
    stay.admission = date_value(found.roles.get(ADMISSION)) or stay.admission
    stay.discharge = date_value(found.roles.get(DISCHARGE)) or stay.discharge
    stay.version = version_value(found.roles.get(VERSION)) or stay.version
    stay.sections = [*found.sections, *stay.sections]


def _gather(
    found: _Gathered, key: str, value: Any, mapping: Mapping[str, str], note: str | None = None
) -> None:
    role = role_of(key, mapping)
    if isinstance(role, Section):
        found.sections.append((in_note(role, note), text_value(value)))
    elif role == TEXT:
        found.texts.append(text_value(value))
    elif role:
        if value not in (None, ""):
            found.roles.setdefault(role, value)
    elif fold_name(key) in SECTIONS_KEY:
        _gather_sections(found, value, mapping, note)
    elif (named := note_named(key)) and isinstance(value, Mapping):
        for inner, content in value.items():
            _gather(found, inner, content, mapping, named)
    elif named and isinstance(value, list) and all(isinstance(i, Mapping) for i in value):
        _gather_sections(found, value, mapping, named)
    elif named:
        found.notes.append(f"{named}\n{text_value(value)}")
    else:
        found.others += _flattened(key, value)


def _gather_sections(
    found: _Gathered, value: Any, mapping: Mapping[str, str], note: str | None
) -> None:
    """Sections as a list of {note, section, text} or as an object by name."""
    if isinstance(value, Mapping):
        for key, content in value.items():
            if role_of(key, mapping) or note_named(key):
                _gather(found, key, content, mapping, note)
            else:
                found.sections.append((WHOLE, text_value(content)))
    elif isinstance(value, list):
        for item in value:
            if not isinstance(item, Mapping):
                raise Refusal("malformed", "a section is no object with note, section and text")
            found.sections.append(_section_item(item, note))
    elif value is not None:
        raise Refusal("malformed", "sections are neither a list nor an object")


def _section_item(item: Mapping[str, Any], note: str | None) -> tuple[Section, str]:
    """One entry of a list of sections; an unknown name is not lost: its text is whole text."""
    values = {fold_name(key): value for key, value in item.items()}
    name, given = text_value(values.get("section")), text_value(values.get("note"))
    section = section_named(name) or WHOLE
    return in_note(section, note_named(given) or note), text_value(values.get("text"))


def _flattened(key: str, value: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Names and scalar values of anything that no field knows, for de-identification to learn."""
    if isinstance(value, Mapping) and depth < _DEEPEST:
        for inner, content in value.items():
            between = "" if _HAN.search(inner) else "_"
            yield from _flattened(f"{key}{between}{inner}", content, depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for content in value:
            yield from _flattened(key, content, depth + 1)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield key, str(value)
