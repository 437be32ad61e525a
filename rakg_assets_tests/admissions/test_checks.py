from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rakg_assets.admissions.checks import CHECKS
from rakg_assets_tests.promises import TEXT, CheckedHome


@pytest.fixture
def home(tmp_path: Path) -> CheckedHome:
    """An inbox of two files, one accepted and one refused."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name in ("a.txt", "b.txt"):
        (inbox / name).write_text("x", encoding="utf-8")
    home = CheckedHome(tmp_path / "home", inbox=str(inbox))
    home.place.quarantine.mkdir(parents=True)
    (home.place.quarantine / "b.txt").write_text("x", encoding="utf-8")
    accepted = {"file": "a.txt", "entry": 0, "outcome": "accepted"}
    refused = {"file": "b.txt", "entry": -1, "outcome": "quarantined", "reason": "malformed"}
    home.put("inbox_manifest", accepted, refused)
    home.put("quarantined_files", {**refused, "copy": "quarantine/b.txt"})
    home.put("raw_records", {"text": TEXT})
    return home


@pytest.mark.parametrize("asset", ["inbox_manifest", "quarantined_files", "raw_records"])
def test_promises_that_are_kept_pass(home: CheckedHome, asset: str) -> None:
    assert home.broken(CHECKS, asset) == {}


def test_a_file_without_an_outcome_is_found(home: CheckedHome) -> None:
    home.put("inbox_manifest", {"file": "a.txt", "entry": 0, "outcome": "accepted"})
    assert home.broken(CHECKS, "inbox_manifest") == {"quarantine_balance": "ERROR"}


def test_a_file_that_came_later_waits_for_the_next_run(home: CheckedHome) -> None:
    import os
    import time

    late = Path(home.settings.inbox) / "late.txt"
    late.write_text("x", encoding="utf-8")
    os.utime(late, (time.time() + 60,) * 2)
    assert home.broken(CHECKS, "inbox_manifest") == {}


def test_an_entry_that_stands_twice_is_found(home: CheckedHome) -> None:
    row = {"file": "a.txt", "entry": 0, "outcome": "accepted"}
    home.put("inbox_manifest", row, row, {"file": "b.txt", "entry": 0, "outcome": "ignored"})
    assert home.broken(CHECKS, "inbox_manifest") == {"entries_unique": "ERROR"}


@pytest.mark.parametrize("copy", ["quarantine/gone.txt", ""])
def test_a_refused_file_without_a_copy_is_found(home: CheckedHome, copy: str) -> None:
    home.put("quarantined_files", {"file": "b.txt", "reason": "malformed", "copy": copy})
    assert home.broken(CHECKS, "quarantined_files") == {"copies_kept": "ERROR"}


def test_what_cannot_be_read_needs_no_copy(home: CheckedHome) -> None:
    home.put("quarantined_files", {"file": "b.txt", "reason": "unreadable", "copy": ""})
    assert home.broken(CHECKS, "quarantined_files") == {}


@pytest.mark.parametrize(
    ("rows", "broken"),
    [
        ([{"text": "a"}, {"text": "b"}], {"sections_unique": "ERROR"}),
        ([{"admission": date(2018, 5, 1)}], {"months_inside_partition": "ERROR"}),
        ([{"text": "电话15400001234"}], {"no_identifying_text": "ERROR"}),
        ([{"text": "身份证329901196505121285"}], {"no_identifying_text": "ERROR"}),
        ([], {"records_arrive": "WARN"}),
    ],
)
def test_records_that_break_a_promise_are_found(
    home: CheckedHome, rows: list[dict], broken: dict[str, str]
) -> None:
    home.put("raw_records", *rows)
    assert home.broken(CHECKS, "raw_records") == broken
