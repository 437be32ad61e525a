"""Stays as files of every format that the inbox reads.

Belongs here: one `Layout` a format, and the list of all. Does not belong here: styles of plain
text (`plain_layouts.py`), CDA (`cda_layout.py`) or which stay goes where (`generator.py`).
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook

from rakg_assets.ontology.sections import SECTIONS
from rakg_assets.sample.cda_layout import encode_cda
from rakg_assets.sample.plain_layouts import TEXT_STYLES, TextStyle
from rakg_assets.sample.stays import Stay

_SECTION_COLUMNS = tuple(dict.fromkeys(s.section for s in SECTIONS))
#: Records of a month that a file of many holds at most.
_BATCH = 24
_ZIP_TIME = (2018, 7, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True)
class Layout:
    """A file format. `capacity`: how many stays a file holds; `fits`: which stays it can hold."""

    name: str
    suffix: str
    encode: Callable[[Sequence[Stay]], bytes]
    capacity: int = 1
    fits: Callable[[Stay], bool] = lambda stay: True


def _one(write: Callable[[Stay], bytes]) -> Callable[[Sequence[Stay]], bytes]:
    return lambda stays: write(stays[0])


def _dates(stay: Stay) -> tuple[str, str]:
    return stay.admission.isoformat(), stay.discharge.isoformat() if stay.discharge else ""


def _sections_json(stay: Stay) -> dict[str, Any]:
    admission, discharge = _dates(stay)
    sections = [{"note": n, "section": s, "text": t} for n, s, t in stay.sections]
    return {"id": stay.id, "admission": admission, "discharge": discharge, "sections": sections}


def _keyed_json(stay: Stay) -> dict[str, Any]:
    admission, discharge = _dates(stay)
    head = {"记录编号": stay.id, "入院日期": admission, "出院日期": discharge}
    return head | dict(stay.identifying())


def _flat_json(stay: Stay) -> dict[str, Any]:
    return _keyed_json(stay) | {section: text for _, section, text in stay.sections}


def _nested_json(stay: Stay) -> dict[str, Any]:
    return _keyed_json(stay) | {note: dict(sections) for note, sections in stay.notes()}


def _text_json(stay: Stay) -> dict[str, Any]:
    admission, discharge = _dates(stay)
    text = TEXT_STYLES[0].print(stay)
    return {"id": stay.id, "admission": admission, "discharge": discharge, "text": text}


def _pretty(shape: Callable[[Stay], dict[str, Any]]) -> Callable[[Sequence[Stay]], bytes]:
    return _one(lambda stay: json.dumps(shape(stay), ensure_ascii=False, indent=1).encode())


def _lines(shape: Callable[[Stay], dict[str, Any]]) -> Callable[[Sequence[Stay]], bytes]:
    def encode(stays: Sequence[Stay]) -> bytes:
        return b"".join(json.dumps(shape(s), ensure_ascii=False).encode() + b"\n" for s in stays)

    return encode


def _list(stays: Sequence[Stay]) -> bytes:
    return json.dumps([_nested_json(s) for s in stays], ensure_ascii=False, indent=1).encode()


def _table(stays: Sequence[Stay]) -> list[list[Any]]:
    """Header and rows; dates stay dates, missing sections are empty."""
    personal = [label for label, _ in stays[0].identifying()]
    rows: list[list[Any]] = [["记录编号", "入院日期", "出院日期", *personal, *_SECTION_COLUMNS]]
    for stay in stays:
        texts = {section: text for _, section, text in stay.sections}
        values = [value for _, value in stay.identifying()]
        columns = [texts.get(section, "") for section in _SECTION_COLUMNS]
        rows.append([stay.id, stay.admission, stay.discharge or "", *values, *columns])
    return rows


def _delimited(delimiter: str, encoding: str) -> Callable[[Sequence[Stay]], bytes]:
    def encode(stays: Sequence[Stay]) -> bytes:
        buffer = io.StringIO(newline="")
        csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(_table(stays))
        return buffer.getvalue().encode(encoding)

    return encode


def _workbook(stays: Sequence[Stay]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("病历")
    for row in _table(stays):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_times(buffer.getvalue())


def _without_times(workbook: bytes) -> bytes:
    """The same archive without the time of writing, so that it is the same on every run."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in sorted(old.namelist()):
            content = _STAMP.sub(rb"\g<1>2018-07-01T00:00:00Z", old.read(name))
            new.writestr(zipfile.ZipInfo(name, _ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _fits_columns(stay: Stay) -> bool:
    return not stay.repeats_a_section


def _fits_text(stay: Stay) -> bool:
    return not stay.reads_as_headings


def _text(style: TextStyle) -> Layout:
    return Layout(f"text-{style.name}", ".txt", _one(style.encode), fits=_fits_text)


#: The commonest first.
LAYOUTS: tuple[Layout, ...] = (
    _text(TEXT_STYLES[0]),
    Layout("json-sections", ".json", _pretty(_sections_json)),
    Layout("jsonl-sections", ".jsonl", _lines(_sections_json), _BATCH),
    Layout("csv-comma", ".csv", _delimited(",", "utf-8-sig"), _BATCH, _fits_columns),
    Layout("cda", ".xml", _one(encode_cda)),
    _text(TEXT_STYLES[1]),
    Layout("xlsx", ".xlsx", _workbook, _BATCH, _fits_columns),
    _text(TEXT_STYLES[2]),
    Layout("json-nested", ".json", _pretty(_nested_json)),
    Layout("json-flat", ".json", _pretty(_flat_json), fits=_fits_columns),
    _text(TEXT_STYLES[3]),
    Layout("jsonl-text", ".jsonl", _lines(_text_json), _BATCH, _fits_text),
    Layout("csv-tab", ".csv", _delimited("\t", "gb18030"), _BATCH, _fits_columns),
    _text(TEXT_STYLES[4]),
    Layout("csv-semicolon", ".csv", _delimited(";", "utf-8"), _BATCH, _fits_columns),
    Layout("tsv", ".tsv", _delimited("\t", "utf-16"), _BATCH, _fits_columns),
    Layout("json-list", ".json", _list, _BATCH),
)
LAYOUT_BY_NAME = {layout.name: layout for layout in LAYOUTS}
