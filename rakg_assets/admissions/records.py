"""A record as a reader hands it over, and as it is kept: de-identified, with its hashes.

Belongs here: the two shapes and the way from one to the other. Does not belong here: formats
(`readers/`), which records are taken (`judgement.py`), how text is masked (`deidentify/`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from rakg_assets.admissions.dates import arrival_date
from rakg_assets.admissions.deidentify import Identity, mask_record
from rakg_assets.admissions.persons import Persons
from rakg_assets.admissions.refusals import Refusal
from rakg_assets.ontology.sections import Section, is_blank, reading_order, squeeze

_ARRIVAL_SECTIONS = ("入院情况", "出院情况")


@dataclass
class RawRecord:
    """One stay as its source tells it, with identifying text; it is never stored.

    `sections` may name a section twice; `header` is text around them that names persons; `raw` is
    the part of the file that it came from, for a copy in quarantine.
    """

    place: str = ""
    record_id: str | None = None
    admission: date | None = None
    discharge: date | None = None
    version: tuple[int, ...] = ()
    sections: list[tuple[Section, str]] = field(default_factory=list)
    header: str = ""
    identity: Identity = field(default_factory=Identity)
    raw: str = ""


@dataclass
class RefusedPart:
    """A line, row or part of a file that no record could be made of."""

    refusal: Refusal
    raw: str = ""


@dataclass(frozen=True)
class Record:
    """A de-identified record or the reason why there is none; `sections` are (note, name, text)."""

    place: str
    record_id: str | None = None
    admission: date | None = None
    discharge: date | None = None
    version: tuple[int, ...] = ()
    sections: tuple[tuple[str, str, str], ...] = ()
    content_sha256: str = ""
    likeness: str = ""
    reason: str | None = None
    detail: str = ""


def refused(refusal: Refusal, place: str = "") -> Record:
    """The entry of a part that was refused."""
    return Record(refusal.place or place, reason=refusal.reason, detail=refusal.detail)


def finish(raw: RawRecord) -> Record:
    """De-identify a record, date it by its text if no field does, and hash it.

    Raises `Refusal`: empty without any text, malformed for text that no encoding can hold,
    two_patients if its notes tell of another person than its fields.
    """
    sections = _joined(raw.sections)
    _check_storable([raw.record_id or "", raw.header, *sections.values()])
    _check_person(raw.header, sections.values())
    admission = raw.admission or admission_told(raw.sections)
    texts = list(sections.values())
    *masked, masked_id = mask_record([*texts, raw.record_id or ""], raw.header, raw.identity)
    kept = tuple((*place, text) for place, text in zip(sections, masked, strict=True))
    content = _sha256([_text(admission), _text(raw.discharge), kept])
    squeezed = [(*place, squeeze(text)) for *place, text in kept]
    likeness = _sha256([_text(admission), _text(raw.discharge), squeezed])
    return Record(
        raw.place,
        _public_id(raw.record_id, masked_id) or f"content-{likeness[:20]}",
        admission,
        raw.discharge,
        raw.version,
        kept,
        content,
        likeness,
    )


def admission_told(sections: Iterable[tuple[Section, str]]) -> date | None:
    """The day that a sentence in 入院情况 or 出院情况 names as the one of admission."""
    told = [text for section, text in sections if section.section in _ARRIVAL_SECTIONS]
    return next((day for text in told if (day := arrival_date(text))), None)


def _joined(sections: Sequence[tuple[Section, str]]) -> dict[tuple[str, str], str]:
    """Text by (note, section) in the table's order; what stands twice is joined by a line feed."""
    found: dict[tuple[str, str], list[str]] = {}
    for section, text in sections:
        if not is_blank(text):
            found.setdefault((section.note, section.section), []).append(text.strip())
    if not found:
        raise Refusal("empty", "no section holds text")
    return {key: "\n".join(found[key]) for key in sorted(found, key=lambda k: reading_order(*k))}


def _check_person(header: str, texts: Iterable[str]) -> None:
    persons = Persons()
    persons.add_fields(header.splitlines())
    for text in texts:
        persons.add_narrative(text)


def _public_id(given: str | None, masked: str) -> str | None:
    """The id as given, or a pseudonym where the id itself would identify the person."""
    if not given or given == masked:
        return given or None
    return f"pseudonym-{hashlib.sha256(given.encode()).hexdigest()[:20]}"


def _check_storable(texts: Iterable[str]) -> None:
    """JSON can hold half surrogates and NULs, which fit into no table or file after it."""
    for text in texts:
        if "\x00" in text:
            raise Refusal("malformed", "a NUL character stands in the text")
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise Refusal("malformed", "half a surrogate pair stands in the text") from None


def _sha256(value: object) -> str:
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
