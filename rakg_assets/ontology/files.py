"""Writing so that a killed run leaves the old content: write beside, flush to disk, rename.

It lies in the ontology, of which it knows nothing, because that is the one folder that every stage
may import. Does not belong here: what is written, and where.
"""

from __future__ import annotations

import filecmp
import hashlib
import os
import shutil
from collections.abc import Callable, Set
from pathlib import Path

Write = Callable[[Path], object]


def write_atomically(path: Path, write: Write) -> None:
    """Call `write(temporary path)` and put what it wrote in the place of `path`.

    Folders are made. A file that holds the same bytes already stays as it is, and so does the old
    file if `write` raises. Links are followed; a device or pipe is written to as it is.
    """
    if path.exists() and not path.is_file():
        write(path)
        return
    target = path.resolve()
    temporary = beside(target)
    try:
        write(temporary)
        replace_if_changed(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 whole or not at all, line ends as they are."""
    write_atomically(path, lambda temporary: temporary.write_bytes(text.encode("utf-8")))


def write_folder(folder: Path, fill: Write) -> None:
    """Call `fill(temporary folder)` and put that folder in the place of `folder`.

    What the old folder held is gone afterwards; it stays if `fill` raises.
    """
    folder = folder.resolve()
    fresh = beside(folder)
    try:
        fresh.mkdir()
        fill(fresh)
        for path in (*fresh.rglob("*"), fresh):
            _sync(path)
        _swap(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def others_in(folder: Path, ours: Set[str]) -> list[str]:
    """The names in a folder, if it is there, that are none of `ours`, in order."""
    return sorted({path.name for path in folder.iterdir()} - ours) if folder.exists() else []


def _swap(fresh: Path, folder: Path) -> None:
    """No system call exchanges two folders everywhere: the old one steps aside first."""
    old = beside(folder, "old")
    if folder.exists():
        os.rename(folder, old)
    try:
        os.rename(fresh, folder)
    except OSError:
        os.rename(old, folder)
        raise
    _sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def replace_file(new: Path, target: Path) -> None:
    """Put a finished file in the place of another; whoever has the old one open keeps it."""
    _sync(new)
    os.replace(new, target)
    _sync(target.parent)


def replace_if_changed(new: Path, target: Path) -> None:
    """Put a finished file in the place of another unless both hold the same bytes."""
    if target.is_file() and filecmp.cmp(new, target, shallow=False):
        new.unlink()
    else:
        replace_file(new, target)


def beside(path: Path, ending: str = "tmp") -> Path:
    """A free path in the folder of `path`, which is made; what killed runs left there is removed.

    The name is a hash, since any name with an ending may be too long, and tells the process.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    stem = f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}"
    for stray in path.parent.glob(f"{stem}.*.{ending}"):
        owner = stray.name.split(".")[2]
        if owner == str(os.getpid()) or not _runs(owner):
            _remove(stray)
    return path.with_name(f"{stem}.{os.getpid()}.{ending}")


def _runs(process: str) -> bool:
    """Whether a process of this number runs, of whomever."""
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Wait until the content of a file, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
