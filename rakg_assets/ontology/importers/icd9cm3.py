"""ICD-9-CM-3 as Chinese hospitals code procedures: 手术操作分类代码国家临床版 3.0.

Belongs here: the columns of that list and how its codes are built. Does not belong here: rows
and bad codes (`coded.py`).
"""

from __future__ import annotations

import re
from pathlib import Path

from rakg_assets.ontology.importers.coded import coded_layout, coded_records
from rakg_assets.ontology.importers.terms import Entries, Format, ReadOptions, Skipped, Term
from rakg_assets.ontology.schema import EntityType

_LAYOUT = coded_layout(
    "icd9cm3",
    (
        *("主要编码", "编码", "手术编码", "手术操作编码", "手术代码", "手术操作代码", "操作编码"),
        *("代码", "主编码", "手术及操作编码", "ICD-9-CM-3编码"),
    ),
    ("手术名称", "名称", "手术操作名称", "操作名称", "手术及操作名称", "中文名称"),
    group=("类别", "手术类别", "操作类别"),
)
#: The list calls each entry 手术, 治疗性操作, 介入治疗 or 诊断性操作.
_DIAGNOSTIC = "诊断性操作"
_CODE = re.compile(r"(\d\d)(?:\.(\d)(?:([\dx])([\dA-Z]*)(x\d+)?)?)?")


def _read(path: Path, options: ReadOptions) -> Entries:
    for found in coded_records(path, _LAYOUT, "icd9cm3", options):
        if isinstance(found, Skipped):
            yield found
            continue
        code, record = found
        wants_diagnostic = options.kind is not EntityType.TREATMENT
        if record["group"] and (record["group"] == _DIAGNOSTIC) is not wants_diagnostic:
            yield Skipped(f"{record['group']} is no {options.kind.value}")
        else:
            yield Term(
                code, record["name"], record.place, record["name_en"], parents=_parents(code)
            )


def _parents(code: str) -> tuple[str, ...]:
    """81.5401x002 lies under 81.5401, 81.5400, 81.54, 81.5x00, 81.5 and 81."""
    chapter, third, fourth, local, extension = _CODE.match(code).groups()
    above = []
    if extension:
        above.append(f"{chapter}.{third}{fourth}{local}")
    if fourth:
        above += [f"{chapter}.{third}{fourth}00", f"{chapter}.{third}{fourth}"]
    if third:
        above += [f"{chapter}.{third}x00", f"{chapter}.{third}", chapter]
    return tuple(dict.fromkeys(a for a in above if a != code and not a.endswith("x")))


FORMAT = Format(
    "icd9cm3",
    "icd9cm3",
    frozenset(
        {
            EntityType.TREATMENT,
            EntityType.IMAGING_TEST,
            EntityType.LAB_TEST,
            EntityType.PHYSICAL_EXAMINATION,
        }
    ),
    _read,
    frozenset({"sheet", "under"}),
)
