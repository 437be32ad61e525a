"""What lies in an inbox: a local folder or any fsspec URL, listed with its sub-folders.

Belongs here: listing, reading and copying bytes; links, pipes and devices are never opened. Does
not belong here: what the bytes mean (`readers/`).
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import fsspec

from rakg_assets.admissions.readers import known_suffix
from rakg_assets.admissions.refusals import Refusal

FILE, NOT_A_FILE, UNREADABLE = "file", "not_a_file", "unreadable"
_URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+(?:://|::)")


class InboxError(ValueError):
    """An inbox that cannot be listed at all; the message names it and the remedy."""


@dataclass(frozen=True)
class Source:
    """One entry of an inbox. `name` is its path there, fit to be stored; `path` opens it.

    `stamp` changes whenever the content may have, and is empty where nothing tells; `modified` is
    in seconds since 1970.
    """

    name: str
    path: str
    kind: str = FILE
    size: int = 0
    modified: float = 0.0
    stamp: str = ""


class Inbox(Protocol):
    """A place that holds files."""

    def sources(self) -> list[Source]:
        """Everything in it that is no folder, by name."""

    def open(self, source: Source) -> BinaryIO:
        """The bytes of a file. Raises OSError if it cannot be opened or is a file no more."""


def open_inbox(inbox: str, exclude: Iterable[Path] = ()) -> Inbox:
    """The inbox of a folder or URL; `exclude` are folders in it that are not part of it.

    Raises `InboxError` if there is no such folder.
    """
    if not _URL.match(inbox) or inbox.startswith(("file://", "local://")):
        root = Path(re.sub(r"^(?:file|local)://", "", inbox)).expanduser().absolute()
        if not root.is_dir():
            raise InboxError(f"{root}: no such folder; name the folder of the records")
        return LocalInbox(root, frozenset(path.absolute() for path in exclude))
    try:
        filesystem, root_path = fsspec.core.url_to_fs(inbox)
        filesystem.invalidate_cache()
        if not filesystem.isdir(root_path):
            raise FileNotFoundError
    except Exception as error:
        reason = type(error).__name__
        raise InboxError(f"{inbox}: cannot be listed ({reason}); check the URL") from None
    return RemoteInbox(filesystem, root_path)


def fingerprint(inbox: str, exclude: Iterable[Path] = ()) -> str:
    """A hash of the listing (names, sizes, times), without reading any file."""
    digest = hashlib.sha256()
    for source in open_inbox(inbox, exclude).sources():
        digest.update(f"{source.name}\0{source.kind}\0{source.stamp}\n".encode())
    return digest.hexdigest()


def read_bytes(inbox: Inbox, source: Source, limit: int) -> bytes:
    """The bytes of a file, at most `limit`. Raises `Refusal`: unreadable, too_large."""
    try:
        with closing(inbox.open(source)) as file:
            data = file.read(limit + 1)
    except Exception as error:
        raise Refusal("unreadable", type(error).__name__) from None
    if len(data) > limit:
        raise Refusal("too_large", f"over {limit} bytes")
    return data


def chunks(inbox: Inbox, source: Source, size: int) -> Iterator[bytes]:
    """The bytes of a file of any size, piece by piece. Raises `Refusal` unreadable."""
    try:
        with closing(inbox.open(source)) as file:
            while chunk := file.read(size):
                yield chunk
    except Exception as error:
        raise Refusal("unreadable", type(error).__name__) from None


class LocalInbox:
    """A folder of this machine; links are seen but never followed."""

    def __init__(self, root: Path, exclude: frozenset[Path]) -> None:
        """`root` is read with its sub-folders, except those in `exclude`."""
        self._root, self._exclude = root, exclude

    def sources(self) -> list[Source]:
        """Everything that is no folder, and folders with a file's name, by name."""
        return sorted(self._walk(self._root, ""), key=lambda source: source.name)

    def _walk(self, root: Path, prefix: str) -> Iterator[Source]:
        """Folders are worked off one by one, so that no depth exhausts the stack."""
        waiting = [(os.fspath(root), prefix)]
        while waiting:
            folder, prefix = waiting.pop()
            try:
                with os.scandir(folder) as entries:
                    listed = list(entries)
            except OSError:
                if not prefix:
                    raise InboxError(f"{folder}: cannot be listed; check its permissions") from None
                yield Source(_storable(prefix.rstrip("/")), folder, UNREADABLE)
                continue
            for entry in listed:
                name = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    if Path(entry.path) not in self._exclude:
                        waiting.append((entry.path, f"{name}/"))
                        if known_suffix(name):
                            yield Source(_storable(name), entry.path, NOT_A_FILE)
                else:
                    yield _local_source(name, entry)

    def open(self, source: Source) -> BinaryIO:
        """The bytes of a file that is still one: no link, pipe or device took its place."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(source.path, flags | getattr(os, "O_BINARY", 0))
        file = os.fdopen(descriptor, "rb")
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            file.close()
            raise OSError("no regular file")
        return file


def _local_source(name: str, entry: os.DirEntry[str]) -> Source:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return Source(_storable(name), entry.path, UNREADABLE)
    if not stat.S_ISREG(status.st_mode):
        return Source(_storable(name), entry.path, NOT_A_FILE)
    # The time of change tells a file that was replaced under its old time of modification.
    stamp = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
    return Source(
        _storable(name), entry.path, FILE, status.st_size, status.st_mtime_ns / 1e9, stamp
    )


class RemoteInbox:
    """A folder of any fsspec file system."""

    def __init__(self, filesystem: fsspec.AbstractFileSystem, root: str) -> None:
        """`root` is the path of the folder on the file system."""
        self._filesystem, self._root = filesystem, root.rstrip("/")

    def sources(self) -> list[Source]:
        """Everything that is no folder, by name."""
        listed = self._filesystem.find(self._root, detail=True)
        return sorted((self._source(i) for i in listed.values()), key=lambda s: s.name)

    def _source(self, info: dict[str, Any]) -> Source:
        path = str(info["name"])
        name = _storable(path.removeprefix(self._root).lstrip("/"))
        if info.get("type") != "file" or info.get("islink"):
            return Source(name, path, NOT_A_FILE)
        size = int(info.get("size") or info.get("file_size") or 0)
        modified = _modified(info)
        mark = info.get("ETag") or info.get("etag") or info.get("CRC") or info.get("md5Hash") or ""
        stamp = f"{size} {modified} {mark}" if modified or mark else ""
        return Source(name, path, FILE, size, modified, stamp)

    def open(self, source: Source) -> BinaryIO:
        """The bytes of a file."""
        return self._filesystem.open(source.path, "rb")


def _modified(info: dict[str, Any]) -> float:
    """The time of modification in seconds; 0 where a file system tells none."""
    keys = ("mtime", "LastModified", "last_modified", "updated", "created", "date_time")
    told = next((info[key] for key in keys if info.get(key) is not None), 0)
    if isinstance(told, tuple):
        told = datetime(*told[:6])
    if isinstance(told, str):
        try:
            told = datetime.fromisoformat(told)
        except ValueError:
            return 0.0
    return told.timestamp() if isinstance(told, datetime) else float(told)


def _storable(name: str) -> str:
    r"""A name that UTF-8 can hold; bytes that are none are shown as \xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
