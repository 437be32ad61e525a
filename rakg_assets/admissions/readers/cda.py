"""HL7 CDA R2 as WS/T 500 profiles it: admission note (C0034) and discharge note (C0049).

Belongs here: where a document keeps its id, dates and persons. Does not belong here: its sections
(`cda_sections.py`) or safe parsing (`xml_tree.py`).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element, tostring

from rakg_assets.admissions.dates import parse_date
from rakg_assets.admissions.deidentify import Identity
from rakg_assets.admissions.fields import id_value, version_value
from rakg_assets.admissions.persons import Persons
from rakg_assets.admissions.readers.cda_sections import body_text, sections_of
from rakg_assets.admissions.readers.registry import Parts, ReadOptions, checked_text, reader
from rakg_assets.admissions.readers.xml_tree import (
    child,
    children,
    descendants,
    local,
    narrative,
    parse_xml,
)
from rakg_assets.admissions.records import RawRecord
from rakg_assets.admissions.refusals import Refusal

_ADMISSION_ELEMENT = "DE06.00.092.00"
_DISCHARGE_ELEMENT = "DE06.00.017.00"
_SEX = {"1": "男", "2": "女", "M": "男", "F": "女"}
# Elements below which a name is a person's; a name elsewhere is one of a hospital or a ward.
_PERSONS = (
    *("patient", "assignedPerson", "associatedPerson", "guardianPerson", "informationRecipient"),
    *("relatedPerson", "subject", "playingEntity"),
)
_ROLES = (
    *("patientRole", "patient", "assignedAuthor", "assignedEntity", "associatedEntity"),
    *("relatedEntity", "guardian", "intendedRecipient"),
)


def _starts_like_xml(data: bytes) -> bool:
    return data.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<"


@reader("cda", suffixes=(".xml", ".cda"), recognises=_starts_like_xml)
def read_cda(data: bytes, options: ReadOptions) -> Parts:
    """Read a CDA document, or several in one file; nothing that it refers to is fetched."""
    root = parse_xml(checked_text(data, "XML"))
    documents = list(descendants(root, "ClinicalDocument"))
    if not documents:
        raise Refusal("malformed", "it is XML but no CDA document")
    persons = Persons()
    records = [_record(document, persons) for document in documents]
    for number, record in enumerate(records if len(records) > 1 else (), 1):
        record.place = f"document {number}"
        record.raw = tostring(documents[number - 1], encoding="unicode")
    return records


def _record(document: Element, persons: Persons) -> RawRecord:
    targets = children(document, "recordTarget")
    if len(targets) > 1:
        raise Refusal("two_patients", "two recordTarget")
    patient = child(document, "recordTarget", "patientRole", "patient")
    name = narrative(child(patient, "name"))
    sex = _SEX.get(_attribute(child(patient, "administrativeGenderCode"), "code"), "")
    persons.add("name", name)
    persons.add("sex", sex)
    for number in children(child(document, "recordTarget", "patientRole"), "id"):
        persons.add(number.get("root", "") or "number", number.get("extension", ""))
    encounter = child(document, "componentOf", "encompassingEncounter", "effectiveTime")
    low, high = child(encounter, "low"), child(encounter, "high")
    record = RawRecord(
        record_id=id_value((_attribute(child(document, "id"), "extension")) or None),
        admission=_time(low) or _time(encounter) or _entry_time(document, _ADMISSION_ELEMENT),
        discharge=_time(high) or _entry_time(document, _DISCHARGE_ELEMENT),
        version=version_value(_attribute(child(document, "versionNumber"), "value")),
        sections=sections_of(document),
        header=f"姓名：{name}\n性别：{sex}",
        identity=_identity(document),
    )
    return record if record.sections else body_text(document, record)


def _attribute(element: Element | None, name: str) -> str:
    return "" if element is None else element.get(name, "").strip()


def _time(element: Element | None) -> date | None:
    """The day of a point in time; a month or year alone is none."""
    return parse_date(_attribute(element, "value"))


def _entry_time(document: Element, data_element: str) -> date | None:
    """The day that an entry with this data element holds, as an attribute or as text."""
    for observation in descendants(document, "observation", "act", "encounter"):
        if _attribute(child(observation, "code"), "code").upper() != data_element:
            continue
        for value in children(observation, "value", "effectiveTime"):
            if day := _time(value) or _time(child(value, "low")) or parse_date(narrative(value)):
                return day
    return None


def _identity(document: Element) -> Identity:
    """Names, numbers, phones, addresses and birth dates of everyone the document names."""
    return Identity(
        names=frozenset(_names(document)),
        numbers=frozenset(
            value
            for role in descendants(document, *_ROLES)
            for number in children(role, "id")
            if (value := number.get("extension", "").strip())
        ),
        phones=frozenset(
            value.removeprefix("tel:").removeprefix("mailto:")
            for telecom in descendants(document, "telecom")
            if (value := telecom.get("value", "").strip())
        ),
        addresses=frozenset(_addresses(document)),
        births=frozenset(
            value
            for birth in descendants(document, "birthTime")
            if (value := birth.get("value", "").strip())
        ),
    )


def _names(document: Element) -> Iterator[str]:
    for person in descendants(document, *_PERSONS):
        for name in children(person, "name"):
            parts = [narrative(part) for part in name if local(part) in ("family", "given")]
            yield from filter(None, ["".join(parts), "".join(narrative(name).split())])


def _addresses(document: Element) -> Iterator[str]:
    """Addresses of persons, as one line in the order of their parts."""
    for role in descendants(document, *_ROLES):
        for address in children(role, "addr"):
            if whole := "".join(narrative(address).split()):
                yield whole
