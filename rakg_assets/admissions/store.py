"""De-identified parses kept between runs in one SQLite file, so that a file is read once.

Belongs here: what was parsed, by the hash of the bytes and of all that decides the parse. Does not
belong here: identifying text, and anything that depends on today or on other files.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rakg_assets.admissions.records import Record

_TABLES = """
create table if not exists stat (path text primary key, stamp text, sha256 text);
create table if not exists parse (key text primary key, body text);
create table if not exists record (content_sha256 text primary key, sections text);
create table if not exists copy (path text primary key, signature text);
"""
_FILE = "parses.sqlite"
_COMMIT_EVERY = 500


@lru_cache(maxsize=1)
def code_version() -> str:
    """A hash of the code and words that decide a parse: when they change, files are read again."""
    package = Path(__file__).resolve().parent
    words_of = package.parent / "ontology"
    code = [*package.rglob("*.py"), *(words_of / f"{n}.py" for n in ("sections", "markup", "text"))]
    words = [folder / "dictionaries" for folder in (package.parent, package.parent.parent)]
    lists = [path for folder in words for path in folder.glob("deidentification/*.csv")]
    digest = hashlib.sha256(version("jieba").encode())
    for path in sorted([*code, *lists]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Parse:
    """What a file gave: its format and records; `whole` if the one record is a refusal of all."""

    format: str
    records: tuple[Record, ...]
    whole: bool = False


class ParseStore:
    """The parses of a cache folder; without a folder nothing is kept and nothing written."""

    def __init__(self, folder: Path | None) -> None:
        """Open or make the store; a damaged one is made anew, since it only saves time."""
        self._database = _open(folder) if folder else None
        self._used: set[str] = set()
        self._written = 0

    def sha256(self, path: str, stamp: str) -> str | None:
        """The hash of a file whose stamp stands since it was read."""
        row = self._row("select sha256 from stat where path = ? and stamp = ?", path, stamp)
        return row[0] if row else None

    def note_file(self, path: str, stamp: str, sha256: str) -> None:
        """Remember the hash of a file as it is now."""
        self._write("insert or replace into stat values (?, ?, ?)", path, stamp, sha256)

    def parse(self, key: str) -> Parse | None:
        """What a file gave when it was parsed before; sections of its records are left out."""
        self._used.add(key)
        row = self._row("select body from parse where key = ?", key)
        if row is None:
            return None
        body = json.loads(row[0])
        return Parse(body["format"], tuple(map(_record, body["records"])), body["whole"])

    def keep(self, key: str, parse: Parse) -> None:
        """Keep a parse, without the text of its records."""
        records = [_values(record) for record in parse.records]
        body = {"format": parse.format, "records": records, "whole": parse.whole}
        self._write("insert or replace into parse values (?, ?)", key, _json(body))

    def keep_sections(self, record: Record) -> None:
        """Keep the text of a record; that of a refused one must not be kept."""
        values = record.content_sha256, _json(record.sections)
        self._write("insert or ignore into record values (?, ?)", *values)

    def holds(self, content_sha256: str) -> bool:
        """Whether the text of a record is kept, or nothing is kept at all."""
        query = "select 1 from record where content_sha256 = ?"
        return self._database is None or self._row(query, content_sha256) is not None

    def sections(self, content_sha256: str) -> list[tuple[str, str, str]] | None:
        """(note, section, text) of a kept record."""
        row = self._row("select sections from record where content_sha256 = ?", content_sha256)
        return [tuple(section) for section in json.loads(row[0])] if row else None

    def copy_signature(self, path: str) -> str | None:
        """What the copy at a path of the quarantine was made of."""
        row = self._row("select signature from copy where path = ?", path)
        return row[0] if row else None

    def note_copy(self, path: str, signature: str) -> None:
        """Remember what a copy was made of."""
        self._write("insert or replace into copy values (?, ?)", path, signature)

    def forget_others(
        self, paths: Iterable[str], contents: Iterable[str], copies: Iterable[str]
    ) -> None:
        """Forget every file, record and copy that is not named, and parses not asked for."""
        if self._database is None:
            return
        self._forget("stat", "path", paths)
        self._forget("parse", "key", self._used)
        self._forget("record", "content_sha256", contents)
        self._forget("copy", "path", copies)

    def close(self) -> None:
        """Save what was kept."""
        if self._database is not None:
            self._database.commit()
            self._database.close()

    def _forget(self, table: str, column: str, kept: Iterable[str]) -> None:
        wanted = set(kept)
        found = [row[0] for row in self._database.execute(f"select {column} from {table}")]
        gone = [(value,) for value in found if value not in wanted]
        self._database.executemany(f"delete from {table} where {column} = ?", gone)

    def _row(self, query: str, *values: str) -> tuple[str, ...] | None:
        return self._database.execute(query, values).fetchone() if self._database else None

    def _write(self, statement: str, *values: str) -> None:
        if self._database is None:
            return
        self._database.execute(statement, values)
        self._written += 1
        if self._written % _COMMIT_EVERY == 0:
            self._database.commit()


def _open(folder: Path) -> sqlite3.Connection:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _FILE
    try:
        return _connect(path)
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=60)
    try:
        # What is forgotten shall not linger in free pages.
        database.execute("pragma secure_delete = on")
        database.executescript(_TABLES)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def parse_key(sha256: str, decides: Mapping[str, object]) -> str:
    """The key of a parse: the bytes, the settings that decide it, the code."""
    return hashlib.sha256(_json([sha256, dict(decides), code_version()]).encode()).hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _values(record: Record) -> dict[str, object]:
    """A record without its sections, as JSON can hold it; what is empty is left out."""
    values = {
        "place": record.place,
        "record_id": record.record_id,
        "admission": record.admission.isoformat() if record.admission else None,
        "discharge": record.discharge.isoformat() if record.discharge else None,
        "version": list(record.version),
        "content_sha256": record.content_sha256,
        "likeness": record.likeness,
        "reason": record.reason,
        "detail": record.detail,
    }
    return {key: value for key, value in values.items() if value}


def _record(values: dict[str, Any]) -> Record:
    days = {k: date.fromisoformat(values[k]) for k in ("admission", "discharge") if k in values}
    version = tuple(values.get("version", ()))
    return Record(**{"place": "", **values, **days, "version": version})
