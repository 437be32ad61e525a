"""Inboxes built in code, and what the admissions stage makes of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook

from rakg_assets.admissions import manifest
from rakg_assets.admissions.manifest import InboxSettings

BODY = """入院记录
【主诉】双手肿痛3年。
【现病史】患者3年前出现双手肿痛。
【辅助检查】血沉96mm/h。
出院记录
【诊疗经过】予甲氨蝶呤。
【辅助检查】复查血沉20mm/h。
【出院诊断】类风湿关节炎"""
SECTIONS = {
    ("入院记录", "主诉"): "双手肿痛3年。",
    ("入院记录", "现病史"): "患者3年前出现双手肿痛。",
    ("入院记录", "辅助检查"): "血沉96mm/h。",
    ("出院记录", "诊疗经过"): "予甲氨蝶呤。",
    ("出院记录", "辅助检查"): "复查血沉20mm/h。",
    ("出院记录", "出院诊断"): "类风湿关节炎",
}
COLUMNS = ["记录编号", "入院日期", "出院日期", "主诉", "现病史"]
ROW = ["A", "2018-08-06", "2018-08-17", "痛", "三年"]
RECORD = {
    "id": "A",
    "admission": "2018-05-14",
    "discharge": "2018-05-25",
    "sections": [{"note": "入院记录", "section": "主诉", "text": "双手肿痛。"}],
}
ENCOUNTER = (
    "<componentOf><encompassingEncounter><effectiveTime>{}</effectiveTime>"
    "</encompassingEncounter></componentOf>"
)
STAY = ENCOUNTER.format('<low value="20181105093000"/><high value="20181116"/>')


def plain(
    body: str = BODY,
    id: str = "A",
    admission: str = "2018年4月9日",
    discharge: str = "2018年4月20日",
    person: str = "姓名：葛某某　性别：男　年龄：55岁",
) -> str:
    """A plain-text record under a hospital's header."""
    dates = f"入院日期：{admission}　　出院日期：{discharge}"
    return f"南屏市第三人民医院住院病历\n{person}\n记录编号：{id}\n{dates}\n{body}"


def as_json(**changes: object) -> str:
    """A JSON record with some keys changed, or left out where the value is `...`."""
    record = {k: v for k, v in {**RECORD, **changes}.items() if v is not ...}
    return json.dumps(record, ensure_ascii=False)


def as_csv(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    """Rows as separated text."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def as_xlsx(*sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook of some sheets."""
    book = Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def section(code: str = "", title: str = "", text: str = "", inner: str = "") -> str:
    """A CDA section."""
    coded = f'<code code="{code}"/>' if code else ""
    titled = f"<title>{title}</title>" if title else ""
    told = f"<text>{text}</text>" if text else ""
    return f"<component><section>{coded}{titled}{told}{inner}</section></component>"


def entry(code: str, value: str, name: str = "") -> str:
    """A CDA entry with one observation."""
    coded = f'<code code="{code}" displayName="{name}"/>'
    return f"<entry><observation>{coded}{value}</observation></entry>"


def cda(
    body: str = section("10154-3", "主诉", "<paragraph>双手肿痛。</paragraph>"),
    stay: str = STAY,
    code: str = "C0034",
    id: str = "A",
    persons: int = 1,
    prolog: str = '<?xml version="1.0" encoding="UTF-8"?>',
    name: str = "汪某某",
    header: str = "",
) -> str:
    """A CDA document."""
    target = (
        '<recordTarget><patientRole><id root="2.16.156.10011.1.12" extension="H0212"/><patient>'
        f'<name>{name}</name><administrativeGenderCode code="2"/></patient></patientRole>'
        "</recordTarget>"
    )
    return (
        f'{prolog}<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2" extension="{id}"/>'
        f'<code code="{code}"/><title>记录</title><effectiveTime value="20260101"/>'
        f"{target * persons}{header}{stay}<component><structuredBody>{body}</structuredBody>"
        "</component></ClinicalDocument>"
    )


@dataclass
class Result:
    """What an inbox gave: its report by file, its manifest, and the text of its records."""

    report: dict[str, dict[str, Any]]
    manifest: pd.DataFrame
    raw: pd.DataFrame
    quarantine: Path

    @property
    def only(self) -> tuple[str, int, str | None]:
        """Outcome, records and reason of the only file."""
        (row,) = self.report.values()
        return row["outcome"], row["records"], row["reason"]

    @property
    def sections(self) -> dict[tuple[str, str], str]:
        """Text by note and section of the only record."""
        assert self.raw["record_id"].nunique() == 1
        return self.sections_of(self.raw["record_id"].iloc[0])

    def sections_of(self, record_id: str) -> dict[tuple[str, str], str]:
        """Text by note and section of a record."""
        rows = self.raw[self.raw["record_id"] == record_id]
        return dict(zip(zip(rows["note"], rows["section"], strict=True), rows["text"], strict=True))

    @property
    def dates(self) -> list[tuple[str, str]]:
        """Admission and discharge of every accepted record, by id."""
        rows = self.raw.drop_duplicates("record_id")
        return [(str(a), str(d)) for a, d in zip(rows["admission"], rows["discharge"], strict=True)]


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def read_folder(inbox: Path | str, home: Path, **settings: Any) -> Result:
    """Read an inbox into a home."""
    cache, quarantine = home / "cache", home / "quarantine"
    table = manifest.build_manifest(str(inbox), InboxSettings(**settings), cache, quarantine)
    rows = manifest.file_report(table)
    months = sorted({month for row in rows for month in row["months"]})
    raw = manifest.raw_records(table, months, cache)
    return Result({row["file"]: row for row in rows}, table, raw, quarantine)


def read(folder: Path, files: Mapping[str, str | bytes], **settings: Any) -> Result:
    """Read an inbox that holds some files."""
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    return read_folder(write(inbox, files), folder / "home", **settings)


def read_one(folder: Path, name: str, content: str | bytes, **settings: Any) -> Result:
    """Read an inbox of one file."""
    return read(folder, {name: content}, **settings)
