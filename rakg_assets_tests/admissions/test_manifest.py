"""A whole inbox: duplicates, months, tables, dry runs, a mix of everything."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from rakg_assets.admissions import manifest, records
from rakg_assets.admissions.manifest import InboxSettings
from rakg_assets.admissions.sources import InboxError
from rakg_assets.ontology.tables import TABLES
from rakg_assets_tests.admissions.inboxes import (
    SECTIONS,
    as_csv,
    as_json,
    cda,
    plain,
    read,
    read_folder,
    read_one,
    write,
)


def outcomes(report: Mapping[str, Mapping[str, object]]) -> dict[str, tuple[object, object]]:
    return {name: (row["outcome"], row["reason"]) for name, row in report.items()}


def test_a_later_file_with_other_text_wins(tmp_path: Path) -> None:
    inbox = write(tmp_path / "inbox", {"a.json": as_json(), "b.json": as_json(discharge=None)})
    os.utime(inbox / "a.json", (2000, 2000))
    os.utime(inbox / "b.json", (1000, 1000))
    result = read_folder(inbox, tmp_path / "home")
    assert outcomes(result.report) == {
        "a.json": ("accepted", None),
        "b.json": ("quarantined", "duplicate_id"),
    }
    write(inbox, {"b.json": as_json(discharge=None, version=2)})
    os.utime(inbox / "b.json", (1000, 1000))
    result = read_folder(inbox, tmp_path / "home")
    assert result.report["a.json"]["reason"] == "duplicate_id"


def test_the_same_text_in_another_layout_is_a_copy(tmp_path: Path) -> None:
    text = plain().replace("\n", "\r\n　").encode("gb18030")
    as_text = as_json(id="A", sections=..., admission=..., discharge=..., text=plain())
    result = read(tmp_path, {"a.txt": plain(), "b/c.txt": text, "d.json": as_text})
    assert sorted(outcomes(result.report).values(), key=str) == [
        ("accepted", None),
        ("ignored", "identical_copy"),
        ("ignored", "identical_copy"),
    ]
    assert result.sections == SECTIONS


def test_a_line_that_repeats_another_is_no_fault_of_its_file(tmp_path: Path) -> None:
    result = read_one(tmp_path, "a.jsonl", f"{as_json()}\n{as_json()}")
    assert result.only == ("accepted", 1, None)


def test_an_id_given_twice_in_a_file_makes_it_partial(tmp_path: Path) -> None:
    result = read_one(tmp_path, "a.jsonl", f"{as_json()}\n{as_json(discharge=None)}")
    assert result.only == ("partial", 1, "duplicate_id")
    assert result.dates == [("2018-05-14", "None")]


def test_without_an_id_one_is_made_from_the_content(tmp_path: Path) -> None:
    bare = as_json(id=None)
    result = read(
        tmp_path, {"a.json": bare, "b.json": bare, "c.json": as_json(id=" ", 既往史="无")}
    )
    assert [row["outcome"] for row in result.report.values()] == ["accepted", "ignored", "accepted"]
    assert all(id.startswith("content-") for id in result.raw["record_id"])


@pytest.mark.parametrize("id", ["../../etc/passwd", "=1+1", "a/b\\c", "编号 1", "007", "x" * 5000])
def test_ids_are_text(tmp_path: Path, id: str) -> None:
    result = read_one(tmp_path, "a.json", as_json(id=id))
    assert set(result.raw["record_id"]) == {id}
    assert {p.name for p in tmp_path.iterdir()} == {"inbox", "home"}


def test_an_id_that_identifies_the_person_becomes_a_pseudonym(tmp_path: Path) -> None:
    resident = "329901196505121285"
    files = {"a.json": as_json(id=resident), "b.json": as_json(id=resident, discharge=None)}
    result = read(tmp_path, files)
    assert outcomes(result.report)["a.json"] == ("quarantined", "duplicate_id")
    assert set(result.raw["record_id"].str.split("-").str[0]) == {"pseudonym"}
    assert resident not in result.manifest.to_json()


@pytest.mark.parametrize(
    ("admission", "discharge", "reason"),
    [
        ("2009-12-31", "2010-01-02", "date_out_of_range"),
        ("2018-01-01", "2098-01-02", "date_out_of_range"),
        ("2018-01-02", "2018-01-01", "discharge_before_admission"),
        ("2018-02-30", "2018-03-01", "no_admission_date"),
        ("2018-01-01", "2018-02-30", None),
        ("2018-01-01", "2018-01-01", None),
    ],
)
def test_dates_decide(tmp_path: Path, admission: str, discharge: str, reason: str | None) -> None:
    result = read_one(tmp_path, "a.txt", plain(admission=admission, discharge=discharge))
    assert result.only[2] == reason


def test_the_size_limit_is_inclusive(tmp_path: Path) -> None:
    size = len(plain().encode())
    assert read_one(tmp_path, "a.txt", plain(), max_file_bytes=size).only[0] == "accepted"
    result = read_one(tmp_path, "a.txt", plain(), max_file_bytes=size - 1)
    assert result.only == ("quarantined", 0, "too_large")
    assert list(result.manifest["sha256"]) == [""]


def test_a_stay_belongs_to_the_month_of_admission(tmp_path: Path) -> None:
    rows = [["id", "admission", "discharge", "主诉"]]
    rows += [[str(n), f"2018-{n:02}-28", f"2018-{n + 1:02}-03", "痛"] for n in (9, 3, 5)]
    result = read_one(tmp_path, "a.csv", as_csv(rows))
    assert result.report["a.csv"]["months"] == ["2018-03", "2018-05", "2018-09"]
    assert set(result.raw["month"]) == {"2018-03", "2018-05", "2018-09"}


def test_months_follow_late_corrected_and_deleted_files(tmp_path: Path) -> None:
    files = {f"{n}.json": as_json(id=str(n), admission=f"2018-0{n}-02") for n in range(1, 5)}
    before = manifest.month_hashes(read(tmp_path, files).manifest)
    inbox = write(
        tmp_path / "inbox",
        {
            "1.json": as_json(id="1", admission="2018-01-02", discharge="2018-06-01"),
            "5.json": as_json(id="5", admission="2018-03-09"),
        },
    )
    (inbox / "2.json").unlink()
    after = manifest.month_hashes(read_folder(inbox, tmp_path / "home").manifest)
    changed = {m for m in before.keys() | after.keys() if before.get(m) != after.get(m)}
    assert changed == {"2018-01", "2018-02", "2018-03"}


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    inbox = write(
        tmp_path / "in", {"a.txt": plain(), "b.txt": "", "c.jsonl": as_json(id="C") + "\n{"}
    )
    before = sorted(tmp_path.rglob("*"))
    steps: list[tuple[int, int]] = []
    table = manifest.build_manifest(
        str(inbox), InboxSettings(), None, None, lambda done, all: steps.append((done, all))
    )
    assert [row["outcome"] for row in manifest.file_report(table)] == [
        "accepted",
        "quarantined",
        "partial",
    ]
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_home_inside_the_inbox_is_no_part_of_it(tmp_path: Path) -> None:
    inbox = write(tmp_path / "in", {"a.txt": plain(), "b.txt": ""})
    first = read_folder(inbox, inbox / "home")
    assert first.manifest.equals(read_folder(inbox, inbox / "home").manifest)
    assert set(first.report) == {"a.txt", "b.txt"}


def test_an_empty_inbox_gives_empty_tables(tmp_path: Path) -> None:
    result = read(tmp_path, {})
    assert result.report == {}
    for name, table in (
        ("inbox_manifest", result.manifest),
        ("raw_records", result.raw),
        ("quarantined_files", manifest.quarantined_files(result.manifest, result.quarantine)),
    ):
        assert list(table.columns) == TABLES[name].column_names
    assert manifest.month_hashes(result.manifest) == {}


def test_the_tables_fit_their_declaration(tmp_path: Path) -> None:
    files = {
        "a.txt": plain(),
        "b.txt": "",
        "c.xml": cda(id="C"),
        "d.jsonl": f"{as_json(id='D')}\n{{",
    }
    result = read(tmp_path, files)
    for name, table in (
        ("inbox_manifest", result.manifest),
        ("raw_records", result.raw),
        ("quarantined_files", manifest.quarantined_files(result.manifest, result.quarantine)),
    ):
        stored = pa.Table.from_pandas(table, TABLES[name].arrow_schema, preserve_index=False)
        stored.validate(full=True)
        again = stored.to_pandas()
        assert not again.duplicated(list(TABLES[name].key)).any()
    read_back = pa.Table.from_pandas(
        result.manifest, TABLES["inbox_manifest"].arrow_schema, preserve_index=False
    ).to_pandas()
    assert manifest.month_hashes(read_back) == manifest.month_hashes(result.manifest)
    assert manifest.file_report(read_back) == list(result.report.values())


def test_files_in_are_files_out(tmp_path: Path) -> None:
    files = {f"{n}.txt": content for n, content in enumerate(["", plain(), "x", b"\xff", "\0"])}
    result = read(tmp_path, files)
    assert set(result.report) == set(files)
    refused = {name for name, row in result.report.items() if row["outcome"] == "quarantined"}
    assert {p.name for p in result.quarantine.iterdir()} == refused == set(files) - {"1.txt"}


def test_a_fault_in_masking_refuses_the_record_and_stores_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("葛某某")

    monkeypatch.setattr(records, "mask_record", fail)
    result = read_one(tmp_path, "a.txt", plain())
    assert result.only == ("quarantined", 0, "malformed")
    assert "葛某某" not in result.manifest.to_json()


def test_details_say_what_to_do_and_hold_no_text(tmp_path: Path) -> None:
    files = {
        "a.json": as_json(admission="独特的日期"),
        "b.txt": plain(person="姓名：闻人素") + "\n" + plain(person="姓名：郁离山"),
        "c.csv": "独特的列\n独特的值",
        "d.jsonl": f'{as_json()}\n{{"独特的键": }}',
    }
    details = " ".join(read(tmp_path, files).manifest["detail"])
    assert not any(word in details for word in ("独特", "闻人素", "郁离山"))
    assert "add the field 入院日期" in details


def test_faulty_settings_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        read_folder(tmp_path, tmp_path / "home", default_month="March")
    with pytest.raises(InboxError, match="none"):
        read_folder(tmp_path / "none", tmp_path / "home")


def test_a_record_that_the_cache_lost_is_said(tmp_path: Path) -> None:
    result = read_one(tmp_path, "a.txt", plain())
    with pytest.raises(ValueError, match="build inbox_manifest again"):
        manifest.raw_records(result.manifest, ["2018-04"], tmp_path / "other")


def test_today_is_the_day_of_the_hospitals() -> None:
    assert InboxSettings(today=date(2018, 1, 1)).date_rules.today == date(2018, 1, 1)
    assert abs((InboxSettings().date_rules.today - date.today()).days) <= 1
