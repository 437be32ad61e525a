"""Lists of codes and names, one entry a row: what the two national classifications share.

Belongs here: columns, bad codes, what lies under a code. Does not belong here: which code is the
parent of which (`icd10.py`, `icd9cm3.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from rakg_assets.ontology.codes import CODE_PATTERNS, is_code
from rakg_assets.ontology.importers.tables import Layout, Record, table_records
from rakg_assets.ontology.importers.terms import ReadOptions, Skipped, clean_code

#: x fills a place of a code, while X is a chapter.
_FILLER = re.compile(r"(?<=[.\d])X")
_MANIFESTATION = re.compile(r"[A-Z]\d\d(\.\d+)?\*")
NOT_UNDER = "not under the codes asked for"


def coded_layout(
    system: str, codes: Sequence[str], names: Sequence[str], **others: Sequence[str]
) -> Layout:
    """The columns `code` and `name`, which may stand without header, and others."""
    headings = {"code": codes, "name": names, "name_en": ("英文名称", "英文名"), **others}
    return Layout(headings, ("code", "name"), ("code", "name"), CODE_PATTERNS[system])


def coded_records(
    path: Path, layout: Layout, system: str, options: ReadOptions
) -> Iterator[tuple[str, Record] | Skipped]:
    """Rows with a sound code and a name, with that code; others are skipped.

    Raises `TermListError` as `table_records` does.
    """
    for record in table_records(path, layout, options.sheet):
        if isinstance(record, Skipped):
            yield record
            continue
        code = _code(record)
        reason = _fault(code, record, system)
        if reason:
            yield Skipped(reason, record.place, record.text)
        elif options.under and not code.startswith(options.under):
            yield Skipped(NOT_UNDER)
        else:
            yield code, record


def _code(record: Record) -> str:
    """The code as the dictionaries write it: A02.202+M01.3*, M06.900x001.

    The code of the manifestation (附加编码) may stand in a column of its own; others that stand
    there, like those of the morphology of tumours, say nothing that the main code does not.
    """
    main, extra = (_spelled(record[column]) for column in ("code", "extra"))
    return f"{main}+{extra}" if _MANIFESTATION.fullmatch(extra) else main


def _spelled(code: str) -> str:
    return _FILLER.sub("x", clean_code(code).upper().replace("†", "+").rstrip("+"))


def _fault(code: str, record: Record, system: str) -> str:
    if not code:
        return "no code"
    if not record["name"]:
        return "no name"
    if "code" in record.numbers:
        return "the code is a number, which may have lost zeros: format the column as text"
    return "" if is_code(system, code) else "no code of this classification"
