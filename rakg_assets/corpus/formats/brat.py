"""brat standoff: a folder a record, a .txt and .ann a section, record.json for what brat has no
place for (id, dates, annotator, names and order of sections).

https://brat.nlplab.org/standoff.html: T, R and A lines are read (attribute `Assertion`); E, N, M, *
and # lines are not held and reported. Offsets count code points, a CR LF as two. A document that
no record.json names is a record of its own, section 全文.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.corpus.formats.pieces import (
    Piece,
    Reading,
    SectionReader,
    file_stem,
    is_storable,
    read_date,
)
from rakg_assets.ontology.files import write_text
from rakg_assets.ontology.schema import LEARNED_RELATIONS, Assertion, EntityType
from rakg_assets.ontology.sections import WHOLE

NAME = "brat"
LIMITS = {
    "record": "a record without sections has no files; ids and texts are whole Unicode",
    "text": "the text is whole Unicode",
    "entities": "labels and assertions have no space; one line break alone is no mention",
    "relations": "labels have no space, and both ends must fit",
}
SIDECAR = "record.json"
CONFIG = "annotation.conf"
_KINDS = {
    "E": "events",
    "N": "normalisations",
    "M": "modifications",
    "*": "equivalences",
    "#": "notes",
}
_BREAK = re.compile("[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]+")


def read(path: Path, name: str) -> Reading:
    """Read one .ann file with the .txt beside it."""
    reading = Reading()
    source = path.with_suffix(".txt")
    if not source.is_file():
        reading.problem(name, "there is no .txt of the same name", "put the text beside it")
        return reading
    content = path.read_bytes().decode("utf-8-sig")
    standoff = _Standoff(source.read_bytes().decode(), name, reading)
    standoff.read([line.rstrip("\r") for line in content.split("\n")])
    record, section, position = _described(path)
    document = standoff.reader.document(
        str(record.get("id") or path.stem),
        str(section.get("note", WHOLE.note)),
        str(section.get("section", WHOLE.section)),
    )
    admission = read_date(record.get("admission"), "admission", name, reading)
    discharge = read_date(record.get("discharge"), "discharge", name, reading)
    annotator = str(record.get("annotator") or "")
    reading.pieces.append(Piece(document, admission, discharge, annotator, name, position))
    return reading


def write(records: Iterable[AnnotatedRecord], target: Path) -> None:
    """Write a folder a record, and annotation.conf so that brat opens them."""
    write_text(target / CONFIG, configuration())
    for record in records:
        sections = [d for d in record.sections if is_storable(d.text)]
        if not sections or not is_storable(record.id + record.annotator):
            continue
        folder = target / file_stem(record)
        _remove_earlier(folder)
        names = []
        for position, document in enumerate(sections, 1):
            stem = f"{position:02d}"
            names.append({"file": stem, "note": document.note, "section": document.section})
            write_text(folder / f"{stem}.txt", _shielded(document.text))
            write_text(folder / f"{stem}.ann", _standoff(document))
        described = {
            "id": record.id,
            "admission": str(record.admission or ""),
            "discharge": str(record.discharge or ""),
            "annotator": record.annotator,
            "sections": names,
        }
        write_text(folder / SIDECAR, json.dumps(described, ensure_ascii=False, indent=1) + "\n")


def _remove_earlier(folder: Path) -> None:
    """Remove what an earlier export wrote here: a section fewer must not stay as a record."""
    sidecar = folder / SIDECAR
    if sidecar.is_file():
        for section in json.loads(sidecar.read_bytes())["sections"]:
            for suffix in (".txt", ".ann"):
                (folder / (Path(section["file"]).name + suffix)).unlink(missing_ok=True)


def configuration() -> str:
    """The annotation.conf that lets brat open a folder with this project's labels."""
    relations = "".join(
        f"{r.value}\tArg1:{r.head.value}, Arg2:{'|'.join(sorted(r.tails))}\n"
        for r in LEARNED_RELATIONS
    )
    return (
        "[entities]\n"
        + "".join(f"{t.value}\n" for t in EntityType)
        + "\n[relations]\n"
        + relations
        + "\n[events]\n\n[attributes]\n"
        + f"Assertion\tArg:<ENTITY>, Value:{'|'.join(Assertion)}\n"
    )


class _Standoff:
    """The lines of one .ann file on their way into a section."""

    def __init__(self, text: str, name: str, reading: Reading) -> None:
        # A byte order mark is no text, but brat counts it.
        self._shift = int(text.startswith("\ufeff"))
        self._text, self._name, self._reading = text[self._shift :], name, reading
        self.reader = SectionReader(self._text, name, reading)
        self._left_out: Counter[str] = Counter()

    def read(self, lines: list[str]) -> None:
        """Read the lines, attributes first: they may stand before or after what they qualify."""
        rows = [(n, line.split("\t", 2)) for n, line in enumerate(lines, 1) if line.strip()]
        assertions = self._assertions(rows)
        for number, (key, *rest) in rows:
            place = f"{self._name}, line {number}"
            if key[:1] == "T" and rest:
                self._entity(key, rest, assertions.get(key, "present"), place)
            elif key[:1] == "R" and rest:
                self._relation(rest[0], place)
            elif key[:1] != "A":
                self._left_out[_KINDS.get(key[:1], "lines of an unknown kind")] += 1
        for kind, count in sorted(self._left_out.items()):
            self._reading.problem(
                self._name, f"{count} {kind} are not held", "nothing to do if they are not wanted"
            )

    def _assertions(self, rows: list[tuple[int, list[str]]]) -> dict[str, str]:
        assertions: dict[str, str] = {}
        for _, (key, *rest) in rows:
            parts = rest[0].split(" ") if rest else []
            if key[:1] == "A" and len(parts) == 3 and parts[0] == "Assertion":
                assertions[parts[1]] = parts[2]
            elif key[:1] == "A":
                self._left_out["attributes other than Assertion"] += 1
        return assertions

    def _entity(self, key: str, rest: list[str], assertion: str, place: str) -> None:
        match = re.fullmatch(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)", rest[0])
        if not match:
            self._reading.problem(place, "this is no `label start end`", "correct the line")
            return
        spans = [[int(n) - self._shift for n in pair.split()] for pair in match[2].split(";")]
        gaps = [self._text[a[1] : b[0]] for a, b in pairwise(spans)]
        if not all(_BREAK.fullmatch(gap) for gap in gaps):
            self._reading.problem(
                place, "a mention in several pieces is not held", "mark one whole span"
            )
            return
        surface = rest[1] if len(rest) > 1 else None
        self.reader.entity(key, spans[0][0], spans[-1][1], match[1], surface, assertion)

    def _relation(self, content: str, place: str) -> None:
        match = re.fullmatch(r"(\S+) (\w+):(\S+) (\w+):(\S+)\s*", content)
        if not match:
            self._reading.problem(place, "this is no `label Arg1:T1 Arg2:T2`", "correct the line")
            return
        label, role, head, other, tail = match.groups()
        if (role, other) == ("Arg2", "Arg1"):
            head, tail = tail, head
        self.reader.relation(label, head, tail)


def _described(path: Path) -> tuple[dict[str, Any], dict[str, str], int]:
    """What record.json says of a document: the record, its section, its position."""
    sidecar = path.with_name(SIDECAR)
    if sidecar.is_file():
        record = json.loads(sidecar.read_bytes())
        for position, section in enumerate(record["sections"]):
            if section["file"] == path.stem:
                return record, section, position
    return {}, {}, 0


def _standoff(document: Document) -> str:
    shift = int(document.text.startswith("\ufeff"))
    lines, attributes, names = [], [], {}
    for i, entity in enumerate(document.entities):
        line = _entity_line(f"T{len(names) + 1}", entity, document.text, shift)
        if line is None:
            continue
        names[i] = f"T{len(names) + 1}"
        lines.append(line)
        if entity.assertion != Assertion.PRESENT:
            attributes.append(f"A{len(attributes) + 1}\tAssertion {names[i]} {entity.assertion}")
    held = [
        r for r in document.relations if r.head in names and r.tail in names and _is_word(r.label)
    ]
    relations = [
        f"R{n}\t{r.label} Arg1:{names[r.head]} Arg2:{names[r.tail]}" for n, r in enumerate(held, 1)
    ]
    return "".join(f"{line}\n" for line in (*lines, *attributes, *relations))


def _entity_line(key: str, entity: Entity, text: str, shift: int) -> str | None:
    """A T line; brat marks a mention over a line break as one span a line, joined by a space."""
    if not (_is_word(entity.label) and _is_word(entity.assertion)):
        return None
    if not 0 <= entity.start < entity.end <= len(text):
        return None
    spans, position = [], entity.start
    for gap in _BREAK.finditer(text, entity.start, entity.end):
        spans.append((position, gap.start()))
        position = gap.end()
    spans.append((position, entity.end))
    if any(start >= end for start, end in spans):
        return None
    offsets = ";".join(f"{start + shift} {end + shift}" for start, end in spans)
    surface = " ".join(text[start:end] for start, end in spans)
    return f"{key}\t{entity.label} {offsets}\t{surface}"


def _shielded(text: str) -> str:
    """A text that itself begins with a byte order mark gets one more, which reading takes off."""
    return "\ufeff" + text if text.startswith("\ufeff") else text


def _is_word(name: str) -> bool:
    return bool(re.fullmatch(r"\S+", name)) and is_storable(name)
