"""Shapes of JSON, strictness, and lines that are refused one by one."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest

from rakg_assets_tests.admissions.inboxes import SECTIONS, as_json, plain, read_one

ONE = {("入院记录", "主诉"): "双手肿痛。"}
GOOD = {
    "object": as_json(),
    "list": f"[{as_json()}]",
    "wrapper": f'{{"count": 1, "records": [{as_json()}]}}',
    "wrapper in wrapper": f'{{"code": 0, "data": {{"list": [{as_json()}], "page": 1}}}}',
    "wrapped object": f'{{"record": {as_json()}}}',
    "one line of JSON Lines": as_json() + "\n\n",
    "BOM": "\ufeff" + as_json(),
    "UTF-16": as_json().encode("utf-16"),
    "GB18030": as_json().encode("gb18030"),
    "escapes": json.dumps(json.loads(as_json())),
    "sections by name": as_json(sections={"主 诉": "双手肿痛。"}),
    "sections under notes": as_json(sections={"入院记录": {"主诉": "双手肿痛。"}}),
    "text as lines": as_json(
        sections=[{"note": "入院记录", "section": "主诉", "text": ["双手肿痛。"]}]
    ),
    "note as text": as_json(sections=..., 入院记录="主诉：双手肿痛。"),
    "note as list": as_json(sections=..., 入院记录=[{"section": "主诉", "text": "双手肿痛。"}]),
    "no note": as_json(sections=[{"section": "主诉", "text": "双手肿痛。"}]),
    "other keys": as_json(age=55, extra={"a": [1, None, True]}),
    "number as date": as_json(admission=20180514),
    "same key twice": '{"id": "A",' + as_json()[1:],
}


@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD.keys())
def test_reads_a_record_in_any_shape(tmp_path: Path, content: str | bytes) -> None:
    result = read_one(tmp_path, "a.json", content)
    assert result.only == ("accepted", 1, None)
    assert result.sections == ONE
    assert result.dates == [("2018-05-14", "2018-05-25")]


def test_reads_flat_and_nested_sections(tmp_path: Path) -> None:
    flat = {
        "记录编号": 7,
        "入院时间": "2018年5月1日 10:00",
        "月经史": "a",
        "婚育史": "b",
        "查体": "c",
    }
    result = read_one(tmp_path, "a.json", json.dumps(flat))
    assert result.sections_of("7") == {
        ("入院记录", "婚育史"): "a\nb",
        ("入院记录", "体格检查"): "c",
    }
    nested = {
        "记录编号": "N",
        "入院记录": {"入院日期": "2018/5/1", "辅助检查": "a"},
        "出院记录": {"出院日期": "2018.5.9", "辅助检查": "b"},
    }
    result = read_one(tmp_path, "a.json", json.dumps(nested))
    assert result.sections == {("入院记录", "辅助检查"): "a", ("出院记录", "辅助检查"): "b"}
    assert result.dates == [("2018-05-01", "2018-05-09")]


def test_a_whole_text_takes_dates_and_id_from_the_keys_first(tmp_path: Path) -> None:
    result = read_one(tmp_path, "a.json", as_json(sections=..., text=plain(id="T")))
    assert result.sections_of("A") == SECTIONS
    assert result.dates == [("2018-05-14", "2018-05-25")]
    bare = as_json(sections=..., id=..., admission=..., discharge=..., text=plain(id="T"))
    result = read_one(tmp_path, "a.json", bare)
    assert result.sections_of("T") == SECTIONS
    assert result.dates == [("2018-04-09", "2018-04-20")]


def test_a_section_of_unknown_name_is_not_lost(tmp_path: Path) -> None:
    item = {"note": "病程记录", "section": "首次病程", "text": "病情好转"}
    result = read_one(tmp_path, "a.json", as_json(sections=[item]))
    assert result.sections == {("病历", "全文"): "病情好转"}


BAD = {
    "cut": (as_json()[:-9], "malformed"),
    "trailing text": (as_json() + "xyz", "malformed"),
    "trailing comma": (as_json()[:-1] + ",}", "malformed"),
    "NaN": (as_json()[:-1] + ', "score": NaN}', "malformed"),
    "100,000 brackets": ("[" * 100_000, "malformed"),
    "100,000 objects": ('{"a":' * 100_000 + "1" + "}" * 100_000, "malformed"),
    "absurd number": (as_json()[:-1] + ', "n": ' + "1" * 5000 + "}", "malformed"),
    "two ids": ('{"id": "B",' + as_json()[1:], "malformed"),
    "number": ("5", "malformed"),
    "text": ('"abc"', "malformed"),
    "no known key": ('{"foo": 1}', "malformed"),
    "sections as text": (as_json(sections="abc"), "malformed"),
    "section as text": (as_json(sections=["abc"]), "malformed"),
    "text as number": (as_json(sections={"主诉": 5}), "malformed"),
    "id as list": (as_json(id=["A"]), "malformed"),
    "admission as list": (as_json(admission=["2018-05-14"]), "malformed"),
    "half a surrogate": (as_json().replace("双手", "\\ud83d"), "malformed"),
    "NUL": (as_json().replace("双手", "\\u0000"), "malformed"),
    "nothing": ("null", "empty"),
    "empty list": ("[]", "empty"),
    "empty object": ("{}", "empty"),
    "empty wrapper": ('{"records": []}', "malformed"),
    "no text": (as_json(sections=[{"section": "主诉", "text": None}]), "empty"),
    "no admission": (as_json(admission=None), "no_admission_date"),
    "impossible day": (as_json(admission="2018-02-30"), "no_admission_date"),
    "two persons": (
        as_json(sections=..., text=plain() + "\n" + plain(person="性别：女")),
        "two_patients",
    ),
    "another person in the text": (
        as_json(性别="女", sections={"现病史": "患者，男，54岁，肿痛。"}),
        "two_patients",
    ),
}


@pytest.mark.parametrize(("content", "reason"), BAD.values(), ids=BAD.keys())
def test_refuses_with_a_reason(tmp_path: Path, content: str, reason: str) -> None:
    assert read_one(tmp_path, "a.json", content).only == ("quarantined", 0, reason)


def test_a_bad_item_leaves_the_others_of_a_list(tmp_path: Path) -> None:
    content = f'[{as_json()}, 5, {{"foo": 1}}, {as_json(id="B", admission=None)}]'
    result = read_one(tmp_path, "a.json", content)
    assert result.only == ("partial", 1, "malformed")
    assert list(result.manifest["place"]) == [f"record {n}" for n in range(1, 5)]


LINES = {
    "blank lines, CRLF": f"\r\n{as_json()}\r\n  \r\n{as_json(id='B')}\r\n",
    "BOM": codecs.BOM_UTF8 + f"{as_json()}\n{as_json(id='B')}".encode(),
    "UTF-16": f"{as_json()}\n{as_json(id='B')}\n".encode("utf-16"),
    "GB18030": f"{as_json()}\n{as_json(id='B')}\n".encode("gb18030"),
    "separators within": as_json(remark="a\u2028b\x85") + "\n" + as_json(id="B"),
    "one value over lines": json.dumps(
        [json.loads(as_json()), json.loads(as_json(id="B"))], indent=1
    ),
}


@pytest.mark.parametrize("content", LINES.values(), ids=LINES.keys())
def test_reads_a_record_a_line(tmp_path: Path, content: str | bytes) -> None:
    assert read_one(tmp_path, "a.jsonl", content).only == ("accepted", 2, None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "B", "admission": "20', "malformed"),
        (b"[1]", "malformed"),
        (b"5", "malformed"),
        (b"[" * 100_000, "malformed"),
        (b"{}", "empty"),
        (b"\xff\xfe{}", "undecodable"),
        (as_json(id="B").replace("双", "\0").encode(), "undecodable"),
        (as_json(id="B").encode()[:-12], "truncated_character"),
        (as_json(id="B", admission="x").encode(), "no_admission_date"),
        (as_json(id="B", discharge="2018-05-01").encode(), "discharge_before_admission"),
    ],
)
def test_a_bad_line_leaves_the_others(tmp_path: Path, line: bytes, reason: str) -> None:
    content = as_json().encode() + b"\n" + line + b"\n" + as_json(id="C").encode()
    if reason == "truncated_character":
        content = as_json().encode() + b"\n" + as_json(id="C").encode() + b"\n" + line
    result = read_one(tmp_path, "a.jsonl", content)
    assert result.only == ("partial", 2, reason)
    assert (
        result.manifest.loc[result.manifest["reason"].notna(), "place"].iloc[0].startswith("line ")
    )


def test_lines_that_are_all_bad_refuse_the_file(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.jsonl", "{bad\n{worse").only == ("quarantined", 0, "malformed")
