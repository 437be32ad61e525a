"""The nine term dictionaries: concepts with names, aliases, parents and codes, read from CSV.

Belongs here: the shape of a dictionary file and reading it. Does not belong here: the rules it must
keep (`dictionary_rules.py`), official lists (`importers/`), which mention means which concept
(`fusion/linking.py`) or the terms themselves (`dictionaries/<type key>.csv`).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from rakg_assets.ontology.codes import CODE_PATTERNS
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


def id_order(concept_id: str) -> tuple[str, int, str]:
    """The key by which ids are sorted: DIS9999 stands before DIS10000."""
    return concept_id[:3], len(concept_id), concept_id


def fold(text: str) -> str:
    """The form in which names are compared: NFKC, lower case, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


class DictionaryError(ValueError):
    """A dictionary file that cannot be read; the message names file, line, reason and remedy."""


@dataclass(frozen=True)
class Concept:
    """One concept. `parent` is a concept id of the same type, or empty.

    `name_en` is empty where an official list, which has Chinese names only, brought the concept.
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
        return (self.name_zh, *filter(None, (self.name_en, *self.aliases)))


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


def shipped_dictionaries() -> Path:
    """The folder of dictionaries that comes with the package, installed or in its source tree."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "dictionaries"
    return installed if installed.is_dir() else package.parent / "dictionaries"


def load_dictionaries(folder: Path) -> dict[EntityType, Dictionary]:
    """Read the nine files `<type key>.csv` of a folder, in the order of `EntityType`.

    Raises `DictionaryError` for a file that is missing, is no UTF-8 CSV or lacks a column.
    """
    return {kind: load_dictionary(kind, folder) for kind in EntityType}


def load_dictionary(kind: EntityType, folder: Path) -> Dictionary:
    """Read the file of one entity type. Raises `DictionaryError` as `load_dictionaries` does."""
    path = folder / f"{kind.value}.csv"
    text = _text_of(path)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    _check_header(reader.fieldnames or (), path.name)
    lines, concepts = [], []
    for line, row in _rows(reader, path.name):
        lines.append(line)
        concepts.append(_concept(row))
    return dictionary_of(kind, concepts, path.name, tuple(lines))


def dictionary_of(
    kind: EntityType, concepts: Sequence[Concept], file: str = "", lines: tuple[int, ...] = ()
) -> Dictionary:
    """A dictionary of concepts, with the version that their content has."""
    return Dictionary(kind, tuple(concepts), _digest([_content(c) for c in concepts]), file, lines)


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
    rows.sort(key=lambda row: id_order(row[0]))
    return pd.DataFrame(rows, columns=["concept_id", "type", "name_zh", "name_en"])


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        if not path.parent.is_dir():
            remedy = "name a folder of dictionaries"
            raise DictionaryError(f"{path.parent}: no such folder; {remedy}") from None
        raise DictionaryError(f"{path.name}: missing in {path.parent}; add the file") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DictionaryError(f"{path.name}, line {line}: not UTF-8; save it as UTF-8") from None


def _check_header(columns: Sequence[str], file: str) -> None:
    missing = [c for c in REQUIRED_COLUMNS if c not in columns]
    unknown = [c for c in columns if c not in (*REQUIRED_COLUMNS, *CODE_PATTERNS)]
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has unknown {', '.join(unknown)}"
        allowed = ",".join((*REQUIRED_COLUMNS, *CODE_PATTERNS))
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
        {key: row[key] for key in CODE_PATTERNS if row.get(key)},
        tuple(a[len(AMBIGUOUS_MARK) :] for a in aliases if a.startswith(AMBIGUOUS_MARK)),
    )


def _content(concept: Concept) -> list[object]:
    return [
        *(concept.concept_id, concept.name_zh, concept.name_en, concept.parent),
        *(sorted(concept.aliases), sorted(concept.ambiguous), sorted(concept.codes.items())),
    ]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
