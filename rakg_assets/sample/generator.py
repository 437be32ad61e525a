"""Writes inboxes: generated discharge records in every format, and the hand-written ones.

Generated records are for scale and demonstration; model quality is never measured on them.
Does not belong here: texts (`notes.py`), persons (`people.py`) or file formats (`layouts.py`).
"""

from __future__ import annotations

import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from rakg_assets.ontology.dictionaries import load_dictionaries, shipped_dictionaries
from rakg_assets.ontology.markup import parse_markup
from rakg_assets.sample.faults import FAULTS, PARTIAL_FAULT
from rakg_assets.sample.layouts import LAYOUT_BY_NAME, LAYOUTS, Layout
from rakg_assets.sample.stays import Stay
from rakg_assets.sample.stories import Words, by_rank
from rakg_assets.sample.stream import stays

Progress = Callable[[int, int], None]
_RECORDS_A_FAULT = 66
_OLD_TIME = 1_530_403_200  # 2018-07-01, before any file that is written now
_ANNOTATED_LAYOUTS = (
    *("text-brackets", "json-sections", "cda", "text-hash", "json-nested", "csv-comma"),
    *("text-colon", "jsonl-sections", "xlsx", "json-flat"),
)


def generate(
    folder: Path,
    count: int = 300,
    seed: int = 7,
    progress: Progress | None = None,
    dictionaries: Path | None = None,
) -> dict[str, Any]:
    """Write an inbox of `count` good records and some files to refuse, a folder a month.

    The same arguments write the same bytes. Returns the numbers of records, of files by format,
    of records by month and of refused files by reason; `progress` gets (records done, count).
    """
    words = Words(load_dictionaries(dictionaries or shipped_dictionaries()))
    writer = _Writer(folder, random.Random(f"files {seed}"))
    faults = _Faults(writer, stays(seed + 1, words), count)
    for number, stay in enumerate(islice(stays(seed, words), count), 1):
        if not faults.take(number, stay):
            writer.add(stay)
        if progress:
            progress(number, count)
    writer.close()
    return {
        "records": count,
        "files": dict(sorted(writer.files.items())),
        "months": dict(sorted(writer.months.items())),
        "refused": dict(sorted(writer.refused.items())),
    }


def write_annotated(records_folder: Path, folder: Path) -> dict[str, int]:
    """Write the annotated records of a folder as inbox files of mixed formats, marks stripped.

    Ids, sections, texts and dates are those of the markup, so that gold and inbox agree. Returns
    the number of files by format. Raises `MarkupError` or ValueError naming the file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: Counter[str] = Counter()
    for number, path in enumerate(sorted(records_folder.glob("*.txt"))):
        stay = _read_annotated(path)
        turn = number % len(_ANNOTATED_LAYOUTS)
        names = (*_ANNOTATED_LAYOUTS[turn:], *_ANNOTATED_LAYOUTS[:turn])
        layout = next(LAYOUT_BY_NAME[n] for n in names if LAYOUT_BY_NAME[n].fits(stay))
        (folder / f"{stay.id}{layout.suffix}").write_bytes(layout.encode([stay]))
        written[layout.name] += 1
    return dict(sorted(written.items()))


def _read_annotated(path: Path) -> Stay:
    record = parse_markup(path.read_text(encoding="utf-8"), path.name)
    sections = tuple((s.note, s.section, s.text) for s in record.sections)
    try:
        admission = date.fromisoformat(record.attributes["admission"])
        discharge = record.attributes.get("discharge")
        left = date.fromisoformat(discharge) if discharge else None
        return Stay(record.attributes["id"], admission, left, sections)
    except (KeyError, ValueError) as error:
        remedy = "write id=… admission=YYYY-MM-DD discharge=YYYY-MM-DD"
        raise ValueError(f"{path.name}, #RECORD line: {error}; {remedy}") from None


class _Writer:
    """Puts stays into files; formats that hold many wait in a bucket a month until it is full."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self._folder, self.rng = folder, rng
        self._buckets: dict[tuple[str, str], list[Stay]] = defaultdict(list)
        self.files: Counter[str] = Counter()
        self.months: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def add(self, stay: Stay) -> None:
        """Write a good stay in a format that can hold it, the first layouts more often."""
        self.months[stay.month] += 1
        layout = by_rank(self.rng, [x for x in LAYOUTS if x.fits(stay)], 0.5)
        bucket = self._buckets[stay.month, layout.name]
        bucket.append(stay)
        if len(bucket) == layout.capacity:
            self._flush(stay.month, layout)

    def close(self) -> None:
        """Write the buckets that are not full."""
        for month, name in sorted(self._buckets):
            self._flush(month, LAYOUT_BY_NAME[name])

    def write(self, name: str, content: bytes) -> Path:
        """Write a file of the inbox by its name relative to it."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def _flush(self, month: str, layout: Layout) -> None:
        batch = self._buckets.pop((month, layout.name), [])
        if not batch:
            return
        self.files[layout.name] += 1
        number = f"{month}-{layout.name}-{self.files[layout.name]:04d}"
        stem = batch[0].id if layout.capacity == 1 else number
        self.write(f"{month}/{stem}{layout.suffix}", layout.encode(batch))


class _Faults:
    """Now and then a file to refuse beside the good ones, every kind in turn."""

    def __init__(self, writer: _Writer, spare: Iterator[Stay], count: int) -> None:
        self._writer, self._spare = writer, spare
        self._kinds: list[Callable[[int, Stay], bool]] = [
            *[self._spoil] * len(FAULTS),
            self._older_version,
            self._partial,
        ]
        self._step = max(1, min(_RECORDS_A_FAULT, count // (len(self._kinds) + 1)))
        self._turn = 0

    def take(self, number: int, stay: Stay) -> bool:
        """Write the next fault if it is time; True if `stay` went into it."""
        if number % self._step:
            return False
        kind = self._turn % len(self._kinds)
        self._turn += 1
        return self._kinds[kind](kind, stay)

    def _spoil(self, kind: int, stay: Stay) -> bool:
        reason, fault = FAULTS[kind]
        spare = next(self._spare)
        spoiled = replace(spare, id=f"F{self._turn:06d}")
        suffix, content = fault(spoiled)
        self._writer.write(f"{spoiled.month}/{spoiled.id}{suffix}", content)
        self._writer.refused[reason] += 1
        return False

    def _older_version(self, kind: int, stay: Stay) -> bool:
        """An earlier text under the id of a good stay: by time and by name the earlier one."""
        note, section, text = stay.sections[0]
        older = replace(stay, sections=((note, section, f"（草稿）{text}"), *stay.sections[1:]))
        layout = LAYOUT_BY_NAME["json-sections"]
        name = f"{stay.month}/0-{stay.id}{layout.suffix}"
        os.utime(self._writer.write(name, layout.encode([older])), (_OLD_TIME, _OLD_TIME))
        self._writer.refused["duplicate_id"] += 1
        return False

    def _partial(self, kind: int, stay: Stay) -> bool:
        reason, fault = PARTIAL_FAULT
        suffix, content = fault(stay)
        self._writer.write(f"{stay.month}/{stay.id}{suffix}", content)
        self._writer.months[stay.month] += 1
        self._writer.refused[f"{reason} (in part)"] += 1
        return True
