"""What a model said of a text, kept by text hash and model version, so no text is read twice.

A cache holds offsets, labels and scores, never text. Losing it costs time only.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

Spans = list[tuple[int, int, str, float]]
_CHUNK = 500  # below SQLite's limit of parameters a statement


class PredictionCache:
    """One SQLite file; entries of other model versions are left alone."""

    def __init__(self, path: Path, version: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._version = version
        # Two runs may predict at once: one waits for the other's short writes.
        self._database = sqlite3.connect(path, timeout=60)
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS spans"
            "(version TEXT, hash TEXT, spans TEXT, PRIMARY KEY (version, hash)) WITHOUT ROWID"
        )

    def get(self, hashes: Iterable[str]) -> dict[str, Spans]:
        """The spans of the texts that are known."""
        wanted, found = list(hashes), {}
        for i in range(0, len(wanted), _CHUNK):
            chunk = wanted[i : i + _CHUNK]
            marks = ",".join("?" * len(chunk))
            rows = self._database.execute(
                f"SELECT hash, spans FROM spans WHERE version = ? AND hash IN ({marks})",
                [self._version, *chunk],
            )
            found |= {key: [tuple(span) for span in json.loads(spans)] for key, spans in rows}
        return found

    def put(self, spans: Mapping[str, Spans]) -> None:
        """Keep the spans of texts by their hashes."""
        rows = [(self._version, key, json.dumps(value)) for key, value in spans.items()]
        with self._database:
            self._database.executemany("INSERT OR REPLACE INTO spans VALUES (?, ?, ?)", rows)
