"""Files of an inbox to records: read once, de-identified, kept by hash, refused with a reason.

Belongs here: the settings of an inbox and the way of one file through readers, masking and store.
Does not belong here: verdicts that look beyond a file (`judgement.py`), tables (`manifest.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rakg_assets.admissions.judgement import IGNORED, QUARANTINED, DateRules, Entry, first_day
from rakg_assets.admissions.readers import ReadOptions, read_file, suffix_of
from rakg_assets.admissions.records import RawRecord, Record, RefusedPart, finish, refused
from rakg_assets.admissions.refusals import Refusal
from rakg_assets.admissions.sources import NOT_A_FILE, UNREADABLE, Inbox, Source, read_bytes
from rakg_assets.admissions.store import Parse, ParseStore, parse_key

#: An archive may unpack to this many times the size limit.
_UNPACKED = 8
#: "Today" is the hospitals' day, wherever the program runs.
_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class InboxSettings:
    """What decides how records are read and judged; months are YYYY-MM, `today` is for tests."""

    first_month: str = "2010-01"
    default_month: str | None = None
    max_file_bytes: int = 32 * 2**20
    mapping: Mapping[str, str] | None = None
    today: date | None = None

    @property
    def read_options(self) -> ReadOptions:
        """The part that decides a parse."""
        return ReadOptions(dict(self.mapping or {}), _UNPACKED * self.max_file_bytes)

    @property
    def date_rules(self) -> DateRules:
        """The part that decides which dates may be. Raises ValueError for what is no month."""
        for month in filter(None, (self.first_month, self.default_month)):
            first_day(month)
        today = self.today or datetime.now(_ZONE).date()
        return DateRules(self.first_month, today, self.default_month)


@dataclass
class InboxFile:
    """A file of the inbox with what reading it gave."""

    source: Source
    sha256: str = ""
    format: str = ""
    entries: list[Entry] = field(default_factory=list)

    def refuse(self, outcome: str, reason: str, particulars: str = "") -> InboxFile:
        """The whole file is not taken."""
        record = refused(Refusal(reason, particulars))
        entry = Entry(self.source.name, -1, record, self.source.modified)
        self.entries = [entry.judged(outcome, reason, record.detail)]
        return self


def read_inbox(
    inbox: Inbox,
    settings: InboxSettings,
    store: ParseStore,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[InboxFile]:
    """Every file of an inbox with its records, the text of one file in memory at a time."""
    sources, rules = inbox.sources(), settings.date_rules
    for number, source in enumerate(sources, 1):
        yield _read(inbox, source, settings, rules, store)
        if progress:
            progress(number, len(sources))


def _read(
    inbox: Inbox, source: Source, settings: InboxSettings, rules: DateRules, store: ParseStore
) -> InboxFile:
    """One file: from the store while its bytes stand, else read, parsed and stored."""
    file = InboxFile(source)
    if source.kind == NOT_A_FILE:
        return file.refuse(IGNORED, "not_a_file")
    if source.kind == UNREADABLE:
        return file.refuse(QUARANTINED, "unreadable")
    if source.size > settings.max_file_bytes:
        return file.refuse(QUARANTINED, "too_large", f"{source.size} bytes")
    known = store.sha256(source.name, source.stamp) if source.stamp else None
    parse = store.parse(_key(known, source, settings)) if known else None
    file.sha256 = known or ""
    if parse is None:
        try:
            data = read_bytes(inbox, source, settings.max_file_bytes)
        except Refusal as refusal:
            return file.refuse(QUARANTINED, refusal.reason, refusal.particulars)
        file.sha256 = hashlib.sha256(data).hexdigest()
        store.note_file(source.name, source.stamp, file.sha256)
        key = _key(file.sha256, source, settings)
        parse = store.parse(key) or _parse(source.name, data, settings)
        store.keep(key, parse)
        for record in parse.records:
            if record.reason is None and rules.fault(rules.dated(record)) is None:
                store.keep_sections(record)
    file.format = parse.format
    numbers = [-1] if parse.whole else range(len(parse.records))
    file.entries = [
        Entry(source.name, number, replace(record, sections=()), source.modified)
        for number, record in zip(numbers, parse.records, strict=True)
    ]
    return file


def _key(sha256: str, source: Source, settings: InboxSettings) -> str:
    options = settings.read_options
    decides = {
        "suffix": suffix_of(source.name),
        "mapping": options.mapping,
        "unpacked": options.max_unpacked_bytes,
    }
    return parse_key(sha256, decides)


def _parse(name: str, data: bytes, settings: InboxSettings) -> Parse:
    content = read_file(name, data, settings.read_options)
    if content.refusal:
        return Parse(content.format, (refused(content.refusal),), whole=True)
    return Parse(content.format, tuple(_finished(part) for part in content.parts))


def _finished(part: RawRecord | RefusedPart) -> Record:
    """A record de-identified and hashed, or refused for what only then shows."""
    if isinstance(part, RefusedPart):
        return refused(part.refusal)
    try:
        return finish(part)
    except Refusal as refusal:
        return refused(refusal, part.place)
    except OSError:
        # Word lists that are missing are no fault of the record.
        raise
    except Exception as error:
        return refused(Refusal("malformed", type(error).__name__), part.place)


def keep_missing(
    inbox: Inbox,
    file: InboxFile,
    accepted: Sequence[Entry],
    settings: InboxSettings,
    store: ParseStore,
) -> None:
    """Store the text of accepted records that had been refused when their file was last read."""
    missing = {e.record.content_sha256 for e in accepted} - {""}
    missing = {content for content in missing if not store.holds(content)}
    if missing:
        parse = _parse(file.source.name, _bytes(inbox, file, settings), settings)
        for record in parse.records:
            if record.content_sha256 in missing:
                store.keep_sections(record)


def refused_contents(
    inbox: Inbox, file: InboxFile, bad: Sequence[Entry], settings: InboxSettings
) -> list[tuple[str, str, str]]:
    """(place, reason, content) of the refused parts; the store holds none of it: read again."""
    data = _bytes(inbox, file, settings)
    parts = read_file(file.source.name, data, settings.read_options).parts
    contents = {number: part.raw for number, part in enumerate(parts)}
    return [(e.record.place, e.reason or "", contents.get(e.number, "")) for e in bad]


def _bytes(inbox: Inbox, file: InboxFile, settings: InboxSettings) -> bytes:
    """The bytes of a file that was read before; none if it has gone since."""
    try:
        return read_bytes(inbox, file.source, settings.max_file_bytes)
    except Refusal:
        return b""
