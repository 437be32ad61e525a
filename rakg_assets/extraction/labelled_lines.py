"""Labelled texts as JSON Lines: {"text", "entities": [{"start", "end", "label"}]}, any label set.

Belongs here: reading such a file, and making entities flat for a tagger. Does not belong here:
annotation formats of tools (`corpus/formats`), which hold records with relations.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rakg_assets.corpus.documents import Document, Entity


class LabelledLinesError(ValueError):
    """A line that cannot be used; the message names file, line, reason and remedy."""


def read_labelled_lines(path: Path) -> list[Document]:
    """One document a line; `id` is the line number where none is given.

    Raises `LabelledLinesError` for a line that does not fit, or a file without any.
    """
    documents = []
    # Lines end at \n alone: record text may hold other separators.
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if line.strip(b"\xef\xbb\xbf \t\r"):
            documents.append(_document(line, number, f"{path.name}, line {number}"))
    if not documents:
        raise LabelledLinesError(f"{path.name}: no line; write one JSON object a text")
    return documents


def flat(documents: Sequence[Document]) -> list[Document]:
    """The documents without entities that overlap a longer one: IOB2 tags hold flat spans.

    Of equal length the earlier stays, then the first label in alphabetical order. Relations are
    dropped.
    """
    return [replace(d, entities=_flat(d.entities), relations=()) for d in documents]


def _flat(entities: Sequence[Entity]) -> tuple[Entity, ...]:
    kept: list[Entity] = []
    for entity in sorted(entities, key=lambda e: (e.start - e.end, e.start, e.label)):
        if all(entity.end <= other.start or other.end <= entity.start for other in kept):
            kept.append(entity)
    return tuple(sorted(kept, key=lambda e: e.start))


def _document(line: bytes, number: int, where: str) -> Document:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except ValueError:
        raise LabelledLinesError(f"{where}: not JSON in UTF-8; write one object a line") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise LabelledLinesError(f"{where}: an object with text (a string) is needed")
    if not isinstance(row.get("entities"), list):
        raise LabelledLinesError(f"{where}: no list of entities; give [] where there is none")
    for entity in row["entities"]:
        _check_entity(entity, row["text"], where)
    return Document.from_json({"id": number, **row, "relations": None})


def _check_entity(entity: Any, text: str, where: str) -> None:
    fits = isinstance(entity, dict) and isinstance(entity.get("label"), str) and entity["label"]
    ends = (entity.get("start"), entity.get("end")) if fits else (None, None)
    if not all(type(end) is int for end in ends) or not 0 <= ends[0] < ends[1] <= len(text):
        raise LabelledLinesError(
            f"{where}: an entity needs a label and start < end inside the text (code points)"
        )
    if entity.get("text", text[slice(*ends)]) != text[slice(*ends)]:
        raise LabelledLinesError(
            f"{where}: the entity at {ends[0]}-{ends[1]} is not what the text holds there; "
            "count code points"
        )
