"""LOINC: the laboratory terms of Loinc.csv, in Chinese by its linguistic variant.

Belongs here: the columns of "LOINC Users' Guide", appendix A, and of the file zhCN5Linguistic\
Variant.csv. Does not belong here: separated files (`textfile.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rakg_assets.ontology.codes import is_code
from rakg_assets.ontology.dictionaries import fold
from rakg_assets.ontology.importers.releases import release_file, release_files
from rakg_assets.ontology.importers.tables import Layout, Record, table_records
from rakg_assets.ontology.importers.terms import Entries, Format, ReadOptions, Skipped, Term
from rakg_assets.ontology.schema import EntityType

_AXES = ("COMPONENT", "PROPERTY", "TIME_ASPCT", "SYSTEM", "SCALE_TYP", "METHOD_TYP")
_TABLE_COLUMNS = (
    *("LOINC_NUM", *_AXES, "STATUS", "CLASSTYPE", "LONG_COMMON_NAME", "SHORTNAME"),
    *("DisplayName", "COMMON_TEST_RANK"),
)
_VARIANT_COLUMNS = ("LOINC_NUM", *_AXES, "LONG_COMMON_NAME", "LinguisticVariantDisplayName")
_TABLE = Layout({c: (c,) for c in _TABLE_COLUMNS}, ("LOINC_NUM", "COMPONENT", "STATUS"))
_VARIANT = Layout({c: (c,) for c in _VARIANT_COLUMNS}, ("LOINC_NUM", "COMPONENT"))
_LABORATORY = "1"
_IN_USE = frozenset({"ACTIVE", "TRIAL"})


@dataclass(frozen=True, slots=True)
class _Chinese:
    name: str
    component: str
    place: str


def _read(source: Path, options: ReadOptions) -> Entries:
    """Terms of a release folder, of Loinc.csv alone (English) or of the variant alone."""
    if source.is_dir():
        variants = release_files(source, "zhcn*linguisticvariant.csv")
        variant = variants[0] if variants else None
        yield from _both(release_file(source, "loinc.csv"), variant)
    elif "linguisticvariant" in source.name.casefold():
        chinese: dict[str, _Chinese] = {}
        yield from _read_variant(source, chinese)
        yield from (Term(code, c.name, c.place) for code, c in chinese.items())
    else:
        yield from _both(source, None)


def _both(table: Path, variant: Path | None) -> Entries:
    chinese: dict[str, _Chinese] = {}
    if variant:
        yield from _read_variant(variant, chinese)
    commonest = _Commonest(chinese)
    for found in _sound(table, _TABLE):
        if isinstance(found, Skipped):
            yield found
        elif found["STATUS"] not in _IN_USE:
            yield Skipped(f"status {found['STATUS']}")
        elif found["CLASSTYPE"] not in ("", _LABORATORY):
            yield Skipped("no laboratory term")
        else:
            commonest.add(found)
    yield from commonest.terms()


class _Commonest:
    """Terms, of which the commonest of a component is known by the component alone.

    C反应蛋白 in a record means the usual test of it. LOINC ranks what laboratories order
    (COMMON_TEST_RANK, 0 without rank).
    """

    def __init__(self, chinese: Mapping[str, _Chinese]) -> None:
        self._chinese = chinese
        self._terms: list[Term] = []
        self._ranks: dict[str, tuple[int, int]] = {}

    def add(self, record: Record) -> None:
        code = record["LOINC_NUM"]
        known = self._chinese.get(code)
        english = record["LONG_COMMON_NAME"] or _full_name(record)
        name = known.name if known else ""
        others = (record["SHORTNAME"], record["DisplayName"])
        aliases = tuple(dict.fromkeys(o for o in others if o and o != english))
        rank = record["COMMON_TEST_RANK"]
        if known and known.component and rank.isdecimal() and int(rank):
            key, place = fold(known.component), (int(rank), len(self._terms))
            self._ranks[key] = min(place, self._ranks.get(key, place))
        self._terms.append(Term(code, name, record.place, english, aliases))

    def terms(self) -> Iterator[Term]:
        """All terms in their order."""
        components = {number: key for key, (_, number) in self._ranks.items()}
        for number, term in enumerate(self._terms):
            if number in components:
                component = self._chinese[term.code].component
                yield Term(
                    *(term.code, term.name_zh, term.place, term.name_en),
                    (component, *term.aliases),
                )
            else:
                yield term


def _read_variant(path: Path, chinese: dict[str, _Chinese]) -> Iterator[Skipped]:
    for found in _sound(path, _VARIANT):
        if isinstance(found, Skipped):
            yield found
            continue
        written = found["LinguisticVariantDisplayName"] or found["LONG_COMMON_NAME"]
        name = written or _full_name(found)
        chinese[found["LOINC_NUM"]] = _Chinese(name, found["COMPONENT"], found.place)


def _sound(path: Path, layout: Layout) -> Iterator[Record | Skipped]:
    for record in table_records(path, layout):
        if isinstance(record, Record) and not is_code("loinc", record["LOINC_NUM"]):
            yield Skipped("no code of LOINC", record.place, record.text)
        else:
            yield record


def _full_name(record: Record) -> str:
    """The fully specified name: the six axes, the method left out if it has none."""
    return ":".join(record[axis] for axis in _AXES).rstrip(":")


FORMAT = Format("loinc", "loinc", frozenset({EntityType.LAB_TEST}), _read)
