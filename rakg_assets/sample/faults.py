"""Files that an inbox must refuse, one kind a reason, made from a good stay.

Does not belong here: the reasons' rules (`admissions/`); a fault is written from the contract.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from rakg_assets.sample.layouts import LAYOUT_BY_NAME
from rakg_assets.sample.plain_layouts import TEXT_STYLES
from rakg_assets.sample.stays import Stay

Fault = Callable[[Stay], tuple[str, bytes]]
_PLAIN = TEXT_STYLES[0]


def _empty(stay: Stay) -> tuple[str, bytes]:
    return ".txt", b"\xef\xbb\xbf \r\n\t\r\n"


def _truncated_character(stay: Stay) -> tuple[str, bytes]:
    return ".txt", _PLAIN.encode(stay).rstrip() + "症".encode()[:2]


def _undecodable(stay: Stay) -> tuple[str, bytes]:
    return ".txt", _PLAIN.encode(stay) + b"\x00\xff\x00\xfe\x81\xff"


def _no_admission_date(stay: Stay) -> tuple[str, bytes]:
    lines = _PLAIN.print(stay).split("\n")
    return ".txt", "\n".join(line for line in lines if "入院日期" not in line).encode()


def _date_out_of_range(stay: Stay) -> tuple[str, bytes]:
    late = replace(stay, admission=date(2088, 3, 1), discharge=date(2088, 3, 9))
    return ".txt", _PLAIN.encode(late)


def _discharge_before_admission(stay: Stay) -> tuple[str, bytes]:
    earlier = replace(stay, discharge=stay.admission - timedelta(days=6))
    return ".json", LAYOUT_BY_NAME["json-sections"].encode([earlier])


def _two_patients(stay: Stay) -> tuple[str, bytes]:
    if stay.person is None:
        raise ValueError(f"{stay.id}: a text of two persons needs a stay with a person")
    person = replace(stay.person, name="濮阳棹漪", resident_id="", phone="")
    other = replace(stay, id=f"{stay.id}-2", person=person, hospital_number="0000001")
    return ".txt", _PLAIN.encode(stay) + _PLAIN.encode(other)


def _cut_json(stay: Stay) -> tuple[str, bytes]:
    return ".json", LAYOUT_BY_NAME["json-nested"].encode([stay]).decode()[:-30].encode()


def _zip_as_text(stay: Stay) -> tuple[str, bytes]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("record.txt"), _PLAIN.encode(stay))
    return ".txt", buffer.getvalue()


def _cut_line(stay: Stay) -> tuple[str, bytes]:
    good = LAYOUT_BY_NAME["jsonl-sections"].encode([stay])
    return ".jsonl", good + json.dumps({"id": f"{stay.id}-2"}).encode()[:-4] + b"\n"


#: Reason code and fault; nothing of the file is accepted.
FAULTS: tuple[tuple[str, Fault], ...] = (
    ("no_admission_date", _no_admission_date),
    ("discharge_before_admission", _discharge_before_admission),
    ("malformed", _cut_json),
    ("two_patients", _two_patients),
    ("truncated_character", _truncated_character),
    ("date_out_of_range", _date_out_of_range),
    ("empty", _empty),
    ("malformed", _zip_as_text),
    ("undecodable", _undecodable),
)
#: Accepted in part: the first line is the good record itself.
PARTIAL_FAULT: tuple[str, Fault] = ("malformed", _cut_line)
