"""The list 国家药品编码本位码 of the NMPA: domestic and imported medicines, one product a row.

Belongs here: its columns, and how the rows of one substance become one entry. Does not belong
here: names of dosage forms (`dosage_forms.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rakg_assets.ontology.codes import is_code
from rakg_assets.ontology.dictionaries import fold
from rakg_assets.ontology.importers.dosage_forms import english_substance, substance
from rakg_assets.ontology.importers.tables import Layout, Record, table_records
from rakg_assets.ontology.importers.terms import (
    Entries,
    Format,
    ReadOptions,
    Skipped,
    Term,
    clean_code,
    has_chinese,
)
from rakg_assets.ontology.schema import EntityType

_LAYOUT = Layout(
    {
        "approval": ("批准文号", "注册证号", "批准文号/注册证号"),
        "name": ("产品名称", "产品名称(中文)", "药品名称", "通用名", "通用名称"),
        "name_en": ("英文名称", "产品名称(英文)", "英文名"),
        "brand": ("商品名", "商品名称", "商品名(中文)"),
        "brand_en": ("商品名(英文)",),
        "code": ("药品本位码", "本位码", "药品编码", "国家药品编码", "国家药品编码本位码"),
    },
    ("name", "code"),
)
_TRADITIONAL = "国药准字Z"
_NO_BRAND = frozenset({"", "/", "-", "--", "—", "——", "无", "\\", "*"})


@dataclass
class _Substance:
    """What the rows of one substance say together; names are kept in their first order."""

    name: str
    place: str
    is_traditional: bool
    code: str
    english: Counter[str] = field(default_factory=Counter)
    names: dict[str, None] = field(default_factory=dict)


def _read(path: Path, options: ReadOptions) -> Entries:
    substances: dict[str, _Substance] = {}
    for record in table_records(path, _LAYOUT, options.sheet):
        if isinstance(record, Skipped):
            yield record
        elif reason := _fault(record):
            yield Skipped(reason, record.place, record.text)
        else:
            _add(record, substances)
    yield from map(_term, substances.values())


def _fault(record: Record) -> str:
    if not record["name"]:
        return "no product name"
    # Some products have several codes, one below the other, for their packs.
    codes = record["code"].split()
    if not codes:
        return "no code"
    return "" if all(is_code("nmpa", clean_code(c)) for c in codes) else "no code of 14 digits"


def _add(record: Record, substances: dict[str, _Substance]) -> None:
    name = substance(record["name"])
    code = min(map(clean_code, record["code"].split()))
    approval = clean_code(record["approval"])
    one = substances.setdefault(
        fold(name), _Substance(name, record.place, approval.startswith(_TRADITIONAL), code)
    )
    # The code of a substance is the least of its products': there is none for it alone.
    one.code = min(one.code, code)
    english = english_substance(record["name_en"])
    if english and not has_chinese(english):
        one.english[english] += 1
    brands = (record["brand"], record["brand_en"])
    one.names |= dict.fromkeys((record["name"], *(b for b in brands if b not in _NO_BRAND)))


def _term(one: _Substance) -> Term:
    name = one.name if not one.is_traditional else _traditional_name(one)
    english = min(one.english, key=lambda e: (-one.english[e], e), default="")
    aliases = tuple(_distinct(one.names, name))
    return Term(one.code, name, one.place, english, aliases)


def _traditional_name(one: _Substance) -> str:
    """A patent medicine is known with its form: 六味地黄丸, never 六味地黄."""
    products = [n for n in one.names if fold(substance(n)) == fold(one.name)]
    return min(products, key=lambda n: (len(n), n))


def _distinct(names: Iterable[str], known: str) -> Iterator[str]:
    seen = {fold(known)}
    for name in names:
        if fold(name) not in seen:
            seen.add(fold(name))
            yield name


FORMAT = Format("nmpa", "nmpa", frozenset({EntityType.TREATMENT}), _read, frozenset({"sheet"}))
