"""`rakg extract`: lines of JSON in, the same lines with entities, concepts and relations out.

Does not belong here: prediction (`extraction/inference.py`) or linking (`linking.py`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.inference import Extractor
from rakg_assets.fusion.linking import Linker
from rakg_assets.ontology.schema import EntityType

_BATCH = 2000  # lines in memory at once


class ExtractFileError(ValueError):
    """A line that cannot be read; the message names file, line, reason and remedy."""


def extract_file(source: Path, target: Path, extractor: Extractor, linker: Linker) -> None:
    """Read JSON Lines, write one line for each, whole or not at all.

    Entities that a line brings are taken as given. Raises `ExtractFileError`.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8") as out:
            for rows in _batches(source):
                for row in extract_rows(rows, extractor, linker):
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def extract_rows(
    rows: Sequence[Mapping[str, Any]], extractor: Extractor, linker: Linker
) -> list[dict[str, Any]]:
    """`rows` hold id, text and maybe note, section, entities; see `extract_file`."""
    documents = [Document.from_json(row) for row in rows]
    given = ["entities" in row for row in rows]
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
    return {"id": identifier, "entities": entities, "relations": value["relations"]}


def _batches(source: Path) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    with source.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                rows.append(_parsed(line, f"{source.name}, line {number}"))
            if len(rows) == _BATCH:
                yield rows
                rows = []
    if rows:
        yield rows


def _parsed(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        raise ExtractFileError(f"{where}: not JSON; write one object a line") from None
    if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
        raise ExtractFileError(f"{where}: an object with id and text (a string) is needed")
    for entity in row.get("entities", ()):
        _check_entity(entity, row["text"], where)
    return row


def _check_entity(entity: Mapping[str, Any], text: str, where: str) -> None:
    fits = isinstance(entity, dict) and entity.get("label") in set(EntityType)
    if not fits or not 0 <= entity.get("start", -1) < entity.get("end", -1) <= len(text):
        raise ExtractFileError(
            f"{where}: an entity needs start < end inside the text and one of the nine labels"
        )
