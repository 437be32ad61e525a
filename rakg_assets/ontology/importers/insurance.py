"""The catalogue 国家基本医疗保险、工伤保险和生育保险药品目录: classes with medicines below them.

Belongs here: its columns, class rows and marks. Does not belong here: payment, which the
dictionaries do not hold, or names of dosage forms (`dosage_forms.py`).
"""

from __future__ import annotations

import re
from pathlib import Path

from rakg_assets.ontology.codes import is_code
from rakg_assets.ontology.importers.dosage_forms import form_variants
from rakg_assets.ontology.importers.tables import Layout, Record, table_records
from rakg_assets.ontology.importers.terms import (
    Entries,
    Format,
    ReadOptions,
    Skipped,
    Term,
    clean,
    clean_code,
)
from rakg_assets.ontology.schema import EntityType

_LAYOUT = Layout(
    {
        "class_code": ("药品分类代码", "分类代码", "药品分类编码", "分类编码"),
        "class_name": ("药品分类", "分类", "药品分类名称", "分类名称"),
        "number": ("编号", "序号"),
        "name": ("药品名称", "药品通用名", "通用名称", "名称"),
        "form": ("剂型",),
    },
    ("number", "name"),
)
#: ★ marks a medicine listed before under another class, the others are notes on payment.
_MARKS = re.compile(r"[★☆▲△*◇◆#]+")


def _read(path: Path, options: ReadOptions) -> Entries:
    catalogue = _Catalogue(options)
    for record in table_records(path, _LAYOUT, options.sheet):
        if isinstance(record, Skipped):
            yield record
        else:
            yield from catalogue.entries(record)


class _Catalogue:
    """Reads rows in their order: a class holds for the medicines below it."""

    def __init__(self, options: ReadOptions) -> None:
        self._under = options.under
        self._class = ""
        self._sheet = ""
        self._names: dict[str, str] = {}

    def entries(self, record: Record) -> Entries:
        """The class and the medicine of a row, or why there is none."""
        self._begin_sheet(record.place)
        code = clean_code(record["class_code"]).upper()
        name = clean(_MARKS.sub("", record["name"]))
        if code and not is_code("nhsa", code):
            yield Skipped("no code of a class", record.place, record.text)
            return
        if code:
            self._class = code
            yield from self._class_entry(code, record)
        if name:
            yield self._medicine(name, record)
        elif not code and not record["form"]:
            yield Skipped("neither a class nor a medicine", record.place, record.text)

    def _begin_sheet(self, place: str) -> None:
        sheet = place.rpartition(",")[0]
        if sheet != self._sheet:
            self._sheet, self._class = sheet, ""

    def _class_entry(self, code: str, record: Record) -> Entries:
        name = clean(_MARKS.sub("", record["class_name"]))
        if code in self._names.values():
            return
        if not name:
            yield Skipped("a class without name", record.place, record.text)
        elif self._is_wanted(code):
            # 其他 is the name of many classes.
            name = f"{name}({code})" if name in self._names else name
            self._names[name] = code
            yield Term(code, name, record.place, parents=_above(code))

    def _medicine(self, name: str, record: Record) -> Term | Skipped:
        if not self._is_wanted(self._class):
            return Skipped("not under the codes asked for")
        first, *others = form_variants(name)
        parents = (self._class, *_above(self._class)) if self._class else ()
        return Term("", first, record.place, aliases=tuple(others), parents=parents)

    def _is_wanted(self, code: str) -> bool:
        return not self._under or code.startswith(self._under)


def _above(code: str) -> tuple[str, ...]:
    """The classes above XA02BC: XA02B, XA02, XA and X."""
    return tuple(code[:n] for n in (5, 4, 2, 1) if n < len(code))


FORMAT = Format(
    "insurance", "nhsa", frozenset({EntityType.TREATMENT}), _read, frozenset({"sheet", "under"})
)
