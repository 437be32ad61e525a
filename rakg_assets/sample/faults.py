"""Entries of an inbox that are not taken, or taken in part: every reason code at least once.

Written from the contract, not from its rules in `admissions/`. A file that cannot be opened is
missing: what a user may not read, root may. Does not belong here: where the entries stand
(`generator.py`).
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from rakg_assets.sample.layouts import LAYOUT_BY_NAME
from rakg_assets.sample.plain_layouts import TEXT_STYLES
from rakg_assets.sample.stays import Stay

FILE, LINK, FOLDER = "file", "link", "folder"
_PLAIN = TEXT_STYLES[0]
_OTHER_NAME, _OTHER_NUMBER = "濮阳棹漪", "0000001"
_MEBIBYTE = bytes(2**20)
#: One more than the default limit of what an archive may unpack to.
_MEBIBYTES = 8 * 32 + 1
_ZIP_TIME = (2018, 7, 1, 0, 0, 0)


class Entry(NamedTuple):
    """Something in an inbox: its name, what kind it is, its bytes (a link's: where it points).

    `early`: it is older than all other files. Of two early ones the name decides.
    """

    name: str
    content: bytes = b""
    kind: str = FILE
    early: bool = False


@dataclass(frozen=True)
class Fault:
    """Why an entry is not taken, and how it is made.

    `make` gets a stay and writes it into the last entry that it returns, the defective one, and
    into others. `keeps_stay`: the stay is accepted from among these entries.
    """

    reason: str
    make: Callable[[Stay], list[Entry]]
    outcome: str = "quarantined"
    keeps_stay: bool = False


def _spoiled(suffix: str, spoil: Callable[[Stay], bytes]) -> Callable[[Stay], list[Entry]]:
    return lambda stay: [Entry(f"{stay.id}{suffix}", spoil(stay))]


def _plain(change: Callable[[Stay], Stay]) -> Callable[[Stay], list[Entry]]:
    return _spoiled(".txt", lambda stay: _PLAIN.encode(change(stay)))


def _no_admission_date(stay: Stay) -> bytes:
    lines = _PLAIN.print(stay).split("\n")
    return "\n".join(line for line in lines if "入院日期" not in line).encode()


def _future(stay: Stay) -> Stay:
    return replace(stay, admission=date(2088, 3, 1), discharge=date(2088, 3, 9))


def _long_ago(stay: Stay) -> Stay:
    return replace(stay, admission=date(1998, 6, 2), discharge=date(1998, 6, 9))


def _left_too_early(stay: Stay) -> Stay:
    return replace(stay, discharge=stay.admission - timedelta(days=6))


def _other_person(stay: Stay) -> Stay:
    if stay.person is None:
        raise ValueError(f"{stay.id}: a text of two persons needs a stay with a person")
    person = replace(stay.person, name=_OTHER_NAME, hospital_number=_OTHER_NUMBER)
    return replace(stay, id=f"{stay.id}-2", person=person)


def _two_targets(stay: Stay) -> bytes:
    content = LAYOUT_BY_NAME["cda"].encode([stay])
    start, end = content.index(b"<recordTarget>"), content.index(b"<author>")
    return content[:end] + content[start:end] + content[end:]


def _entity(stay: Stay) -> bytes:
    head, body = LAYOUT_BY_NAME["cda"].encode([stay]).split(b"\n", 1)
    return head + b'\n<!DOCTYPE x [<!ENTITY more "x">]>\n' + body


def _zip_as_text(stay: Stay) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("record.txt", _ZIP_TIME), _PLAIN.encode(stay))
    return buffer.getvalue()


@lru_cache(maxsize=1)
def _unpacks_to_much() -> bytes:
    """A workbook of 260 KB on disk and 257 MiB of zeros unpacked."""
    buffer = io.BytesIO()
    info = zipfile.ZipInfo("xl/workbook.xml", _ZIP_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(buffer, "w") as archive, archive.open(info, "w") as part:
        for _ in range(_MEBIBYTES):
            part.write(_MEBIBYTE)
    return buffer.getvalue()


def _draft(stay: Stay) -> Stay:
    note, section, text = stay.sections[0]
    return replace(stay, sections=((note, section, f"（草稿）{text}"), *stay.sections[1:]))


def _line(stay: Stay) -> bytes:
    return LAYOUT_BY_NAME["jsonl-sections"].encode([stay])


def _single(stay: Stay) -> bytes:
    return LAYOUT_BY_NAME["json-sections"].encode([stay])


def _older_version(stay: Stay) -> list[Entry]:
    """An earlier text under the id of a good stay: by time and by name the earlier one."""
    return [
        Entry(f"{stay.id}.json", _single(stay)),
        Entry(f"0-{stay.id}.json", _single(_draft(stay)), early=True),
    ]


def _copy(stay: Stay) -> list[Entry]:
    return [
        Entry(f"{stay.id}.json", _single(stay), early=True),
        Entry(f"{stay.id}~copy.json", _single(stay), early=True),
    ]


def _cut_line(stay: Stay) -> bytes:
    return _line(stay) + json.dumps({"id": f"{stay.id}-2"}).encode()[:-4] + b"\n"


def _undated_row(stay: Stay) -> bytes:
    undated = replace(stay, id=f"{stay.id}-2", discharge=None)
    table = LAYOUT_BY_NAME["csv-comma"].encode([stay, undated]).decode("utf-8-sig")
    return table.replace(f"{undated.id},{stay.admission},", f"{undated.id},,").encode("utf-8-sig")


def _header_only(stay: Stay) -> bytes:
    return LAYOUT_BY_NAME["csv-comma"].encode([stay]).split(b"\r\n")[0] + b"\r\n"


#: The first thirteen show every reason and every outcome.
FAULTS: tuple[Fault, ...] = (
    Fault("no_admission_date", _spoiled(".txt", _no_admission_date)),
    Fault("duplicate_id", _older_version, keeps_stay=True),
    Fault("malformed", _spoiled(".jsonl", _cut_line), "partial", keeps_stay=True),
    Fault("discharge_before_admission", _plain(_left_too_early)),
    Fault(
        "two_patients",
        _spoiled(".txt", lambda s: _PLAIN.encode(s) + _PLAIN.encode(_other_person(s))),
    ),
    Fault(
        "truncated_character",
        _spoiled(".txt", lambda s: _PLAIN.encode(s).rstrip() + "症".encode()[:2]),
    ),
    Fault("identical_copy", _copy, "ignored", keeps_stay=True),
    Fault("date_out_of_range", _plain(_future)),
    Fault("empty", _spoiled(".txt", lambda _: b"\xef\xbb\xbf \r\n\t\r\n")),
    Fault(
        "undecodable", _spoiled(".txt", lambda s: _PLAIN.encode(s) + b"\x00\xff\x00\xfe\x81\xff")
    ),
    Fault("too_large", _spoiled(".xlsx", lambda _: _unpacks_to_much())),
    Fault("not_a_file", lambda s: [Entry(f"{s.id}.txt", b"../record.txt", LINK)], "ignored"),
    Fault("malformed", _spoiled(".json", lambda s: _single(s).decode()[:-30].encode())),
    Fault("malformed", _spoiled(".txt", _zip_as_text)),
    Fault("no_admission_date", _spoiled(".csv", _undated_row), "partial", keeps_stay=True),
    Fault("two_patients", _spoiled(".xml", _two_targets)),
    Fault(
        "duplicate_id",
        _spoiled(".jsonl", lambda s: _line(_draft(s)) + _line(s)),
        "partial",
        keeps_stay=True,
    ),
    Fault("date_out_of_range", _plain(_long_ago)),
    Fault("malformed", _spoiled(".xml", _entity)),
    Fault("empty", _spoiled(".csv", _header_only)),
    Fault("malformed", _spoiled(".txt", lambda _: b"%PDF-1.7\n%%EOF\n")),
    Fault("not_a_file", lambda s: [Entry(f"{s.id}.txt", kind=FOLDER)], "ignored"),
)
