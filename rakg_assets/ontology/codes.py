"""Code systems that a concept may carry a code of: one column each, and what a code looks like.

Belongs here: patterns and check digits. Does not belong here: which concept has which code
(`dictionaries/*.csv`) or the official lists themselves (`importers/`).
"""

from __future__ import annotations

import re

_ICD10 = r"[A-Z]\d{2}(\.(\d{1,3}|x\d{2})(x\d{3})?)?"
CODE_PATTERNS: dict[str, re.Pattern[str]] = {
    # WHO form (M06.9) or its Chinese national extension (M06.900, M06.900x001, R12.x00); the
    # manifestation stands behind a plus (M05.301+G63.6*).
    "icd10": re.compile(rf"{_ICD10}\*?(\+{_ICD10}\*)?"),
    "atc": re.compile(r"[A-Z](\d{2}([A-Z]([A-Z](\d{2})?)?)?)?"),
    "loinc": re.compile(r"\d{1,7}-\d"),
    # National clinical edition: 81.5400, 01.6x00, 00.0200x001, 17.971A0.
    "icd9cm3": re.compile(r"\d{2}(\.\d([\dx][\dA-Z]{0,3}(x\d{3,4})?)?)?"),
    # 国家药品编码本位码: country 86, then twelve digits.
    "nmpa": re.compile(r"86\d{12}"),
    # 医保药品目录, classes: XA, XA02, XA02B, XA02BC; Z for Chinese patent medicines.
    "nhsa": re.compile(r"[XZ]([A-Z](\d{2}[A-Z]{0,2})?)?"),
    "meddra": re.compile(r"1\d{7}"),
    "snomed": re.compile(r"[1-9]\d{5,17}"),
}


def is_code(system: str, text: str) -> bool:
    """Whether a text is a whole code of a system, check digit included. Raises `KeyError`."""
    if not CODE_PATTERNS[system].fullmatch(text):
        return False
    if system == "loinc":
        return _luhn_right(text)
    return system != "snomed" or _verhoeff_right(text)


def _luhn_right(code: str) -> bool:
    """Whether the last digit is the Luhn digit of the rest (LOINC Users' Guide, appendix C)."""
    digits, check = code.split("-")
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))]
    return (10 - sum(d // 10 + d % 10 for d in doubled) % 10) % 10 == int(check)


#: Verhoeff's permutation of digits by place.
_PERMUTATION = "1576283094"


def _verhoeff_right(code: str) -> bool:
    """Whether the last digit is Verhoeff's (SNOMED CT Release File Specifications, SCTID).

    It finds the identifiers that a spreadsheet has rounded to fifteen digits.
    """
    check = 0
    for place, digit in enumerate(reversed(code)):
        value = int(digit)
        for _ in range(place % 8):
            value = int(_PERMUTATION[value])
        check = _dihedral(check, value)
    return check == 0


def _dihedral(one: int, other: int) -> int:
    """The product in the group of the pentagon's symmetries: 0-4 turn, 5-9 reflect."""
    turned = (one + other if one < 5 else one - other) % 5
    return turned if (one < 5) == (other < 5) else turned + 5
