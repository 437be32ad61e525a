"""Which concepts the generated records speak of, the commonest first.

Belongs here: the slots of `terms.csv`, each a ranked list and the part of `dictionaries/` that
follows it; what a sex excludes. Does not belong here: sentences (`phrases.py`, `findings.py`), how
a rank is drawn (`words.py`), companion diseases (`companions.py`), sites (`regions.py`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from rakg_assets.ontology.schema import EntityType

_FILE = Path(__file__).with_name("terms.csv")
#: As `rest`: whatever its parent is.
EVERYTHING = ("*",)
#: Probability falls with rank as 1/rank**exponent; less steeply than words do, or few of the
#: thousands of concepts would be told often enough to reach the graph.
EXPONENT = 0.7


class Slot(NamedTuple):
    """A gap of a sentence: names by rank, and how often an alias stands for the name (0..1).

    After `names` come all other concepts of the type whose parent in the dictionary is one of
    `rest`, in its order, except those `barred`.
    """

    type: EntityType
    names: tuple[str, ...]
    alias_share: float = 0.0
    rest: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    exponent: float = EXPONENT


def words(text: str) -> tuple[str, ...]:
    """The words of a list written as one text."""
    return tuple(text.split())


_T = EntityType
MAIN = Slot(_T.DISEASE, ("类风湿关节炎",), 0.18)
SUBTYPES = Slot(
    _T.DISEASE,
    words(
        "血清阳性类风湿关节炎 老年起病类风湿关节炎 血清阴性类风湿关节炎 难治性类风湿关节炎 "
        "早期类风湿关节炎"
    ),
    0.1,
)
#: A disease that did not exist for most of the years.
PANDEMIC = "新型冠状病毒感染"
#: The few records without RA; they must get no rule relation.
OTHER_MAIN = Slot(_T.DISEASE, words("骨关节炎 强直性脊柱炎 痛风性关节炎 未分化关节炎"))


def _slot(row: Mapping[str, str]) -> Slot:
    return Slot(
        EntityType(row["type"]),
        words(row["names"]),
        float(row["alias_share"] or 0),
        words(row["rest"]),
        words(row["barred"]),
        float(row["exponent"] or EXPONENT),
    )


def _read() -> dict[str, Slot]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["slot"]: _slot(row) for row in csv.DictReader(file)}


SLOTS: dict[str, Slot] = _read()

#: Biological and targeted drugs: a regimen has one of them at most.
TARGETED = frozenset(
    words(
        "依那西普 托珠单抗 阿达木单抗 托法替布 英夫利西单抗 巴瑞替尼 戈利木单抗 培塞利珠单抗 "
        "阿巴西普 利妥昔单抗 乌帕替尼 司库奇尤单抗 沙利鲁单抗 菲戈替尼 培非替尼 艾玛昔替尼 "
        "吉卡昔替尼 泰它西普 阿那白滞素"
    )
)

#: How the side stands before a joint; most take 双, 左, 右 as they are.
SIDED = {"近端指间关节": "手", "掌指关节": "手", "跖趾关节": "足"}

ONLY_WOMEN = frozenset(
    words(
        "外阴溃疡 月经不调 阴道出血 阴道干涩 妊娠 产后 流产 月经期 绝经 抱孩子 穿高跟鞋 乳腺癌 "
        "宫颈癌 子宫肌瘤 乳腺增生 乳腺结节 卵巢囊肿 阴道炎 绝经期综合征 妊娠期糖尿病 产后抑郁 "
        "自然流产 痛经 子宫内膜异位症 剖宫产术 子宫切除术 子宫肌瘤切除术 输卵管结扎术 乳腺癌根治术 "
        "卵巢囊肿剥除术 乳腺肿物切除术 抗缪勒管激素 乳腺超声 妇科超声 宫腔镜 乳房 子宫 外阴"
    )
)
ONLY_MEN = frozenset(words("前列腺增生 前列腺癌 前列腺炎 前列腺超声 前列腺特异性抗原 前列腺"))
