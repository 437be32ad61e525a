"""Formats of annotation tools, one module a format, all with the same four names.

`NAME`; `LIMITS`, what the format cannot hold, by part; `read(path, name)`, the pieces of one file;
`write(records, target)` into a folder. A new format is a module and a line in `FORMATS`.
Does not belong here: the choice among them (`annotations.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.formats import brat, doccano, label_studio, markup
from rakg_assets.corpus.formats.pieces import Reading


class Format(Protocol):
    """What a module of this package offers."""

    NAME: str
    LIMITS: Mapping[str, str]

    def read(self, path: Path, name: str) -> Reading:
        """Read one file; `name` stands for it in messages."""
        ...

    def write(self, records: Iterable[AnnotatedRecord], target: Path) -> None:
        """Write records into the folder `target`, leaving out what the format cannot hold."""
        ...


FORMATS: dict[str, Format] = {
    module.NAME: module for module in (markup, brat, label_studio, doccano)
}
