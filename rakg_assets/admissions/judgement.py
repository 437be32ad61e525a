"""Which records are taken: dates that may be, and one winner among those with the same id.

Belongs here: rules that depend on today, on settings or on other files, so that they are judged
anew in every run. Does not belong here: what a file alone decides (`readers/`, `records.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from rakg_assets.admissions.records import Record
from rakg_assets.admissions.refusals import describe

ACCEPTED, QUARANTINED, IGNORED = "accepted", "quarantined", "ignored"


@dataclass(frozen=True)
class Entry:
    """A record of a file, or the file itself (`number` -1), with its verdict."""

    file: str
    number: int
    record: Record
    modified: float = 0.0
    outcome: str = ACCEPTED
    reason: str | None = None
    detail: str = ""

    def judged(self, outcome: str, reason: str, detail: str = "") -> Entry:
        """The same entry, not taken for a reason."""
        return replace(self, outcome=outcome, reason=reason, detail=detail or describe(reason))


@dataclass(frozen=True)
class DateRules:
    """The dates that a record may have; `default_month` is for records without any date."""

    first_month: str
    today: date
    default_month: str | None = None

    def dated(self, record: Record) -> Record:
        """The record with the first of the default month where it has no date at all."""
        if record.admission or record.discharge or not self.default_month:
            return record
        return replace(record, admission=first_day(self.default_month))

    def fault(self, record: Record) -> str | None:
        """The reason code of the first rule that a record breaks."""
        if record.admission is None:
            return "no_admission_date"
        last = record.discharge or record.admission
        if record.admission < first_day(self.first_month) or self.today < max(
            record.admission, last
        ):
            return "date_out_of_range"
        return "discharge_before_admission" if last < record.admission else None


class MonthError(ValueError):
    """A month that is none; the message says how to write one."""


def first_day(month: str) -> date:
    """The first day of a month YYYY-MM. Raises `MonthError` for anything else."""
    year, _, number = month.partition("-")
    try:
        return date(int(year), int(number), 1)
    except ValueError:
        raise MonthError(f"{month}: no month; write YYYY-MM") from None


def judge(entries: Iterable[Entry], rules: DateRules) -> list[Entry]:
    """Every entry with its verdict, in the given order."""
    judged = [_judge_alone(entry, rules) for entry in entries]
    by_id: dict[str, list[int]] = {}
    for position, entry in enumerate(judged):
        if entry.outcome == ACCEPTED and entry.record.record_id:
            by_id.setdefault(entry.record.record_id, []).append(position)
    for positions in by_id.values():
        if len(positions) > 1:
            _judge_duplicates(judged, positions)
    return judged


def _judge_alone(entry: Entry, rules: DateRules) -> Entry:
    if entry.outcome != ACCEPTED:
        return entry
    if entry.record.reason:
        return entry.judged(QUARANTINED, entry.record.reason, entry.record.detail)
    entry = replace(entry, record=rules.dated(entry.record))
    fault = rules.fault(entry.record)
    return entry.judged(QUARANTINED, fault) if fault else entry


def _judge_duplicates(entries: list[Entry], positions: list[int]) -> None:
    """The latest text wins, and of files with that text the earliest stands for it."""
    ordered = sorted(positions, key=lambda position: _age(entries[position]))
    winning = entries[ordered[-1]].record.likeness
    stands = next(p for p in ordered if entries[p].record.likeness == winning)
    for position in ordered:
        if position == stands:
            continue
        if entries[position].record.likeness == winning:
            entries[position] = entries[position].judged(IGNORED, "identical_copy")
        else:
            entries[position] = entries[position].judged(QUARANTINED, "duplicate_id")


def _age(entry: Entry) -> tuple[tuple[int, ...], float, str, int]:
    """Later by version number, then modification time, then file name, then line."""
    return entry.record.version, entry.modified, entry.file, entry.number
