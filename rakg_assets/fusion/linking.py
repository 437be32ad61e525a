"""From mentions to concepts: type then exact name, aliases, ranked similarity, else unlinked.

The order is the paper's (Liu et al. 2023, entity linking). Belongs here: the linker, and tables
and files through it. Does not belong here: the steps themselves (`name_index.py`,
`normalise.py`, `similarity.py`) or what is done with the unlinked (`review.py`).
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas as pd

from rakg_assets.fusion.body_parts import parse_body_part
from rakg_assets.fusion.calibration import Curve, read_calibration
from rakg_assets.fusion.form_index import NO_MATCH, UNLINKED, Match, names_elsewhere
from rakg_assets.fusion.name_index import Meaning, NameIndex
from rakg_assets.fusion.normalise import Normaliser
from rakg_assets.fusion.overrides import Decided, read_overrides
from rakg_assets.ontology.dictionaries import Dictionary, load_dictionaries
from rakg_assets.ontology.files import write_text
from rakg_assets.ontology.schema import EntityType
from rakg_assets.ontology.tables import TABLES

Mention = tuple[EntityType, str]
#: The folder of word lists within a folder of dictionaries.
WORD_LISTS = "normalisation"
#: No name is longer; looking for one in a whole paragraph would take long.
LONGEST_NAME = 120
_FILE_COLUMNS = (
    *("concept_id", "name_zh", "name_en", "aliases", "laterality", "numbers", "method", "score"),
    "dictionary_version",
)
# Enough of a SHA-256 to tell the versions of one dictionary apart.
_VERSION_DIGITS = 12


class LinkFileError(ValueError):
    """A file of mentions that cannot be linked; the message names file, place and remedy."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a mention names. `concept_id` is None where nothing is linked; `laterality` is left,
    right, both or none for body parts and empty for all else; `numbers` is like "2,3".
    `dictionary_version` names the state of the type's dictionary that it was found with."""

    concept_id: str | None = None
    name_zh: str = ""
    name_en: str = ""
    aliases: tuple[str, ...] = ()
    laterality: str = ""
    numbers: str = ""
    method: str = UNLINKED
    score: float = 0.0
    dictionary_version: str = ""


class LinksMentions(Protocol):
    """Whatever gives mentions their links."""

    def link_all(self, mentions: Sequence[Mention]) -> list[Link]:
        """The links of mentions, in their order."""


class Linker:
    """Links mentions to the concepts of the dictionaries; remembers what it has linked."""

    def __init__(
        self,
        dictionaries: Mapping[EntityType, Dictionary],
        normaliser: Normaliser,
        curves: Mapping[EntityType, Curve],
        decided: Mapping[EntityType, Decided] | None = None,
        meaning: Meaning | None = None,
    ) -> None:
        """`decided` goes before all steps; `meaning` settles what spelling leaves open."""
        self._dictionaries, self._normaliser, self._curves = dictionaries, normaliser, curves
        self._decided, self._meaning = decided or {}, meaning
        self._indexes: dict[EntityType, NameIndex] = {}
        self._known: dict[Mention, Link] = {}

    @classmethod
    def load(cls, folder: Path, meaning: Meaning | None = None) -> Linker:
        """The linker of a dictionary folder, its `normalisation` word lists and overrides.

        Raises `DictionaryError`, `NormalisationError`, `CalibrationError` or `OverridesError` for
        a file that cannot be read.
        """
        dictionaries = load_dictionaries(folder)
        normaliser = Normaliser(folder / WORD_LISTS)
        curves = read_calibration(folder / WORD_LISTS)
        return cls(dictionaries, normaliser, curves, read_overrides(folder, dictionaries), meaning)

    def version(self, kind: EntityType) -> str:
        """The version of a type's dictionary: the first digits of its content hash."""
        return self._dictionaries[kind].version[:_VERSION_DIGITS]

    def link(self, kind: EntityType, mention: str) -> Link:
        """The link of one mention; many at once are faster through `link_all`."""
        return self.link_all([(kind, mention)])[0]

    def link_all(self, mentions: Sequence[Mention]) -> list[Link]:
        """The links of mentions, in their order; each distinct mention is looked up once."""
        unknown: dict[EntityType, list[str]] = defaultdict(list)
        for kind, mention in dict.fromkeys(mentions):
            if (kind, mention) in self._known:
                continue
            if 0 < len(mention) <= LONGEST_NAME:
                unknown[kind].append(mention)
            else:
                self._known[kind, mention] = self._link(kind, mention, NO_MATCH)
        for kind, texts in unknown.items():
            for text, match in zip(texts, self._index(kind).matches(texts), strict=True):
                self._known[kind, text] = self._link(kind, text, match)
        return [self._known[mention] for mention in mentions]

    def suggestions(self, mentions: Sequence[Mention], limit: int) -> list[list[Match]]:
        """For each mention the concepts nearest to it, best first, at most `limit`."""
        by_type: dict[EntityType, list[str]] = defaultdict(list)
        for kind, mention in dict.fromkeys(mentions):
            by_type[kind].append(mention)
        found: dict[Mention, list[Match]] = {}
        for kind, texts in by_type.items():
            matches = self._index(kind).suggestions([t[:LONGEST_NAME] for t in texts], limit)
            found |= {(kind, t): m for t, m in zip(texts, matches, strict=True)}
        return [found[mention] for mention in mentions]

    def _index(self, kind: EntityType) -> NameIndex:
        if kind not in self._indexes:
            self._indexes[kind] = NameIndex(
                *(self._dictionaries[kind], self._normaliser, self._curves[kind]),
                *(self._decided.get(kind), self._meaning),
                names_elsewhere(kind, self._dictionaries, self._normaliser),
            )
        return self._indexes[kind]

    def _link(self, kind: EntityType, mention: str, match: Match) -> Link:
        is_part = kind is EntityType.BODY_PART and len(mention) <= LONGEST_NAME
        part = parse_body_part(mention) if is_part else None
        concept = match.concept
        return Link(
            concept.concept_id if concept else None,
            concept.name_zh if concept else "",
            concept.name_en if concept else "",
            concept.aliases if concept else (),
            part.laterality if part else "",
            part.numbers if part else "",
            *(match.method, match.score, self.version(kind)),
        )


def link_table(predicted_entities: pd.DataFrame, linker: LinksMentions) -> pd.DataFrame:
    """`linked_entities` of `predicted_entities`: the same rows with the concept of each."""
    mentions = [
        (EntityType(label), text)
        for label, text in zip(predicted_entities["label"], predicted_entities["text"], strict=True)
    ]
    links = linker.link_all(mentions)
    linked = predicted_entities.assign(
        concept_id=[link.concept_id for link in links],
        name_zh=[link.name_zh or None for link in links],
        name_en=[link.name_en or None for link in links],
        laterality=[link.laterality or None for link in links],
        numbers=[link.numbers or None for link in links],
        method=[link.method for link in links],
        link_score=[link.score for link in links],
        dictionary_version=[link.dictionary_version for link in links],
    )
    names = ("concept_id", "name_zh", "name_en")
    texts = [*names, "laterality", "numbers", "method", "dictionary_version"]
    linked = linked.astype(dict.fromkeys(texts, "str") | {"link_score": "float64"})
    return linked[TABLES["linked_entities"].column_names].reset_index(drop=True)


def link_file(in_tsv: Path, out_tsv: Path, linker: Linker) -> None:
    """Link a file with columns type and mention, row by row; columns of other names stay.

    Raises `LinkFileError` for a missing file or column, a type that is none, a row of another
    length; then nothing is written.
    """
    columns, rows = _read_mentions(in_tsv)
    links = linker.link_all([(EntityType(row["type"]), row["mention"].strip()) for row in rows])
    kept = [c for c in columns if c not in _FILE_COLUMNS]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow([*kept, *_FILE_COLUMNS])
    for row, link in zip(rows, links, strict=True):
        writer.writerow([*(row[c] for c in kept), *_cells(link)])
    write_text(out_tsv, text.getvalue())


def _cells(link: Link) -> Iterable[str]:
    aliases = "|".join(link.aliases)
    yield from (link.concept_id or "", link.name_zh, link.name_en, aliases)
    yield from (link.laterality, link.numbers, link.method)
    yield from (f"{link.score:.4f}", link.dictionary_version)


def _read_mentions(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", strict=True)
            columns = list(reader.fieldnames or ())
            missing = [c for c in ("type", "mention") if c not in columns]
            if missing:
                reason = f"lacks the column {' and '.join(missing)}"
                raise LinkFileError(f"{path}, line 1: the header {reason}; use type and mention")
            return columns, list(_checked(reader, path))
    except OSError as error:
        raise LinkFileError(f"{path}: {error.strerror}; give a file that can be read") from None
    except UnicodeDecodeError:
        raise LinkFileError(f"{path}: not UTF-8; save it as UTF-8") from None
    except csv.Error as error:
        raise LinkFileError(f"{path}: {error}; mend the quotes") from None


def _checked(reader: csv.DictReader[str], path: Path) -> Iterator[dict[str, str]]:
    for row in reader:
        where = f"{path}, line {reader.line_num}"
        if None in row or None in row.values():
            raise LinkFileError(f"{where}: not one cell a column; separate by one tab")
        if row["type"] not in set(EntityType):
            raise LinkFileError(f"{where}: the type is none of {', '.join(EntityType)}; use one")
        yield row
