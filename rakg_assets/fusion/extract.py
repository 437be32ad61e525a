"""`rakg extract`: lines of JSON in, the same lines with entities, concepts and relations out.

Does not belong here: prediction (`extraction/inference.py`) or linking (`linking.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.inference import Extractor
from rakg_assets.fusion.linking import Linker
from rakg_assets.ontology.files import write_atomically
from rakg_assets.ontology.schema import Assertion, EntityType

_BATCH = 2000  # lines in memory at once


class ExtractFileError(ValueError):
    """A line that cannot be read; the message names file, line, reason and remedy."""


def extract_file(source: Path, target: Path, extractor: Extractor, linker: Linker) -> None:
    """Read JSON Lines, write one line for each, whole or not at all.

    Entities that a line brings are taken as given. Raises `ExtractFileError`.
    """

    def write(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8", newline="\n") as out:
            for rows in _batches(source):
                for row in extract_rows(rows, extractor, linker):
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")

    write_atomically(target, write)


def extract_rows(
    rows: Sequence[Mapping[str, Any]], extractor: Extractor, linker: Linker
) -> list[dict[str, Any]]:
    """`rows` hold id, text and maybe note, section, entities; see `extract_file`."""
    documents = [Document.from_json({**row, "relations": None}) for row in rows]
    given = [row.get("entities") is not None for row in rows]
    bare = [d for d, has in zip(documents, given, strict=True) if not has]
    found = iter(extractor.entities(bare))
    labelled = [d if has else next(found) for d, has in zip(documents, given, strict=True)]
    return [
        _row(row["id"], document, linker)
        for row, document in zip(rows, extractor.relations(labelled), strict=True)
    ]


def _row(identifier: Any, document: Document, linker: Linker) -> dict[str, Any]:
    links = linker.link_all([(EntityType(e.label), e.text) for e in document.entities])
    value = document.to_json()
    entities = [
        {**entity, "concept_id": link.concept_id, "name_zh": link.name_zh or None}
        for entity, link in zip(value["entities"], links, strict=True)
    ]
    return {"id": identifier, "entities": entities, "relations": list(value["relations"])}


def _batches(source: Path) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    # Lines end at \n alone: JSON strings may hold other separators.
    with source.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip(b"\xef\xbb\xbf \t\r\n"):
                rows.append(_parsed(line, f"{source.name}, line {number}"))
            if len(rows) == _BATCH:
                yield rows
                rows = []
    if rows:
        yield rows


def _parsed(line: bytes, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ExtractFileError(f"{where}: not JSON in UTF-8; write one object a line") from None
    if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
        raise ExtractFileError(f"{where}: no object with id and text (a string); add them")
    if not all(isinstance(row.get(key) or "", str) for key in ("note", "section")):
        raise ExtractFileError(f"{where}: note or section is no string; write it as one")
    if not _is_storable(row):
        raise ExtractFileError(f"{where}: half a surrogate pair; export the text as UTF-8 again")
    entities = [] if row.get("entities") is None else row["entities"]
    if not isinstance(entities, list):
        raise ExtractFileError(f"{where}: entities is no list; leave it out to have them predicted")
    for number, entity in enumerate(entities):
        if reason := _problem(entity, row["text"]):
            raise ExtractFileError(f"{where}, entity {number}: {reason}")
    return row


def _is_storable(row: Mapping[str, Any]) -> bool:
    """Whether UTF-8 can hold the row again."""
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _problem(entity: Any, text: str) -> str:
    """What is wrong with an entity that a line brings, with the remedy; empty if nothing is."""
    if not isinstance(entity, dict):
        return "no object; give start, end and label"
    start, end = entity.get("start"), entity.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        return "start < end must be code points inside the text; count them anew"
    if entity.get("text") not in (None, text[start:end]):
        return "its text is not what stands there; count code points"
    if entity.get("label") not in list(EntityType):
        return f"its label is none of {', '.join(EntityType)}; use one of them"
    if entity.get("assertion") not in (None, *Assertion):
        return f"its assertion is none of {', '.join(Assertion)}; use one or leave it out"
    if not isinstance(entity.get("score", 1), int | float):
        return "its score is no number; leave it out"
    return ""
