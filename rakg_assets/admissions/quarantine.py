"""Copies of what was refused: the whole file, or beside the path of a partial file its bad parts.

Belongs here: where copies lie, when they are made and taken away. Does not belong here: why
something is refused (`refusals.py`). The copies are the one place where identifying text may stand.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from rakg_assets.admissions.refusals import Refusal
from rakg_assets.admissions.sources import Inbox, Source, chunks
from rakg_assets.ontology.files import write_atomically

_PARTS = ".refused.jsonl"
_LONGEST_NAME = 200
_CHUNK = 1 << 20
_ZEROS = bytes(_CHUNK)
_UNSAFE = '\\:*?"<>|'


def copy_names(whole: Mapping[str, bool]) -> dict[str, str]:
    """Where the copies of refused files lie below the quarantine folder, by file of the inbox.

    `whole` tells of each file whether all of it was refused. No name leads out of the folder, and
    no two names meet.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for file in sorted(whole, key=lambda file: (not whole[file], file)):
        name = _copy_name(file, whole[file])
        while name in taken:
            name += "~"
        taken.add(name)
        names[file] = name
    return names


def _copy_name(file: str, whole: bool) -> str:
    parts = [_harmless(part) for part in file.split("/") if part] or ["_"]
    return "/".join(parts) + ("" if whole else _PARTS)


def _harmless(part: str) -> str:
    """A file name without control characters, not `..`, and of a length that disks can hold."""
    plain = "".join(c if c.isprintable() and c not in _UNSAFE else "_" for c in part)
    plain = "_" + plain[1:] if plain.strip(".") == "" else plain
    changed = plain != part or len(plain.encode()) > _LONGEST_NAME
    if not changed:
        return plain
    # What was changed could meet another name: the hash of the original keeps them apart.
    stem, dot, suffix = plain.rpartition(".")
    short = (stem or suffix).encode()[:150].decode("utf-8", "ignore")
    mark = hashlib.sha256(part.encode()).hexdigest()[:8]
    return f"{short}~{mark}{dot if stem else ''}{suffix[:20] if stem else ''}"


def copy_whole(inbox: Inbox, source: Source, target: Path) -> bool:
    """Copy a file byte for byte; False, and no copy, if it cannot be read.

    Long runs of zeros are left as holes, so that a sparse file stays one.
    """

    def write(temporary: Path) -> None:
        with temporary.open("wb") as copy:
            temporary.chmod(0o600)
            for chunk in chunks(inbox, source, _CHUNK):
                if chunk == _ZEROS:
                    copy.seek(len(chunk), os.SEEK_CUR)
                else:
                    copy.write(chunk)
            copy.truncate()

    try:
        write_atomically(target, write)
    except Refusal:
        return False
    return True


def copy_parts(parts: Iterable[tuple[str, str, str]], target: Path) -> None:
    """Write the refused parts (place, reason, content) of a file, a line each."""

    def write(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as copy:
            temporary.chmod(0o600)
            for place, reason, content in parts:
                line = {"place": place, "reason": reason, "content": content}
                copy.write(json.dumps(line, ensure_ascii=False) + "\n")

    write_atomically(target, write)


def remove_others(folder: Path, kept: Iterable[str]) -> None:
    """Take away every copy that is not named, and folders that are left empty."""
    wanted = {folder / name for name in kept}
    for root, folders, files in os.walk(folder, topdown=False):
        here = Path(root)
        for path in (here / name for name in files):
            if path not in wanted:
                path.unlink()
        for path in (here / name for name in folders):
            if path.is_symlink():
                path.unlink()
            elif not any(path.iterdir()):
                path.rmdir()
