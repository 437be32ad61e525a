"""Writing files so that a killed run leaves the old ones: write beside, flush to disk, rename.

Belongs here: what the graph's own files need. Tables are written by `orchestration/storage.py`.
"""

from __future__ import annotations

import filecmp
import os
from pathlib import Path


def sync_file(path: Path) -> None:
    """Wait until the content of a file, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(new: Path, target: Path) -> None:
    """Put a finished file in the place of another; whoever has the old one open keeps it."""
    sync_file(new)
    os.replace(new, target)
    sync_file(target.parent)


def replace_if_changed(new: Path, target: Path) -> None:
    """Put a finished file in the place of another unless both hold the same bytes."""
    if target.is_file() and filecmp.cmp(new, target, shallow=False):
        new.unlink()
    else:
        replace_file(new, target)


def write_atomic(target: Path, content: bytes) -> None:
    """Write a file as a whole or not at all; its folder is made. Same content writes nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.new")
    new.write_bytes(content)
    replace_if_changed(new, target)
