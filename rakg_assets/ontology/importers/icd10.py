"""ICD-10 as Chinese hospitals code diagnoses: 疾病分类与代码国家临床版 2.0, GB/T 14396.

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
    "icd10",
    (
        *("主要编码", "编码", "疾病编码", "诊断编码", "疾病代码", "诊断代码", "代码", "主编码"),
        *("ICD-10编码", "ICD编码", "ICD-10", "ICD10国家临床版2.0编码"),
    ),
    ("疾病名称", "名称", "诊断名称", "疾病诊断名称", "中文名称", "疾病中文名称"),
    extra=("附加编码", "附加码", "副编码"),
)
_MAIN = re.compile(r"([A-Z]\d\d)(?:\.([\dx])(\d{0,2})(x\d{3})?)?")


def _read(path: Path, options: ReadOptions) -> Entries:
    for found in coded_records(path, _LAYOUT, "icd10", options):
        if isinstance(found, Skipped):
            yield found
        else:
            code, record = found
            yield Term(
                code, record["name"], record.place, record["name_en"], parents=_parents(code)
            )


def _parents(code: str) -> tuple[str, ...]:
    """M06.901x002 lies under M06.901, M06.900, M06.9 and M06.

    The list keeps the first four characters for the WHO's subcategories and gives those the
    ending 00; categories without subcategories have x00.
    """
    category, sub, local, extension = _MAIN.match(code).groups()
    above = []
    if extension:
        above.append(f"{category}.{sub}{local}")
    if sub:
        above += [f"{category}.{sub}00", f"{category}.{sub}", f"{category}.x00", category]
    return tuple(dict.fromkeys(a for a in above if a != code))


FORMAT = Format(
    "icd10",
    "icd10",
    frozenset({EntityType.DISEASE, EntityType.SYMPTOM}),
    _read,
    frozenset({"sheet", "under"}),
)
