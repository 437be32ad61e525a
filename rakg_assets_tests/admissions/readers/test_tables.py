"""Separated tables: separators, quotes, ragged rows, headers."""

from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets_tests.admissions.inboxes import (
    BODY,
    COLUMNS,
    ROW,
    SECTIONS,
    as_csv,
    read_one,
)

TABLE = as_csv([COLUMNS, ROW])
ONE = {("入院记录", "主诉"): "痛", ("入院记录", "现病史"): "三年"}


@pytest.mark.parametrize(
    "content",
    [
        TABLE,
        as_csv([COLUMNS, ROW], ";"),
        as_csv([COLUMNS, ROW], "\t"),
        "sep=;\n" + as_csv([COLUMNS, ROW], ";"),
        "\ufeff" + TABLE,
        TABLE.encode("gbk"),
        as_csv([COLUMNS, ROW], "\t").encode("utf-16"),
        TABLE.replace("\r\n", "\r"),
        as_csv([["出院病历导出"], [], COLUMNS, [""] * 5, ROW, [], [" "] * 5]),
        as_csv([[*COLUMNS, "备注"], [*ROW, "x,y;z"]]),
        as_csv([COLUMNS, [*ROW, "", ""]]),
        as_csv([["记 录 编 号", "入院时间", "出院日期", "【主诉】", "现病史："], ROW]),
    ],
)
def test_reads_a_table(tmp_path: Path, content: str | bytes) -> None:
    result = read_one(tmp_path, "a.csv", content)
    assert result.only == ("accepted", 1, None)
    assert result.sections_of("A") == ONE


def test_cells_keep_line_feeds_quotes_and_zeros(tmp_path: Path) -> None:
    row = ["007", "2018-08-06", "", "痛\n\n肿", '说"疼",很；重']
    result = read_one(tmp_path, "a.tsv", as_csv([COLUMNS, row]))
    assert result.sections_of("007")["入院记录", "主诉"] == "痛\n\n肿"
    assert result.sections_of("007")["入院记录", "现病史"] == '说"疼",很；重'


def test_a_column_may_hold_a_whole_text_or_name_its_note(tmp_path: Path) -> None:
    content = as_csv([["id", "admission", "text"], ["A", "2018-01-02", BODY]])
    assert read_one(tmp_path, "a.csv", content).sections == SECTIONS
    content = as_csv(
        [["id", "admission", "辅助检查", "出院记录/辅助检查"], ["A", "2018-01-02", "a", "b"]]
    )
    result = read_one(tmp_path, "a.csv", content)
    assert result.sections == {("入院记录", "辅助检查"): "a", ("出院记录", "辅助检查"): "b"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (as_csv([COLUMNS]), "empty"),
        (as_csv([COLUMNS, [], [""] * 5]), "empty"),
        (as_csv([["a", "b"], ["1", "2"]]), "malformed"),
        (as_csv([ROW]), "malformed"),
        (as_csv([["记录编号", "主诉"], ["1", "痛"]]), "no_admission_date"),
        (TABLE.encode()[:-3], "truncated_character"),
        (TABLE.replace("痛", "\0").encode(), "undecodable"),
    ],
)
def test_refuses_a_table_as_a_whole(tmp_path: Path, content: str | bytes, reason: str) -> None:
    assert read_one(tmp_path, "a.csv", content).only == ("quarantined", 0, reason)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('B,2018-08-06,2018-08-17,痛,三年,"多,余"', "malformed"),
        ("B,2018-08", "malformed"),
        ('B,2018-08-06,2018-08-17,"他说"疼"了",三年', "malformed"),
        ("B,2018-02-30,,痛,三年", "no_admission_date"),
        ("B,2018-08-06,2018-08-01,痛,三年", "discharge_before_admission"),
        ("B,2018-08-06,2018-08-17,,", "empty"),
    ],
)
def test_a_bad_row_leaves_the_others(tmp_path: Path, row: str, reason: str) -> None:
    content = f"{','.join(COLUMNS)}\n{row}\n{','.join(ROW)}\n"
    result = read_one(tmp_path, "a.csv", content)
    assert result.only == ("partial", 1, reason)
    assert result.manifest["place"].iloc[0] == "line 2"


def test_a_row_without_its_empty_end_is_read_but_not_one_that_is_cut(tmp_path: Path) -> None:
    short = "B,2018-08-06,2018-08-17,痛"
    content = f"{','.join(COLUMNS)}\n{short}\n{','.join(ROW)}\n"
    assert read_one(tmp_path, "a.csv", content).only == ("accepted", 2, None)
    content = f"{','.join(COLUMNS)}\n{','.join(ROW)}\n{short}"
    assert read_one(tmp_path, "a.csv", content).only == ("partial", 1, "malformed")
    content = f'{",".join(COLUMNS)}\n{",".join(ROW)}\n{short[:-1]}"痛\n三年\n'
    assert read_one(tmp_path, "a.csv", content).only == ("partial", 1, "malformed")


def test_other_column_names_come_from_a_mapping(tmp_path: Path) -> None:
    content = as_csv([["病历号", "Adm", "CC"], ["1", "2018-01-02", "痛"]])
    mapping = {"病历号": "id", "adm": "admission", "cc": "主诉"}
    result = read_one(tmp_path, "a.csv", content, mapping=mapping)
    assert result.sections_of("1") == {("入院记录", "主诉"): "痛"}


def test_columns_that_name_a_person_are_masked_in_the_text(tmp_path: Path) -> None:
    header = ["姓名", "电话", *COLUMNS]
    row = ["闻人素", "15400001234", "A", "2018-08-06", "", "闻人素痛，电话15400001234", ""]
    result = read_one(tmp_path, "a.csv", as_csv([header, row]))
    assert result.sections["入院记录", "主诉"] == "＊＊＊痛，电话＊＊＊＊＊＊＊＊＊＊＊"
