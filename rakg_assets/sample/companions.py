"""What stands beside the joints: companion diseases, doses, tests with their ranges, other numbers.

The companions are rows of `companions.csv`, the commonest first; every name is one of
`dictionaries/`. Does not belong here: what a record tells of a companion (`ailments.py`), ranked
lists of single concepts (`terms.py`) or sentences (`phrases.py`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample.terms import Slot, words

_FILE = Path(__file__).with_name("companions.csv")
#: After a name in the column of drugs: whatever has it as parent.
_ALL_BELOW = "*"
_RESULTS = {"↑": "升高", "↓": "降低", "+": "阳性"}
_BY_RANK, _DRUG_ALIASES = 0.3, 0.05


class Sited(NamedTuple):
    """A complaint or a sign; `site` is the part of the body before it, empty if none is said."""

    site: str
    name: str


class Finding(NamedTuple):
    """A lab test and how it comes out in the disease; `result` is empty where it may be normal."""

    name: str
    result: str


class Companion(NamedTuple):
    """A disease beside the main one, and what it brings into a record; `lasting` if chronic.

    A patient has one disease of a `group` and none before the age of `from_age`. What triggers or
    relieves does so to the complaints.
    """

    disease: str
    lasting: bool = True
    group: str = ""
    from_age: int = 0
    complaints: tuple[Sited, ...] = ()
    triggers: tuple[str, ...] = ()
    relief: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    signs: tuple[Sited, ...] = ()
    lab_tests: tuple[Finding, ...] = ()
    imaging_tests: tuple[str, ...] = ()

    @property
    def slot(self) -> Slot:
        """Its drugs by rank, those of its classes last."""
        return Slot(
            EntityType.TREATMENT, self.drugs, _DRUG_ALIASES, self.classes, exponent=_BY_RANK
        )


def _sited(cell: str) -> tuple[Sited, ...]:
    """`颈部:酸胀 头晕` as complaints or signs."""
    return tuple(Sited(*item.rpartition(":")[::2]) for item in cell.split())


def _finding(item: str) -> Finding:
    return Finding(item.rstrip("".join(_RESULTS)), _RESULTS.get(item[-1], ""))


def _companion(row: Mapping[str, str]) -> Companion:
    drugs = row["drugs"].split()
    return Companion(
        disease=row["disease"],
        lasting=row["course"] == "慢",
        group=row["group"],
        from_age=int(row["from_age"] or 0),
        complaints=_sited(row["complaints"]),
        triggers=tuple(row["triggers"].split()),
        relief=tuple(row["relief"].split()),
        drugs=tuple(d for d in drugs if not d.endswith(_ALL_BELOW)),
        classes=tuple(d.rstrip(_ALL_BELOW) for d in drugs if d.endswith(_ALL_BELOW)),
        signs=_sited(row["signs"]),
        lab_tests=tuple(map(_finding, row["lab_tests"].split())),
        imaging_tests=tuple(row["imaging_tests"].split()),
    )


def _read() -> tuple[Companion, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(map(_companion, csv.DictReader(file)))


#: The commonest first.
COMPANIONS: tuple[Companion, ...] = _read()
#: Diseases that may stand in a list of diagnoses and bring nothing else.
OTHERS = Slot(
    EntityType.DISEASE,
    words(
        "乙型肝炎病毒携带者 关节脱位 脾肿大 肾盂积水 颈动脉狭窄 颅内动脉瘤 包虫病 陈旧性心肌梗死"
    ),
    0.1,
)

DOSES: dict[str, tuple[str, ...]] = {
    "甲氨蝶呤": ("10mg qw", "12.5mg qw", "15mg每周一次", "7.5mg qw"),
    "来氟米特": ("20mg qd", "10mg qd", "10mg每日一次"),
    "羟氯喹": ("0.2g bid", "0.1g bid", "0.2g每日两次"),
    "泼尼松": ("10mg qd", "5mg qd", "15mg每日一次"),
    "泼尼松龙": ("10mg qd", "15mg qd"),
    "甲泼尼龙": ("8mg qd", "4mg qd", "40mg静滴qd"),
    "雷公藤多苷": ("20mg tid", "10mg tid"),
    "柳氮磺吡啶": ("0.5g bid", "0.75g tid", "1.0g bid"),
    "艾拉莫德": ("25mg bid",),
    "白芍总苷": ("0.6g bid", "0.6g tid"),
    "依那西普": ("25mg皮下注射每周两次", "50mg qw"),
    "阿达木单抗": ("40mg q2w", "40mg皮下注射每两周一次"),
    "托珠单抗": ("320mg静滴", "8mg/kg q4w"),
    "托法替布": ("5mg bid",),
    "塞来昔布": ("0.2g qd", "0.2g bid"),
    "双氯芬酸": ("75mg qd", "75mg bid"),
    "美洛昔康": ("7.5mg qd", "15mg qd"),
    "洛索洛芬": ("60mg tid",),
    "依托考昔": ("60mg qd",),
    "碳酸钙D3": ("600mg qd", "0.6g qd"),
    "骨化三醇": ("0.25μg qd",),
    "叶酸": ("5mg qw", "10mg qw"),
    "奥美拉唑": ("20mg qd",),
    "氨氯地平": ("5mg qd",),
    "二甲双胍": ("0.5g bid", "0.5g tid"),
    "阿司匹林": ("100mg qd",),
}


class Assay(NamedTuple):
    """A test with its unit and the range of values in active disease."""

    name: str
    unit: str
    low: float
    high: float
    decimals: int = 0


#: The first four fall under treatment; the others are told once.
ASSAYS: tuple[Assay, ...] = (
    Assay("红细胞沉降率", "mm/h", 28, 118),
    Assay("C反应蛋白", "mg/L", 8, 130, 1),
    Assay("血小板计数", "×10^9/L", 180, 520),
    Assay("白细胞计数", "×10^9/L", 3.2, 12.4, 2),
    Assay("类风湿因子", "IU/ml", 25, 980, 1),
    Assay("抗环瓜氨酸肽抗体", "U/ml", 18, 500),
    Assay("血红蛋白", "g/L", 78, 142),
    Assay("丙氨酸氨基转移酶", "U/L", 9, 88),
    Assay("肌酐", "μmol/L", 38, 112),
    Assay("尿酸", "μmol/L", 180, 510),
    Assay("白蛋白", "g/L", 28, 44, 1),
    Assay("D-二聚体", "mg/L", 0.2, 4.5, 2),
    Assay("铁蛋白", "ng/ml", 40, 620),
    Assay("补体C3", "g/L", 0.6, 1.6, 2),
    Assay("白介素6", "pg/ml", 5, 160, 1),
)

#: Gaps that are numbers: inclusive ranges; a real range is told with one decimal.
RANGES: dict[str, tuple[float, float]] = {
    "years": (1, 30),
    "years2": (2, 18),
    "months": (2, 6),
    "weeks": (2, 6),
    "days": (5, 20),
    "hours": (1, 3),
    "minutes": (20, 90),
    "few": (5, 20),
    "cigarettes": (5, 30),
    "children": (1, 3),
    "menopause": (45, 54),
    "temperature": (36.2, 37.4),
    "score": (2.5, 4.2),
    "pulse": (64, 98),
    "breath": (17, 21),
    "systolic": (108, 158),
    "diastolic": (62, 94),
}
