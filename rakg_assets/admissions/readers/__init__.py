"""The readers, one module a format; importing the package registers them all.

Belongs here: the one way from a file's bytes to its records. Does not belong here: the registry
itself (`registry.py`) or what happens to a record after (`admissions/records.py`).
"""

from __future__ import annotations

from rakg_assets.admissions.readers import cda, json_records, tables, text, workbook
from rakg_assets.admissions.readers.registry import (
    ReadOptions,
    known_suffix,
    read_file,
    suffix_of,
)

FORMATS = (json_records, cda, workbook, tables, text)

__all__ = ["FORMATS", "ReadOptions", "known_suffix", "read_file", "suffix_of"]
