"""Records in our own markup, as annotators write them: the text with the marks taken out.

Belongs here: the way from the markup to a record. Does not belong here: its grammar
(`ontology/markup.py`) or the annotations in it (`corpus/annotations.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rakg_assets.admissions.fields import date_value, id_value, version_value
from rakg_assets.admissions.readers.registry import Parts
from rakg_assets.admissions.records import RawRecord, RefusedPart
from rakg_assets.admissions.refusals import Refusal
from rakg_assets.ontology.markup import HEADER, MarkupError, parse_markup
from rakg_assets.ontology.sections import WHOLE, in_note, section_named

_RECORD = re.compile(rf"^(?={re.escape(HEADER)})", re.MULTILINE)


def read_marked(text: str) -> Parts:
    """The records of a text in markup, each of which begins with its own header line."""
    pieces = [piece for piece in _RECORD.split(text.lstrip("\ufeff")) if piece.strip()]
    for number, piece in enumerate(pieces, 1):
        place = f"record {number}" if len(pieces) > 1 else ""
        yield from _read(piece, place)


def _read(piece: str, place: str) -> Iterator[RawRecord | RefusedPart]:
    try:
        marked = parse_markup(piece)
    except MarkupError:
        yield RefusedPart(Refusal("malformed", "a line does not fit the markup", place), piece)
        return
    given = marked.attributes
    sections = [(section_named(s.section) or WHOLE, s) for s in marked.sections]
    yield RawRecord(
        place,
        id_value(given.get("id")),
        date_value(given.get("admission")),
        date_value(given.get("discharge")),
        version_value(given.get("version")),
        [(in_note(section, s.note), s.text) for section, s in sections],
        raw=piece,
    )
