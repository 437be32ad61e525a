"""Answers of a named read as text: a table to look at, JSON or CSV for other programs.

Belongs here: layout. Does not belong here: the answers (`questions.py`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

from tabulate import tabulate

from rakg_assets.graph.reads import Row


def as_table(rows: Sequence[Row]) -> str:
    """Columns side by side, shares in percent; empty without answers."""
    shown = [{name: _shown(name, value) for name, value in row.items()} for row in rows]
    return tabulate(shown, headers="keys", disable_numparse=True) if shown else ""


def as_json(rows: Sequence[Row]) -> str:
    """A JSON list of objects."""
    return json.dumps(list(rows), ensure_ascii=False, indent=1)


def as_csv(rows: Sequence[Row]) -> str:
    """CSV with a header; records by month as JSON. Empty without answers."""
    if not rows:
        return ""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        months = json.dumps(row["months"], separators=(",", ":"))
        writer.writerow({**row, "months": months})
    return text.getvalue().removesuffix("\n")


def _shown(name: str, value: Any) -> str:
    if name.startswith("share"):
        return f"{value:.1%}"
    if name == "months":
        return " ".join(f"{month}:{records}" for month, records in value.items())
    return str(value)


FORMATS: dict[str, Callable[[Sequence[Row]], str]] = {
    "table": as_table,
    "json": as_json,
    "csv": as_csv,
}
