"""What a model said of a text, kept by text hash and model version, so no text is read twice.

A cache holds offsets, labels and scores, never text. Losing it costs time only.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Rows = list[tuple[Any, ...]]
"""What was found in a text: tuples of numbers and labels."""

_CHUNK = 500  # below SQLite's limit of parameters a statement


class PredictionCache:
    """One SQLite file; entries of other model versions are left alone."""

    def __init__(self, path: Path, version: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._version = version
        try:
            self._database = _opened(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, or no right to write
                raise
            path.unlink()  # a damaged file is a lost cache, no more
            self._database = _opened(path)

    def get(self, hashes: Iterable[str]) -> dict[str, Rows]:
        """What is known of texts, by their hashes; those not known are left out."""
        wanted, found = list(hashes), {}
        for i in range(0, len(wanted), _CHUNK):
            chunk = wanted[i : i + _CHUNK]
            marks = ",".join("?" * len(chunk))
            rows = self._database.execute(
                f"SELECT hash, found FROM predictions WHERE version = ? AND hash IN ({marks})",
                [self._version, *chunk],
            )
            found |= {key: [tuple(row) for row in json.loads(value)] for key, value in rows}
        return found

    def put(self, found: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
        """Keep what was found in texts, by their hashes."""
        rows = [(self._version, key, json.dumps(value)) for key, value in found.items()]
        with self._database:
            self._database.executemany("INSERT OR REPLACE INTO predictions VALUES (?, ?, ?)", rows)


def _opened(path: Path) -> sqlite3.Connection:
    # Two runs may predict at once: one waits for the other's short writes.
    database = sqlite3.connect(path, timeout=60)
    database.execute(
        "CREATE TABLE IF NOT EXISTS predictions"
        "(version TEXT, hash TEXT, found TEXT, PRIMARY KEY (version, hash)) WITHOUT ROWID"
    )
    return database
