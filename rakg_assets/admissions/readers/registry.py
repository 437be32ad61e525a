"""The registry of readers and the choice among them: by name first, then by content.

Belongs here: what a reader is and which one takes a file. Does not belong here: formats, one module
each beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from rakg_assets.admissions.encoding import binary_type, decode
from rakg_assets.admissions.records import RawRecord, RefusedPart
from rakg_assets.admissions.refusals import Refusal
from rakg_assets.ontology.sections import is_blank

Parts = Iterable[RawRecord | RefusedPart]


@dataclass(frozen=True)
class ReadOptions:
    """What readers need to know: other column names, the bytes that an archive may unpack to."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    max_unpacked_bytes: int = 8 * 32 * 2**20


@dataclass(frozen=True)
class Reader:
    """One format. `read` yields records and refused parts, or raises `Refusal` for the file."""

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, ReadOptions], Parts]


_READERS: list[Reader] = []


def reader(
    name: str, *, suffixes: tuple[str, ...] = (), recognises: Callable[[bytes], bool]
) -> Callable[[Callable[[bytes, ReadOptions], Parts]], Callable[[bytes, ReadOptions], Parts]]:
    """Register a function as the reader of file names with these suffixes.

    `recognises` says whether content under a name without known suffix is of this format.
    """

    def register(
        read: Callable[[bytes, ReadOptions], Parts],
    ) -> Callable[[bytes, ReadOptions], Parts]:
        _READERS.append(Reader(name, suffixes, recognises, read))
        return read

    return register


def suffix_of(name: str) -> str:
    """The lower-case suffix of a file name, e.g. `.txt`; empty if it has none."""
    return PurePosixPath(name.lower()).suffix


def known_suffix(name: str) -> bool:
    """Whether some reader takes files of this name."""
    return any(suffix_of(name) in reader.suffixes for reader in _READERS)


def reader_for(name: str, data: bytes) -> Reader:
    """The reader of a file: the one of its suffix, else the first that recognises the content."""
    suffix = suffix_of(name)
    named = (r for r in _READERS if suffix in r.suffixes)
    recognised = (r for r in _READERS if r.recognises(data))
    return next(named, None) or next(recognised)


@dataclass(frozen=True)
class FileContent:
    """What reading a file gave: its format and parts, or why it was refused as a whole."""

    format: str
    parts: tuple[RawRecord | RefusedPart, ...] = ()
    refusal: Refusal | None = None


def read_file(name: str, data: bytes, options: ReadOptions) -> FileContent:
    """Read a file of any name; whatever goes wrong becomes a refusal, without its text."""
    if not data:
        return FileContent("", refusal=Refusal("empty", "no byte"))
    chosen = reader_for(name, data)
    try:
        return FileContent(chosen.name, tuple(chosen.read(data, options)))
    except Refusal as refusal:
        return FileContent(chosen.name, refusal=refusal)
    except Exception as error:
        # A library's message may quote the file, so only the kind of error is told.
        return FileContent(chosen.name, refusal=Refusal("malformed", type(error).__name__))


def checked_text(data: bytes, expected: str) -> str:
    """The text of a file that should be text; raises `Refusal` if it is none or shows nothing."""
    if other := binary_type(data):
        raise Refusal("malformed", f"its content is {other}, not {expected}")
    text = decode(data)
    if is_blank(text):
        raise Refusal("empty")
    return text
