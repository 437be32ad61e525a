"""Annotations read from and written to the tools' formats, and their table.

Belongs here: which file is which format, and what an export could not hold, found by reading it
back. Does not belong here: a format's syntax (`formats/`), the rules of labelling (`guideline.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, replace
from pathlib import Path

import pandas as pd

from rakg_assets.corpus.annotated import AnnotatedRecord, Problem, in_order, place_of
from rakg_assets.corpus.consistency import EXCEPTIONS
from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.formats import FORMATS, Format, brat, label_studio
from rakg_assets.corpus.formats.pieces import MALFORMED, Piece, gather
from rakg_assets.ontology.markup import is_markup
from rakg_assets.ontology.tables import TABLES

__all__ = [
    "AnnotatedRecord",
    "Problem",
    "annotation_table",
    "read_annotations",
    "write_annotations",
]

_SILENT = {brat.SIDECAR, brat.CONFIG, "visual.conf", "tools.conf", label_studio.CONFIG, EXCEPTIONS}
_BY_SUFFIX = {".ann": "brat", ".json": "label_studio", ".jsonl": "doccano", ".ndjson": "doccano"}


def read_annotations(path: Path) -> tuple[list[AnnotatedRecord], list[Problem]]:
    """Read a file, or a folder with its sub-folders, of any mixture of the formats.

    Records come in order of id and annotator. A file that cannot be read becomes a problem and
    stops no other; links are not followed.
    """
    return _read(path, FORMATS.values())


def write_annotations(records: Iterable[AnnotatedRecord], format: str, target: Path) -> list[str]:
    """Write records into the folder `target`; says what the format could not hold, a sentence each.

    Raises ValueError for a format that is not one of `FORMATS`.
    """
    if format not in FORMATS:
        raise ValueError(f"no annotation format {format}; choose one of {', '.join(FORMATS)}")
    chosen = FORMATS[format]
    first: dict[tuple[str, str], AnnotatedRecord] = {}
    losses = []
    for record in records:
        ordered = replace(record, sections=tuple(in_order(d) for d in record.sections))
        if first.setdefault(record.key, ordered) is not ordered:
            losses.append(f"{record.id}: the same record and annotator twice; the first is written")
    chosen.write(first.values(), target)
    held = {record.key: record for record in _read(target, [chosen])[0]}
    for record in first.values():
        losses += _losses(record, held.get(record.key), chosen.LIMITS)
    return losses


def annotation_table(records: Iterable[AnnotatedRecord]) -> pd.DataFrame:
    """The table `annotations`: a row a section, by record id and annotator, sections in order."""
    rows = [
        (
            record.id,
            record.admission,
            record.discharge,
            document.note,
            document.section,
            document.text,
            [dict(zip(_ENTITY_FIELDS, astuple(e), strict=False)) for e in document.entities],
            [dict(zip(_RELATION_FIELDS, astuple(r), strict=False)) for r in document.relations],
            record.annotator,
            record.source,
        )
        for record in sorted(records, key=lambda r: r.key)
        for document in map(in_order, record.sections)
    ]
    return pd.DataFrame(rows, columns=TABLES["annotations"].column_names)


_ENTITY_FIELDS = ("start", "end", "label", "text", "assertion")
_RELATION_FIELDS = ("label", "head", "tail")


def _read(path: Path, formats: Iterable[Format]) -> tuple[list[AnnotatedRecord], list[Problem]]:
    wanted = {f.NAME for f in formats}
    pieces: list[Piece] = []
    problems: list[Problem] = []
    for file, name in _files(path):
        try:
            chosen = _format_of(file)
            if chosen in wanted:
                reading = FORMATS[chosen].read(file, name)
                pieces += reading.pieces
                problems += reading.problems
        except (OSError, *MALFORMED) as error:
            reason = f"cannot be read ({type(error).__name__})"
            problems.append(Problem(name, reason, "export it again as UTF-8, or remove it"))
    if not path.exists():
        problems.append(Problem(path.name, "does not exist", "give the folder of the annotations"))
    records, doubts = gather(pieces)
    return records, problems + doubts


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """Files in order of name, with the name that messages use."""
    if path.is_file():
        yield path, path.name
        return
    for file in sorted(path.rglob("*")):
        relative = file.relative_to(path)
        hidden = any(part.startswith(".") for part in relative.parts)
        if file.is_file() and not file.is_symlink() and not hidden:
            yield file, relative.as_posix()


def _format_of(file: Path) -> str:
    """The format's name; empty for what only accompanies annotations. Raises ValueError."""
    if file.name in _SILENT or (file.suffix == ".txt" and file.with_suffix(".ann").exists()):
        return ""
    if file.suffix in _BY_SUFFIX:
        return _BY_SUFFIX[file.suffix]
    if file.suffix == ".txt" and is_markup(file.read_bytes().decode()):
        return "markup"
    raise ValueError("neither markup nor the export of a known tool")


def _losses(
    record: AnnotatedRecord, held: AnnotatedRecord | None, limits: Mapping[str, str]
) -> Iterator[str]:
    """What reading an export back shows to be missing."""
    if held is None:
        yield f"{record.id}: left out; {limits['record']}"
        return
    if (held.admission, held.discharge) != (record.admission, record.discharge):
        yield f"{record.id}: its dates are lost; {limits['record']}"
    sections = {(d.note, d.section): d for d in held.sections}
    for document in record.sections:
        back = sections.pop((document.note, document.section), None)
        if back is None or back.text != document.text:
            yield f"{place_of(document)}: left out; {limits['text']}; a section comes once"
            continue
        for part in ("entities", "relations"):
            missing = (_labels(document, part) - _labels(back, part)).total()
            if missing:
                yield f"{place_of(document)}: {missing} {part} left out; {limits[part]}"
        if any(label.score != 1 for label in (*document.entities, *document.relations)):
            yield f"{place_of(document)}: scores are left out; no annotation format has them"


def _labels(document: Document, part: str) -> Counter[tuple[object, ...]]:
    spans = [(e.start, e.end, e.label, e.assertion) for e in document.entities]
    if part == "entities":
        return Counter(spans)
    return Counter((r.label, spans[r.head], spans[r.tail]) for r in document.relations)
