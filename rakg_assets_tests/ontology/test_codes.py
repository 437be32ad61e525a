"""Codes of each system are told from what only looks like one."""

from __future__ import annotations

import pytest

from rakg_assets.ontology.codes import CODE_PATTERNS, is_code

RIGHT = {
    "icd10": "A00 M06.9 M06.900 M06.900x001 R12.x00 R12.x00x002 M05.301+G63.6* A01.002+G01* G01*",
    "atc": "L L04 L04A L04AX L04AX03",
    "loinc": "4537-7 58410-2 100653-5",
    "icd9cm3": "81 81.5 81.54 81.5400 00.0102 00.0200x001 01.6x00 17.97100 17.971A0 86.700x0013",
    "nmpa": "86900001000019",
    "nhsa": "X XA XA02 XA02B XA02BC ZA",
    "meddra": "10039073",
    "snomed": "138875005 404684003 64572001 900000000000003001",
}
WRONG = {
    "icd10": "M6 M06.9000 M06.900X001 m06.9 M06. M05.301+G63.6 06.9 A00-A09",
    "atc": "L4 L04AX3",
    "loinc": "4537-6 x-1 4537",
    "icd9cm3": "0.01 8.15 81. 81.54000000 A1.5",
    "nmpa": "8690000100001 96900001000019",
    "nhsa": "A02 XA2 XA02BCD",
    "meddra": "20039073 1003907",
    "snomed": "138875006 404684004 13887 900000000000003000 0138875005",
}


@pytest.mark.parametrize(
    ("system", "code"), [(s, c) for s, codes in RIGHT.items() for c in codes.split()]
)
def test_a_code_is_known(system, code):
    assert is_code(system, code)


@pytest.mark.parametrize(
    ("system", "code"), [(s, c) for s, codes in WRONG.items() for c in codes.split()]
)
def test_another_text_is_none(system, code):
    assert not is_code(system, code)


def test_every_system_is_tried():
    assert set(RIGHT) == set(WRONG) == set(CODE_PATTERNS)
