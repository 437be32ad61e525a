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
from pathlib import Path

from rakg_assets.ontology.dictionaries import load_dictionaries, shipped_dictionaries
from rakg_assets.ontology.markup import parse_markup
from rakg_assets.sample.census import Census, Defect, GeneratorReport
from rakg_assets.sample.faults import FAULTS, FOLDER, LINK, Entry, Fault
from rakg_assets.sample.layouts import LAYOUT_BY_NAME, LAYOUTS, Layout
from rakg_assets.sample.stays import Stay
from rakg_assets.sample.stream import stays
from rakg_assets.sample.visits import WARD
from rakg_assets.sample.words import Words, by_rank

Progress = Callable[[int, int], None]
_RECORDS_A_DEFECT = 100
_EARLY = 1_420_070_400  # 2015-01-01, before any file that is written now
_ANNOTATED_LAYOUTS = (
    *("text-brackets", "json-sections", "cda", "text-hash", "json-nested", "csv-comma"),
    *("text-colon", "jsonl-sections", "xlsx", "json-flat"),
)


def generate(
    folder: Path,
    count: int = WARD,
    seed: int = 7,
    progress: Progress | None = None,
    dictionaries: Path | None = None,
    defective: int | None = None,
) -> GeneratorReport:
    """Write an inbox of `count` good records and some defective files, a folder a month.

    The default is the paper's size, with one defective file for a hundred records; `defective`
    (at most `count`) asks for another number. Every reason of refusal is there from 13 on. The
    same arguments write the same bytes; memory does not grow with `count`. `progress` gets
    (records done, count).
    """
    known = load_dictionaries(dictionaries or shipped_dictionaries())
    words, census = Words(known), Census()
    writer = _Writer(folder, random.Random(f"files {seed}"))
    wanted = min(count, round(count / _RECORDS_A_DEFECT) if defective is None else defective)
    faults = _Faults(writer, stays(seed + 1, words, wanted))
    for number, stay in enumerate(stays(seed, words, count), 1):
        due = number * wanted // count > len(faults.defects)
        if not (due and faults.spoil(stay)):
            writer.add(stay)
        census.add(stay)
        if progress:
            progress(number, count)
    writer.close()
    return GeneratorReport(
        *(census.records, census.patients, dict(sorted(writer.files.items()))),
        *(dict(sorted(census.months.items())), tuple(faults.defects)),
        *(census.sentences, census.distinct_sentences, census.sentence_records),
        census.concepts({kind: len(d.concepts) for kind, d in known.items()}),
    )


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
    """Puts stays into files; formats that hold many wait in a bucket for the end of their month."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self._folder, self._rng, self._month = folder, rng, ""
        self._buckets: dict[str, list[Stay]] = defaultdict(list)
        self.files: Counter[str] = Counter()

    def add(self, stay: Stay) -> None:
        """Write a good stay in a format that can hold it, the first layouts more often."""
        if stay.month != self._month:
            self.close()
            self._month = stay.month
        layout = by_rank(self._rng, [x for x in LAYOUTS if x.fits(stay)], 0.5)
        self._buckets[layout.name].append(stay)
        if len(self._buckets[layout.name]) == layout.capacity:
            self._flush(layout)

    def close(self) -> None:
        """Write what waits."""
        for name in sorted(self._buckets):
            self._flush(LAYOUT_BY_NAME[name])

    def put(self, entry: Entry) -> None:
        """Make an entry by its name relative to the inbox."""
        path = self._folder / entry.name
        path.parent.mkdir(parents=True, exist_ok=True)
        if entry.kind == FOLDER:
            path.mkdir()
        elif entry.kind == LINK:
            path.symlink_to(entry.content.decode())
        else:
            path.write_bytes(entry.content)
            if entry.early:
                os.utime(path, (_EARLY, _EARLY))

    def _flush(self, layout: Layout) -> None:
        batch = self._buckets.pop(layout.name)
        self.files[layout.name] += 1
        number = f"{self._month}-{layout.name}-{self.files[layout.name]:04d}"
        stem = batch[0].id if layout.capacity == 1 else number
        self.put(Entry(f"{self._month}/{stem}{layout.suffix}", layout.encode(batch)))


class _Faults:
    """Defective files beside the good ones, every kind in turn."""

    def __init__(self, writer: _Writer, spare: Iterator[Stay]) -> None:
        self._writer, self._spare = writer, spare
        self.defects: list[Defect] = []
        self._waiting: list[Fault] = []

    def spoil(self, stay: Stay) -> bool:
        """Write the next fault into the month of a stay; True if the stay was written with it."""
        fault = self._next(stay)
        spare = replace(
            next(self._spare),
            id=f"F{len(self.defects) + 1:06d}",
            admission=stay.admission,
            discharge=stay.discharge,
        )
        entries = fault.make(stay if fault.keeps_stay else spare)
        for entry in entries:
            self._writer.put(entry._replace(name=f"{stay.month}/{entry.name}"))
        self._writer.files["json-sections"] += len(entries) - 1
        file = f"{stay.month}/{entries[-1].name}"
        self.defects.append(Defect(file, fault.outcome, fault.reason))
        return fault.keeps_stay

    def _next(self, stay: Stay) -> Fault:
        """The next kind; one that writes the stay as a table waits for a stay that fits one."""
        self._waiting = self._waiting or list(FAULTS)
        fit = [f for f in self._waiting if not (f.keeps_stay and stay.repeats_a_section)]
        fault = (fit or self._waiting)[0]
        self._waiting.remove(fault)
        return fault
