"""Nothing that could tell who a patient is, and no record text, comes out where it must not."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from rakg_assets_tests.end_to_end.inboxes import CANARY, PLANTED, Stay, write_inbox

# Tables that hold text of records, whole or as mentions; de-identified all the same.
TEXT_TABLES = {
    *("raw_records", "sentences", "annotations", "labeled_splits"),
    *("predicted_entities", "linked_entities", "review_queue"),
}


def readable(path: Path) -> Iterator[str]:
    """Every text that a reader of the file could see, also inside Parquet, SQLite and archives."""
    raw = path.read_bytes()
    if path.suffix == ".parquet":
        yield str(pq.ParquetFile(path).read().to_pylist())
    elif raw.startswith(b"SQLite format 3"):
        yield from _rows(path)
    elif raw.startswith(b"PK"):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
    yield raw.decode("utf-8", "ignore")


def _rows(path: Path) -> Iterator[str]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            for row in database.execute(f'SELECT * FROM "{name}"'):
                yield " ".join(_cell(value) for value in row)


def _cell(value: object) -> str:
    if not isinstance(value, bytes):
        return str(value).encode("utf-8", "ignore").decode("unicode_escape", "ignore") + str(value)
    try:
        return zlib.decompress(value).decode("utf-8", "ignore")
    except zlib.error:
        return value.decode("utf-8", "ignore")


@pytest.mark.slow
def test_planted_strings_stay_where_they_may(home: Path, tmp_path: Path) -> None:
    inbox = write_inbox(tmp_path / "inbox", [Stay("A1", "2018-04"), Stay("A2", "2018-04")])
    rakg = Path(sys.executable).with_name("rakg")
    command = [str(rakg), "run", "--inbox", str(inbox), "--home", str(home)]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {**os.environ, "HOME": str(elsewhere), "TMPDIR": str(elsewhere)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr

    said = done.stdout + done.stderr
    assert not [text for text in (*PLANTED, CANARY) if text in said]
    assert list(elsewhere.rglob("*")) == []
    leaks = set()
    for path in home.rglob("*"):
        if not path.is_file() or home / "quarantine" in path.parents:
            continue
        may_hold_text = path.relative_to(home).parts[1] in TEXT_TABLES or "parsed" in path.parts
        forbidden = PLANTED if may_hold_text else (*PLANTED, CANARY)
        for text in readable(path):
            leaks |= {(str(path.relative_to(home)), f) for f in forbidden if f in text}
    assert leaks == set()


@pytest.mark.slow
def test_a_crash_in_an_asset_leaves_no_record_text(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from rakg_assets.definitions import build_launcher

    def crash(raw_records: object) -> None:
        raise ValueError("a remedy")

    monkeypatch.setattr("rakg_assets.corpus.assets.sentence_table", crash)
    inbox = write_inbox(tmp_path / "inbox", [Stay("A1", "2018-04")])
    with caplog.at_level(logging.DEBUG):
        launcher = build_launcher(lambda line: None, home=str(home), inbox=str(inbox))
        outcome = launcher.run("sentences")
    assert [failure.split()[0] for failure in outcome.failures] == ["sentences"]
    events = "\n".join(t for p in (home / "dagster").rglob("*") if p.is_file() for t in readable(p))
    assert "a remedy" in events
    assert not [text for text in (*PLANTED, CANARY) if text in events + caplog.text]
