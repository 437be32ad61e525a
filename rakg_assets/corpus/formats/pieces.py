"""What readers and writers of all formats share: checked sections, and records put together.

A tool holds a section a document, so a reader yields pieces (one section each) and `gather` makes
records of them. Does not belong here: any tool's own syntax.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import accumulate
from typing import TypeGuard

from rakg_assets.corpus.annotated import AnnotatedRecord, Problem, in_order, place_of
from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.corpus.formats.names import assertion_key, entity_key, relation_key

# What content of another shape than expected can raise while it is read.
MALFORMED = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One annotated section and what its file says of its record; `position` orders sections."""

    document: Document
    admission: date | None = None
    discharge: date | None = None
    annotator: str = ""
    source: str = ""
    position: int = 0


@dataclass
class Reading:
    """What came out of one file."""

    pieces: list[Piece] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, place: str, reason: str, remedy: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(place, reason, remedy))


@dataclass(frozen=True, slots=True)
class _Span:
    key: str
    start: int
    end: int
    label: str
    surface: str | None
    assertion: str


class SectionReader:
    """Collects the labels of one section as a tool names them; `document` checks them all.

    Offsets count code points of `text`. Where the tool also gives the marked text, it must agree;
    if more agrees when offsets count UTF-16 units (as JavaScript tools once stored them), they are
    converted. What does not fit is left out and noted in `reading`.
    """

    def __init__(self, text: str, place: str, reading: Reading) -> None:
        self._text, self._place, self._reading = text, place, reading
        self._spans: dict[str, _Span] = {}
        self._relations: list[tuple[str, str, str]] = []

    def entity(
        self,
        key: str,
        start: object,
        end: object,
        label: str,
        surface: str | None = None,
        assertion: str = "present",
    ) -> None:
        """Note an entity; `key` is what relations call it."""
        if key in self._spans:
            self._refuse(f"the id {key} is used twice", "give every entity its own id")
        elif not (_is_offset(start) and _is_offset(end)):
            self._refuse(f"entity {key} has no whole-number offsets", "export it again")
        else:
            self._spans[key] = _Span(
                key, start, end, entity_key(label), surface, assertion_key(assertion)
            )

    def relation(self, label: str, head: str, tail: str) -> None:
        """Note a relation between two entity keys."""
        self._relations.append((relation_key(label), head, tail))

    def document(self, record_id: str, note: str, section: str) -> Document:
        """The section with the labels that hold, in order."""
        spans = [s for s in self._converted() if self._fits(s)]
        position = {span.key: i for i, span in enumerate(spans)}
        relations = []
        for label, head, tail in self._relations:
            if head in position and tail in position:
                relations.append(RelationMention(label, position[head], position[tail]))
            else:
                missing = head if head not in position else tail
                self._refuse(
                    f"a relation names the entity {missing}, which is not in this section",
                    "relations stay within a sentence: mark both ends in it",
                )
        entities = tuple(
            Entity(s.start, s.end, s.label, self._text[s.start : s.end], s.assertion) for s in spans
        )
        return in_order(Document(record_id, self._text, note, section, entities, tuple(relations)))

    def _converted(self) -> list[_Span]:
        """The spans as they are, or read as UTF-16 units if more of them then agree."""
        spans = list(self._spans.values())
        if all(map(self._agrees, spans)):
            return spans
        point = _code_point_of_unit(self._text)
        moved = [replace(s, start=point.get(s.start, -1), end=point.get(s.end, -1)) for s in spans]
        return max(spans, moved, key=lambda reading: sum(map(self._agrees, reading)))

    def _agrees(self, span: _Span) -> bool:
        return 0 <= span.start < span.end <= len(self._text) and (
            span.surface is None
            or _joined(span.surface) == _joined(self._text[span.start : span.end])
        )

    def _fits(self, span: _Span) -> bool:
        if self._agrees(span):
            return True
        self._refuse(
            f"entity {span.key} at {span.start}-{span.end} is not the text marked there",
            "the text changed after it was annotated: annotate this section again",
        )
        return False

    def _refuse(self, reason: str, remedy: str) -> None:
        self._reading.problem(self._place, reason, remedy)


def gather(pieces: Iterable[Piece]) -> tuple[list[AnnotatedRecord], list[Problem]]:
    """Put sections of one record and annotator together, in order of position, then of reading."""
    groups: dict[tuple[str, str], list[Piece]] = {}
    for piece in pieces:
        groups.setdefault((piece.document.id, piece.annotator), []).append(piece)
    problems: list[Problem] = []
    records = [_record(sorted(g, key=lambda p: p.position), problems) for g in groups.values()]
    return sorted(records, key=lambda r: r.key), problems


def _record(pieces: list[Piece], problems: list[Problem]) -> AnnotatedRecord:
    first = pieces[0]
    sections: dict[tuple[str, str], Document] = {}
    for piece in pieces:
        document = piece.document
        if (document.note, document.section) in sections:
            problems.append(
                Problem(
                    f"{piece.source}, {place_of(document)}",
                    "this section was read already for the same annotator; the first one is kept",
                    "name the annotators, or remove one of the two",
                )
            )
        sections.setdefault((document.note, document.section), document)
        if (piece.admission, piece.discharge) != (first.admission, first.discharge):
            problems.append(
                Problem(
                    f"{piece.source}, {place_of(document)}",
                    "its dates differ from those of the record's first section, which are kept",
                    "give every section of a record the same admission and discharge",
                )
            )
    return AnnotatedRecord(
        first.document.id,
        tuple(sections.values()),
        first.admission,
        first.discharge,
        first.annotator,
        first.source,
    )


def read_date(value: object, key: str, place: str, reading: Reading) -> date | None:
    """A date written YYYY-MM-DD, or None; anything else is noted and read as None."""
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        reading.problem(place, f"{key} is no date", "write it as YYYY-MM-DD")
        return None


def is_storable(text: str) -> bool:
    """Whether a text is whole Unicode: half a surrogate pair cannot be stored."""
    return not re.search("[\ud800-\udfff]", text)


def file_stem(record: AnnotatedRecord) -> str:
    """A file name for a record on any system: other signs as %XX, long ids cut and hashed."""
    stem = _safe(record.id) + (f"@{_safe(record.annotator)}" if record.annotator else "")
    if len(stem.encode()) <= 150:
        return stem
    return f"{stem[:30]}~{hashlib.sha256(stem.encode()).hexdigest()[:16]}"


def _safe(name: str) -> str:
    quoted = re.sub(
        r"[^\w-]", lambda m: "".join(f"%{b:02X}" for b in m[0].encode("utf-8", "replace")), name
    )
    return quoted or "%"


def _is_offset(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _code_point_of_unit(text: str) -> dict[int, int]:
    """UTF-16 offset -> code point offset, for every character boundary of a text."""
    units = accumulate((2 if ord(c) > 0xFFFF else 1 for c in text), initial=0)
    return {unit: point for point, unit in enumerate(units)}


def _joined(text: str) -> str:
    """A mention as tools give it back: line breaks as spaces, or written out as `\\n`."""
    return " ".join(text.replace("\\n", " ").split())
