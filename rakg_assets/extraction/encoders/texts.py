"""Texts to pre-train an encoder on, read from files, and terms joined into texts.

Belongs here: which files there are, their formats, how often each is read, term lists. Does not
belong here: records of the inbox (`admissions/`), or rows of characters (`masking.py`).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
import random
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rakg_assets.ontology.dictionaries import Dictionary

_OPENERS = {"": open, ".xz": lzma.open, ".gz": gzip.open}
_KINDS = (".txt", ".tsv", ".jsonl")
_DAMAGED = (EOFError, lzma.LZMAError, gzip.BadGzipFile, zlib.error)
# A file of terms has lines so short; rows of about a dozen of them read like lists in records.
_SHORT, _LIST = 16, 12


class TextFileError(ValueError):
    """A file of texts that cannot be read; the message names file, line, reason and remedy."""


@dataclass(frozen=True)
class TextSet:
    """Texts of one origin; `again` holds them as they are read the second time and on."""

    name: str
    texts: tuple[str, ...]
    again: tuple[str, ...] = ()
    times: int = 1


@dataclass(frozen=True)
class TextSource:
    """A file or folder of texts that is read `times` in each pass."""

    path: Path
    times: int = 1

    @classmethod
    def parse(cls, value: str) -> TextSource:
        """A path, or `PATH*3` to read it three times in each pass. Raises `TextFileError`."""
        named = re.fullmatch(r"(.+?)(?:\*(\d+))?", value, re.DOTALL)
        if not named or (named[2] is not None and int(named[2]) == 0):
            raise TextFileError(f"{value}: no file of texts; write FILE or FILE*N with N from 1")
        return cls(Path(named[1]).expanduser(), int(named[2] or 1))

    def read(self, seed: int = 0) -> TextSet:
        """All texts of the files. A list of terms has another order each time."""
        once: list[str] = []
        more: list[str] = []
        for path in _files(self.path):
            lines = [text for text in (t.strip() for t in _read(path)) if text]
            if not lines:
                raise TextFileError(f"{path}: holds no text; name a file with a text a line")
            terms = _kind(path) != ".jsonl" and median(map(len, lines)) < _SHORT
            for time in range(self.times):
                draw = random.Random(f"{seed} {path.name} {time}")
                read = term_lists(map(_term, lines), draw) if terms else lines
                (more if time else once).extend(read)
        return TextSet(self.path.name, tuple(once), tuple(more), self.times)


def all_texts(sets: Iterable[TextSet]) -> list[str]:
    """Everything that is read in a pass."""
    return [text for each in sets for text in (*each.texts, *each.again)]


def kept_back(texts: Sequence[str], share: float) -> tuple[list[str], list[str]]:
    """The texts to read, and those that are only to judge by: a `share` of the characters, or one.

    All copies of a text go the same way, or the figures would be of what was learnt by heart.
    Which ones are kept back depends on the texts alone.
    """
    order = sorted(set(texts), key=lambda t: hashlib.sha256(_bytes(t)).digest())
    wanted, count = share * sum(map(len, order)), 0
    held: set[str] = set()
    for text in order:
        if held and count >= wanted:
            break
        held.add(text)
        count += len(text)
    return [text for text in texts if text not in held], sorted(held)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def term_lists(terms: Iterable[str], draw: random.Random) -> list[str]:
    """Terms in random order, a dozen at a time with 、 between them."""
    order = list(terms)
    draw.shuffle(order)
    return ["、".join(order[i : i + _LIST]) for i in range(0, len(order), _LIST)]


def dictionary_texts(dictionaries: Mapping[Any, Dictionary], seed: int = 0) -> TextSet:
    """The names and aliases of each dictionary as lists of terms."""
    texts: list[str] = []
    for kind, dictionary in dictionaries.items():
        names = dict.fromkeys(n for c in dictionary.concepts for n in (*c.names, *c.ambiguous))
        texts += term_lists(names, random.Random(f"{seed} {kind}"))
    return TextSet("dictionaries", tuple(texts))


def _files(path: Path) -> Sequence[Path]:
    if path.is_file():
        _kind(path)
        return [path]
    if not path.exists():
        raise TextFileError(f"{path}: no such file or folder; check the path")
    found = sorted(p for p in path.rglob("*") if p.is_file() and _ending(p) in _KINDS)
    if not found:
        raise TextFileError(f"{path}: no file {_wanted()} in it; name a folder with texts")
    return found


def _kind(path: Path) -> str:
    if (ending := _ending(path)) not in _KINDS:
        raise TextFileError(f"{path}: not a file of texts; name a file {_wanted()}")
    return ending


def _ending(path: Path) -> str:
    packed = path.suffix.lower() in _OPENERS
    return Path(path.stem).suffix.lower() if packed else path.suffix.lower()


def _wanted() -> str:
    return f"{', '.join(_KINDS)}, or one of them .xz or .gz"


def _read(path: Path) -> Iterator[str]:
    kind = _kind(path)
    for number, line in enumerate(_lines(path), 1):
        if kind == ".jsonl":
            yield _json_text(line, f"{path}, line {number}") if line.strip() else ""
        else:
            yield line.rsplit("\t", 1)[-1] if kind == ".tsv" else line


def _lines(path: Path) -> Iterator[str]:
    opener = _OPENERS.get(path.suffix.lower(), open)
    number = 0
    try:
        with opener(path, "rb") as file:
            for number, line in enumerate(file, 1):
                yield line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise TextFileError(f"{path}, line {number}: not UTF-8; save it as UTF-8") from None
    except _DAMAGED:
        raise TextFileError(f"{path}, after line {number}: damaged; pack it again") from None


def _json_text(line: str, place: str) -> str:
    try:
        text = json.loads(line)["text"]
    except (ValueError, KeyError, TypeError):
        text = None
    if not isinstance(text, str):
        raise TextFileError(f'{place}: not an object with a "text"; write {{"text": "…"}} a line')
    return text.replace("\n", " ")


def _term(line: str) -> str:
    """A term without its frequency, which some lists have behind a tab."""
    return line.split("\t", 1)[0].strip()
