"""The nine term dictionaries: concepts with names, aliases, parents and codes, read from CSV.

Belongs here: the shape of a dictionary file, reading it, and the rules it must keep. Does not
belong here: which mention means which concept (`fusion/linking.py`) or the terms themselves
(`dictionaries/<type key>.csv`).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from rakg_assets.ontology.schema import EntityType

ID_PREFIXES: dict[EntityType, str] = {
    EntityType.DISEASE: "DIS",
    EntityType.SYMPTOM: "SYM",
    EntityType.TREATMENT: "TRT",
    EntityType.PHYSICAL_EXAMINATION: "PEX",
    EntityType.IMAGING_TEST: "IMG",
    EntityType.LAB_TEST: "LAB",
    EntityType.AGGRAVATING_FACTOR: "AGG",
    EntityType.MITIGATION_FACTOR: "MIT",
    EntityType.BODY_PART: "BDP",
}
REQUIRED_COLUMNS = ("concept_id", "name_zh", "name_en", "aliases", "parent")
AMBIGUOUS_MARK = "?"
_CODE_PATTERNS: dict[str, re.Pattern[str]] = {
    # WHO form (M06.9) or its Chinese national extension (M06.900, M06.900x001).
    "icd10": re.compile(r"[A-Z]\d{2}(\.\d{1,3}(x\d{3})?)?"),
    "atc": re.compile(r"[A-Z](\d{2}([A-Z]([A-Z](\d{2})?)?)?)?"),
    "loinc": re.compile(r"\d{1,5}-\d"),
}


def fold(text: str) -> str:
    """The form in which names are compared: NFKC, lower case, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


class DictionaryError(ValueError):
    """A dictionary file that cannot be read; the message names file, line, reason and remedy."""


@dataclass(frozen=True)
class Concept:
    """One concept. `parent` is a concept id of the same type, or empty.

    `aliases` name this concept alone; `ambiguous` ones (marked `?` in the file) may name others
    of the type too, so they are candidates for a person, never a link.
    """

    concept_id: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...] = ()
    parent: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    ambiguous: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every text that names the concept: Chinese, English, aliases."""
        return (self.name_zh, self.name_en, *self.aliases)


@dataclass(frozen=True)
class Dictionary:
    """The concepts of one entity type; `version` is a hash of their content.

    `lines` holds the line of each concept in `file`, for error messages.
    """

    type: EntityType
    concepts: tuple[Concept, ...]
    version: str
    file: str = ""
    lines: tuple[int, ...] = ()

    def located(self) -> Iterator[tuple[int, Concept]]:
        """Concepts with the line each stands on."""
        return zip(self.lines or range(2, len(self.concepts) + 2), self.concepts, strict=True)


@dataclass(frozen=True)
class Problem:
    """A rule that a dictionary breaks, and what to do about it."""

    file: str
    line: int
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}; {self.remedy}"


def shipped_dictionaries() -> Path:
    """The folder of dictionaries that comes with the package, installed or in its source tree."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "dictionaries"
    return installed if installed.is_dir() else package.parent / "dictionaries"


def load_dictionaries(folder: Path) -> dict[EntityType, Dictionary]:
    """Read the nine files `<type key>.csv` of a folder, in the order of `EntityType`.

    Raises `DictionaryError` for a file that is missing, is no UTF-8 CSV or lacks a column.
    """
    return {kind: _load(kind, folder / f"{kind.value}.csv") for kind in EntityType}


def dictionaries_version(dictionaries: Mapping[EntityType, Dictionary]) -> str:
    """One hash for the content of all dictionaries; order does not matter."""
    return _digest(sorted((d.type.value, d.version) for d in dictionaries.values()))


def concept_table(dictionaries: Mapping[EntityType, Dictionary]) -> pd.DataFrame:
    """All concepts: concept_id, type, name_zh, name_en; sorted by concept_id."""
    rows = [
        (c.concept_id, d.type.value, c.name_zh, c.name_en)
        for d in dictionaries.values()
        for c in d.concepts
    ]
    return pd.DataFrame(sorted(rows), columns=["concept_id", "type", "name_zh", "name_en"])


def validate(dictionaries: Mapping[EntityType, Dictionary]) -> list[Problem]:
    """Every rule that the dictionaries break: ids, names, parents, codes, shared aliases."""
    rules = (_id_problems, _name_problems, _code_problems, _parent_problems, _shared_name_problems)
    return [
        problem
        for dictionary in dictionaries.values()
        for rule in rules
        for problem in rule(dictionary)
    ]


def _load(kind: EntityType, path: Path) -> Dictionary:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DictionaryError(f"{path.name}: missing in {path.parent}; add the file") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DictionaryError(f"{path.name}, line {line}: not UTF-8; save it as UTF-8") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    _check_header(reader.fieldnames or (), path.name)
    lines, concepts = [], []
    for line, row in _rows(reader, path.name):
        lines.append(line)
        concepts.append(_concept(row))
    content = [_content(c) for c in concepts]
    return Dictionary(kind, tuple(concepts), _digest(content), path.name, tuple(lines))


def _check_header(columns: Sequence[str], file: str) -> None:
    missing = [c for c in REQUIRED_COLUMNS if c not in columns]
    unknown = [c for c in columns if c not in (*REQUIRED_COLUMNS, *_CODE_PATTERNS)]
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has unknown {', '.join(unknown)}"
        allowed = ",".join((*REQUIRED_COLUMNS, *_CODE_PATTERNS))
        raise DictionaryError(f"{file}, line 1: the header {wrong}; use {allowed}")


def _rows(reader: csv.DictReader[str], file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with their line; empty rows, which spreadsheets leave at the end, are passed over."""
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DictionaryError(f"{file}, line {line}: {error}; mend the quotes") from None
        if None in row or None in row.values():
            raise DictionaryError(
                f"{file}, line {line}: not one cell a column; quote a cell that holds a comma"
            )
        if any("\n" in v or "\r" in v for v in row.values()):
            raise DictionaryError(f"{file}, line {line}: a line break in a cell; one row a line")
        if any(v.strip() for v in row.values()):
            yield reader.line_num, {k: v.strip() for k, v in row.items()}


def _concept(row: Mapping[str, str]) -> Concept:
    aliases = [a.strip() for a in row["aliases"].split("|") if a.strip()]
    return Concept(
        row["concept_id"],
        row["name_zh"],
        row["name_en"],
        tuple(a for a in aliases if not a.startswith(AMBIGUOUS_MARK)),
        row["parent"],
        {key: row[key] for key in _CODE_PATTERNS if row.get(key)},
        tuple(a[len(AMBIGUOUS_MARK) :] for a in aliases if a.startswith(AMBIGUOUS_MARK)),
    )


def _content(concept: Concept) -> list[object]:
    return [
        *(concept.concept_id, concept.name_zh, concept.name_en, concept.parent),
        *(sorted(concept.aliases), sorted(concept.ambiguous), sorted(concept.codes.items())),
    ]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()


def _id_problems(dictionary: Dictionary) -> Iterator[Problem]:
    prefix = ID_PREFIXES[dictionary.type]
    seen: dict[str, int] = {}
    last = ""
    for line, concept in dictionary.located():
        key = concept.concept_id
        if not re.fullmatch(rf"{prefix}\d{{4}}", key):
            remedy = f"write {prefix} and four digits"
            yield Problem(dictionary.file, line, f"concept_id {key!r} is malformed", remedy)
        if key in seen:
            reason = f"concept_id {key} stands on line {seen[key]} too"
            yield Problem(dictionary.file, line, reason, "give the new concept the next free id")
        elif key < last:
            reason = f"concept_id {key} comes after {last}"
            yield Problem(dictionary.file, line, reason, "sort the file by concept_id")
        seen.setdefault(key, line)
        last = max(last, key)


def _name_problems(dictionary: Dictionary) -> Iterator[Problem]:
    for line, concept in dictionary.located():
        for column in ("name_zh", "name_en"):
            if not getattr(concept, column):
                yield Problem(dictionary.file, line, f"{column} is empty", "fill it in")
        aliases = [fold(a) for a in (*concept.aliases, *concept.ambiguous)]
        own = {fold(concept.name_zh), fold(concept.name_en)}
        for alias in sorted({a for a in aliases if a in own or aliases.count(a) > 1 or not a}):
            yield Problem(dictionary.file, line, f"alias {alias!r} is repeated", "write it once")


def _code_problems(dictionary: Dictionary) -> Iterator[Problem]:
    for line, concept in dictionary.located():
        for system, code in concept.codes.items():
            whole = _CODE_PATTERNS[system].fullmatch(code)
            if not whole or (system == "loinc" and not _loinc_check_digit_right(code)):
                reason = f"{system} code {code!r} is malformed"
                yield Problem(dictionary.file, line, reason, "correct it or leave it empty")


def _loinc_check_digit_right(code: str) -> bool:
    """Whether the last digit is the Luhn digit of the rest (LOINC Users' Guide, appendix C)."""
    digits, check = code.split("-")
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))]
    return (10 - sum(d // 10 + d % 10 for d in doubled) % 10) % 10 == int(check)


def _parent_problems(dictionary: Dictionary) -> Iterator[Problem]:
    parents = {c.concept_id: c.parent for c in dictionary.concepts}
    for line, concept in dictionary.located():
        if not concept.parent:
            continue
        if concept.parent not in parents:
            reason = f"the parent {concept.parent} is no concept of this file"
            yield Problem(dictionary.file, line, reason, "add it or leave the parent empty")
        elif _in_cycle(concept.concept_id, parents):
            reason = f"{concept.concept_id} is its own ancestor"
            yield Problem(dictionary.file, line, reason, "take one parent of the circle out")


def _in_cycle(start: str, parents: Mapping[str, str]) -> bool:
    at, seen = parents.get(start, ""), set()
    while at and at not in seen:
        if at == start:
            return True
        seen.add(at)
        at = parents.get(at, "")
    return False


def _shared_name_problems(dictionary: Dictionary) -> Iterator[Problem]:
    """A name or alias of two concepts; the linker could not choose between them."""
    holders: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for line, concept in dictionary.located():
        for name in sorted({fold(n) for n in concept.names} - {""}):
            holders[name].append((line, concept.concept_id))
    remedy = f"keep it in one, or mark it {AMBIGUOUS_MARK} in the aliases of all that share it"
    for name, places in holders.items():
        (_, first), *others = places
        for line, key in others:
            yield Problem(dictionary.file, line, f"{name!r} names {first} and {key}", remedy)
