"""The inbox as a table: every file and record once, with outcome, reason and month.

Belongs here: the order of work over a whole inbox, and the tables made of its result. Does not
belong here: files and formats (`intake.py`), verdicts (`judgement.py`), copies (`quarantine.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from rakg_assets.admissions import quarantine as copies
from rakg_assets.admissions.fields import load_mapping
from rakg_assets.admissions.intake import (
    InboxFile,
    InboxSettings,
    keep_missing,
    read_inbox,
    refused_contents,
)
from rakg_assets.admissions.judgement import ACCEPTED, IGNORED, QUARANTINED, Entry, judge
from rakg_assets.admissions.sources import Inbox, open_inbox
from rakg_assets.admissions.store import ParseStore
from rakg_assets.ontology.tables import TABLES

__all__ = [
    "InboxSettings",
    "build_manifest",
    "file_report",
    "load_mapping",
    "month_hashes",
    "quarantined_files",
    "raw_records",
]

PARTIAL = "partial"


def build_manifest(
    inbox: str,
    settings: InboxSettings,
    cache: Path | None,
    quarantine: Path | None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Read an inbox: table `inbox_manifest`, one row a record and one for each file without any.

    Args:
        inbox: a folder or an fsspec URL; links are not followed.
        settings: size limit, months, column names.
        cache: folder of de-identified parses, so that an unchanged file is not read again.
        quarantine: folder for copies of what is refused; what is refused no more is removed.
        progress: called with the number of files done and of all.

    With neither `cache` nor `quarantine`, nothing is written. Raises `InboxError` for an inbox
    that cannot be listed, ValueError for a setting that is no month.
    """
    rules = settings.date_rules
    # A home inside the inbox is no part of it.
    own = [path for path in (cache, quarantine, quarantine and quarantine.parent) if path]
    opened = open_inbox(inbox, own)
    store = ParseStore(cache)
    try:
        files = list(read_inbox(opened, settings, store, progress))
        entries = judge((entry for file in files for entry in file.entries), rules)
        by_file = _grouped(entries)
        for file in files:
            keep_missing(opened, file, _accepted(by_file[file.source.name]), settings, store)
        kept = _copy_refused(opened, files, by_file, settings, store, quarantine)
        contents = {entry.record.content_sha256 for entry in _accepted(entries)}
        store.forget_others(by_file, contents, kept)
    finally:
        store.close()
    facts = {file.source.name: file for file in files}
    rows = [_row(facts[entry.file], entry) for entry in entries]
    return pd.DataFrame(rows, columns=TABLES["inbox_manifest"].column_names)


def _copy_refused(
    inbox: Inbox,
    files: Sequence[InboxFile],
    by_file: Mapping[str, Sequence[Entry]],
    settings: InboxSettings,
    store: ParseStore,
    folder: Path | None,
) -> list[str]:
    """Make the copies that are wanted, take others away; the names of those that are wanted."""
    whole = {
        name: outcome == QUARANTINED
        for name, group in by_file.items()
        if (outcome := _file_outcome([e.outcome for e in group])) in (QUARANTINED, PARTIAL)
    }
    names = copies.copy_names(whole)
    if folder is None:
        return []
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    copies.remove_others(folder, names.values())
    for file in files:
        name = file.source.name
        if name not in names:
            continue
        bad = [entry for entry in by_file[name] if entry.outcome == QUARANTINED]
        signature = _signature(file, bad, whole[name])
        target = folder / names[name]
        if store.copy_signature(names[name]) == signature and target.is_file():
            continue
        if whole[name]:
            copies.copy_whole(inbox, file.source, target)
        else:
            copies.copy_parts(refused_contents(inbox, file, bad, settings), target)
        store.note_copy(names[name], signature)
    return list(names.values())


def _signature(file: InboxFile, bad: Sequence[Entry], whole: bool) -> str:
    told = [file.source.stamp, file.sha256, whole, [(e.number, e.reason) for e in bad]]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _grouped(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.file, []).append(entry)
    return groups


def _accepted(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.outcome == ACCEPTED]


def _row(file: InboxFile, entry: Entry) -> dict[str, object]:
    record, accepted = entry.record, entry.outcome == ACCEPTED
    return {
        "file": entry.file,
        "entry": entry.number,
        "place": record.place,
        "sha256": file.sha256,
        "size": file.source.size,
        "format": file.format,
        "outcome": entry.outcome,
        "reason": entry.reason,
        "detail": entry.detail,
        "record_id": record.record_id,
        "admission": record.admission,
        "discharge": record.discharge,
        "month": record.admission.strftime("%Y-%m") if accepted and record.admission else None,
        "content_sha256": record.content_sha256 or None,
    }


def _file_outcome(outcomes: Sequence[str]) -> str:
    """Accepted, partial, quarantined or ignored, from the verdicts on a file's records."""
    if ACCEPTED in outcomes:
        return PARTIAL if QUARANTINED in outcomes else ACCEPTED
    return QUARANTINED if QUARANTINED in outcomes else IGNORED


def file_report(manifest: pd.DataFrame) -> list[dict[str, object]]:
    """The inbox report: one object a file with outcome, number of records, months and reason."""
    columns = (manifest[c] for c in ("file", "outcome", "reason", "month"))
    by_file: dict[str, list[tuple[str, str, str]]] = {}
    for file, *verdict in zip(*columns, strict=True):
        by_file.setdefault(file, []).append(tuple(verdict))
    return [_report(file, verdicts) for file, verdicts in sorted(by_file.items())]


def _report(file: str, verdicts: Sequence[tuple[str, str, str]]) -> dict[str, object]:
    outcome = _file_outcome([verdict for verdict, _, _ in verdicts])
    untaken = IGNORED if outcome == IGNORED else QUARANTINED
    reasons = [reason for verdict, reason, _ in verdicts if verdict == untaken]
    months = [month for verdict, _, month in verdicts if verdict == ACCEPTED]
    return {
        "file": file,
        "outcome": outcome,
        "records": len(months),
        "months": sorted(set(months)),
        "reason": reasons[0] if reasons else None,
    }


def quarantined_files(manifest: pd.DataFrame, quarantine: Path) -> pd.DataFrame:
    """Table `quarantined_files`: what was refused and where its copy lies.

    `copy` is empty where there is none, because the file could not be read.
    """
    outcomes = {row["file"]: row["outcome"] for row in file_report(manifest)}
    whole = {f: o == QUARANTINED for f, o in outcomes.items() if o in (QUARANTINED, PARTIAL)}
    names = copies.copy_names(whole)
    rows = manifest[manifest["outcome"] == QUARANTINED].copy()
    rows["copy"] = [_copy_path(quarantine, names[file]) for file in rows["file"]]
    return rows[TABLES["quarantined_files"].column_names].reset_index(drop=True)


def _copy_path(quarantine: Path, name: str) -> str:
    return f"{quarantine.name}/{name}" if (quarantine / name).is_file() else ""


def raw_records(manifest: pd.DataFrame, months: Sequence[str], cache: Path) -> pd.DataFrame:
    """Table `raw_records` of some months, from the de-identified parses that the manifest made.

    Raises ValueError if the cache lacks a record of the manifest.
    """
    wanted = manifest["month"].isin(list(months)) & (manifest["outcome"] == ACCEPTED)
    columns = TABLES["raw_records"].column_names
    store, rows = ParseStore(cache), []
    try:
        for entry in manifest[wanted].sort_values(["month", "record_id"]).to_dict("records"):
            sections = store.sections(entry["content_sha256"])
            if sections is None:
                raise ValueError(
                    f"{cache}: a record of {entry['file']} is missing; build inbox_manifest again"
                )
            shared = {c: entry.get(c) for c in ("record_id", "month", "admission", "discharge")}
            shared["discharge"] = None if pd.isna(shared["discharge"]) else shared["discharge"]
            rows += [
                {**shared, "note": n, "section": s, "text": t, "source": entry["file"]}
                for n, s, t in sections
            ]
    finally:
        store.close()
    return pd.DataFrame(rows, columns=columns)


def month_hashes(manifest: pd.DataFrame) -> dict[str, str]:
    """A hash of each month's accepted records: it changes when their rows would."""
    taken = manifest[manifest["outcome"] == ACCEPTED].sort_values("record_id")
    columns = ["record_id", "admission", "discharge", "content_sha256", "file"]
    digests: dict[str, hashlib._Hash] = {}
    for month, *values in zip(taken["month"], *(taken[c] for c in columns), strict=True):
        digest = digests.setdefault(month, hashlib.sha256())
        digest.update(json.dumps(["" if pd.isna(v) else str(v) for v in values]).encode())
    return {month: digest.hexdigest() for month, digest in sorted(digests.items())}
