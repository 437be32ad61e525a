"""Stays as HL7 CDA R2 documents in the manner of WS/T 500.

Does not belong here: other formats (`layouts.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from rakg_assets.ontology.sections import SECTIONS
from rakg_assets.sample.people import HOSPITAL
from rakg_assets.sample.stays import Stay

_LOINC = {(s.note, s.section): s.loinc for s in SECTIONS} | {("出院记录", "辅助检查"): "30954-2"}
_SEX_CODE = {"男": "1", "女": "2"}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="CN"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_MT000040"/>
<templateId root="2.16.156.10011.2.1.1.{template}"/>
<id root="2.16.156.10011.1.1" extension={id}/>
<code code="{code}" codeSystem="2.16.156.10011.2.4"/><title>{title}</title>
<effectiveTime value="{written}080000"/><languageCode code="zh-CN"/>
<versionNumber value="1"/>{person}
<custodian><assignedCustodian><representedCustodianOrganization><name>{hospital}</name>
</representedCustodianOrganization></assignedCustodian></custodian>
<componentOf><encompassingEncounter><effectiveTime><low value="{low}093000"/>{high}</effectiveTime>
</encompassingEncounter></componentOf>
<component><structuredBody>
"""
_PERSON = """
<recordTarget><patientRole><id root="2.16.156.10011.1.12" extension={number}/>
<addr>{address}</addr><telecom value="tel:{phone}"/>
<patient><id root="2.16.156.10011.1.3" extension="{resident}"/><name>{name}</name>
<administrativeGenderCode code="{sex}" codeSystem="2.16.156.10011.2.3.3.4"/></patient>
</patientRole></recordTarget>
<author><time value="{written}"/><assignedAuthor><assignedPerson><name>{doctor}</name>
</assignedPerson></assignedAuthor></author>"""
_TAIL = "</structuredBody></component>\n</ClinicalDocument>\n"


def encode_cda(stay: Stay) -> bytes:
    """The document of a stay: an admission note (C0034) if it has no other, else C0049."""
    notes = list(stay.notes())
    only_admission = [note for note, _ in notes] == ["入院记录"]
    head = _HEAD.format(
        template="54" if only_admission else "69",
        code="C0034" if only_admission else "C0049",
        title="入院记录" if only_admission else "出院记录",
        id=quoteattr(stay.id),
        written=_stamp(stay.discharge or stay.admission),
        person=_person(stay),
        hospital=HOSPITAL,
        low=_stamp(stay.admission),
        high=f'<high value="{_stamp(stay.discharge)}100000"/>' if stay.discharge else "",
    )
    return (head + "".join(_note(note, sections) for note, sections in notes) + _TAIL).encode()


def _stamp(day: date) -> str:
    return f"{day:%Y%m%d}"


def _person(stay: Stay) -> str:
    if stay.person is None:
        return ""
    return _PERSON.format(
        number=quoteattr(stay.person.hospital_number),
        address=stay.person.address,
        phone=stay.person.phone,
        resident=stay.person.resident_id,
        name=stay.person.name,
        sex=_SEX_CODE[stay.person.sex],
        written=_stamp(stay.discharge or stay.admission),
        doctor=stay.doctor,
    )


def _note(note: str, sections: Sequence[tuple[str, str]]) -> str:
    inner = "".join(_section(note, section, text) for section, text in sections)
    return f"<component><section><title>{note}</title>\n{inner}</section></component>\n"


def _section(note: str, section: str, text: str) -> str:
    lines = "".join(f"<paragraph>{escape(line)}</paragraph>" for line in text.split("\n"))
    return (
        f'<component><section><code code="{_LOINC[note, section]}" '
        f'codeSystem="2.16.840.1.113883.6.1" codeSystemName="LOINC"/><title>{section}</title>'
        f"<text>{lines}</text></section></component>\n"
    )
