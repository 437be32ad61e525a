"""The sentences that readers are timed on.

Belongs here: which sentences, in which order. Does not belong here: the readers (`rivals.py`) or
the clock (`timing.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from rakg_assets.corpus.annotations import read_annotations
from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.sentences import split_section, text_hash

SHIPPED, LEAST = 700, 605
_LONGEST = 200


class SpeedError(ValueError):
    """Texts or a model that cannot be timed; the message names place, reason and remedy."""


def shipped_sentences(records: Path, count: int = SHIPPED) -> list[Document]:
    """`count` distinct sentences of annotated records, in their order, none longer than 200
    characters.

    Which ones follows from their text alone (the smallest hashes), so lengths are as in all.
    """
    documents = [d for record in read_annotations(records)[0] for d in record.sections]
    sentences = _distinct(
        Document("", d.text[start:end], section=d.section)
        for d in documents
        for start, end in split_section(d.text)
        if end - start <= _LONGEST
    )
    chosen = {d.text for d in sorted(sentences, key=lambda d: text_hash(d.text))[:count]}
    return [d for d in sentences if d.text in chosen]


def sentences_of_file(path: Path, least: int = LEAST) -> list[Document]:
    """The distinct sentences of JSON Lines with `text` and, if it has one, `section`.

    Labels are not needed and not read. Raises `SpeedError` for a line without text, or where
    there are fewer than `least` sentences.
    """
    texts = [
        _text(line, f"{path.name}, line {number}")
        for number, line in enumerate(path.read_bytes().split(b"\n"), 1)
        if line.strip(b"\xef\xbb\xbf \t\r")
    ]
    sentences = _distinct(
        Document("", text[start:end], section=section)
        for text, section in texts
        for start, end in split_section(text)
    )
    if len(sentences) < least:
        raise SpeedError(
            f"{path.name}: {len(sentences)} distinct sentences, too few to time; "
            f"give a file with {least} or more"
        )
    return sentences


def _distinct(sentences: Iterable[Document]) -> list[Document]:
    """The first of each text: readers are compared before any memory of repeated ones."""
    first: dict[str, Document] = {}
    for sentence in sentences:
        first.setdefault(sentence.text, sentence)
    return list(first.values())


def _text(line: bytes, where: str) -> tuple[str, str]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except ValueError:
        raise SpeedError(f"{where}: not JSON in UTF-8; write one object a line") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise SpeedError(f"{where}: an object with text (a string) is needed")
    section = row.get("section")
    return row["text"], section if isinstance(section, str) else ""
