"""What is kept between runs, and when a file is read again."""

from __future__ import annotations

import os
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rakg_assets.admissions import intake
from rakg_assets_tests.admissions.inboxes import (
    Result,
    as_csv,
    as_json,
    plain,
    read,
    read_folder,
    write,
)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were parsed, as they are."""
    names: list[str] = []
    real = intake.read_file

    def noting(name: str, *rest: Any) -> Any:
        names.append(name)
        return real(name, *rest)

    monkeypatch.setattr(intake, "read_file", noting)
    return names


def same(one: Result, other: Result) -> bool:
    return one.manifest.equals(other.manifest) and one.raw.equals(other.raw)


def test_a_file_is_parsed_once(tmp_path: Path, parsed: list[str]) -> None:
    first = read(tmp_path, {"a.txt": plain(), "b.txt": "", "c.json": as_json(id="C")})
    assert sorted(parsed) == ["a.txt", "b.txt", "c.json"]
    assert same(read_folder(tmp_path / "inbox", tmp_path / "home"), first)
    assert len(parsed) == 3


def test_unchanged_files_are_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read(tmp_path, {"a.txt": plain()})
    monkeypatch.setattr(intake, "read_bytes", None)
    assert same(read_folder(tmp_path / "inbox", tmp_path / "home"), first)


def test_a_touched_or_moved_file_is_not_parsed_again(tmp_path: Path, parsed: list[str]) -> None:
    read(tmp_path, {"a.txt": plain()})
    os.utime(tmp_path / "inbox/a.txt", (1, 1))
    (tmp_path / "inbox/a.txt").rename(tmp_path / "inbox/b.txt")
    result = read_folder(tmp_path / "inbox", tmp_path / "home")
    assert (result.only, parsed) == (("accepted", 1, None), ["a.txt"])
    assert set(result.raw["source"]) == {"b.txt"}


def test_a_file_replaced_under_its_old_size_and_time_is_read_again(tmp_path: Path) -> None:
    read(tmp_path, {"a.txt": plain(id="A")})
    status = (tmp_path / "inbox/a.txt").stat()
    write(tmp_path / "inbox", {"a.txt": plain(id="B")})
    os.utime(tmp_path / "inbox/a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert list(read_folder(tmp_path / "inbox", tmp_path / "home").manifest["record_id"]) == ["B"]


def test_settings_that_decide_a_parse_lead_to_a_new_one(tmp_path: Path) -> None:
    table = as_csv([["No", "Adm", "主诉"], ["1", "2018-01-02", "痛"]])
    assert read(tmp_path, {"a.csv": table}).only[2] == "no_admission_date"
    mapping = {"no": "id", "adm": "admission"}
    again = read_folder(tmp_path / "inbox", tmp_path / "home", mapping=mapping)
    assert again.only == ("accepted", 1, None)


def test_today_and_the_default_month_are_judged_anew(tmp_path: Path, parsed: list[str]) -> None:
    files = {"a.txt": plain(), "b.txt": plain(id="B", admission="x", discharge="x")}
    result = read(tmp_path, files, today=date(2018, 4, 19))
    assert [row["outcome"] for row in result.report.values()] == ["quarantined"] * 2
    later = {"today": date(2018, 4, 20), "default_month": "2017-01"}
    result = read_folder(tmp_path / "inbox", tmp_path / "home", **later)
    assert [row["months"] for row in result.report.values()] == [["2018-04"], ["2017-01"]]
    # The text of what is refused is not kept, so that it is read once more when it is taken.
    assert len(parsed) == 4
    read_folder(tmp_path / "inbox", tmp_path / "home", **later)
    assert len(parsed) == 4


def test_what_left_the_inbox_leaves_the_store(tmp_path: Path) -> None:
    read(tmp_path, {"a.txt": plain("主诉：独特的痛"), "b.txt": plain(id="B")})
    (tmp_path / "inbox/a.txt").unlink()
    read_folder(tmp_path / "inbox", tmp_path / "home")
    (store,) = (tmp_path / "home/cache").iterdir()
    with sqlite3.connect(store) as database:
        for table, rows in (("stat", 1), ("parse", 1), ("record", 1)):
            assert database.execute(f"select count(*) from {table}").fetchone() == (rows,)
    database.close()


def test_a_damaged_store_is_made_anew(tmp_path: Path) -> None:
    first = read(tmp_path, {"a.txt": plain()})
    (store,) = (tmp_path / "home/cache").iterdir()
    store.write_bytes(b"no database at all" * 1000)
    assert same(read_folder(tmp_path / "inbox", tmp_path / "home"), first)


def kept_bytes(tmp_path: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (tmp_path / "home/cache").iterdir())


def test_the_store_holds_no_identifying_text(tmp_path: Path) -> None:
    person = "姓名：闻人素　性别：女　住院号：ZY2019080511"
    body = "【主诉】闻人素双手肿痛，电话15400001234。\n【出院医嘱】医师签名：郁离山"
    result = read(tmp_path, {"a.txt": plain(body, person=person), "b.txt": "闻人素"})
    assert "肿痛" in result.sections["入院记录", "主诉"]
    for secret in ("闻人素", "郁离山", "15400001234", "ZY2019080511"):
        assert secret.encode() not in kept_bytes(tmp_path)
        assert secret not in result.manifest.to_json() + result.raw.to_json()


def test_the_store_holds_no_text_of_what_was_refused(tmp_path: Path) -> None:
    files = {
        "a.txt": plain("主诉：甲处痛", admission="x"),
        "b.json": as_json(id="B", sections={"主诉": "乙处痛"}),
        "c.json": as_json(id="B", sections={"主诉": "丙处痛"}),
    }
    read(tmp_path, files)
    assert "丙处痛".encode() in kept_bytes(tmp_path)
    assert "甲处痛".encode() not in kept_bytes(tmp_path)
    assert "乙处痛".encode() not in kept_bytes(tmp_path)
    (tmp_path / "inbox/c.json").unlink()
    result = read_folder(tmp_path / "inbox", tmp_path / "home")
    assert result.sections == {("入院记录", "主诉"): "乙处痛"}
    assert "丙处痛".encode() not in kept_bytes(tmp_path)
