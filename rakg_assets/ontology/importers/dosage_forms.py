"""Names of medicines without their dosage form: 注射用甲氨蝶呤 and 甲氨蝶呤片 are 甲氨蝶呤.

Belongs here: the words for forms. Does not belong here: salts, which make other substances, or
forms as records write them (`dictionaries/normalisation/`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# 中国药典 2020, 四部, 0100 制剂通则, with the words that stand before a form in product names.
_MODIFIERS = (
    *("缓释", "控释", "迟释", "肠溶", "分散", "泡腾", "咀嚼", "口腔崩解", "口崩", "口溶", "舌下"),
    *("含", "阴道", "薄膜衣", "糖衣", "双层", "软", "硬", "微丸", "浓缩", "水蜜", "大蜜", "小蜜"),
    *("水", "蜜", "滴", "口服", "外用", "干", "混悬", "吸入", "鼻用", "鼻", "眼用", "滴眼", "滴耳"),
    *("滴鼻", "眼", "耳用", "透皮", "皮肤", "直肠", "粉", "泡", "冻干", "植入", "灌肠", "无糖型"),
    *("脂肪乳", "长效", "静脉", "雾化", "速释", "双释放"),
)
_FORMS = (
    *(
        "片",
        "片剂",
        "胶囊",
        "胶囊剂",
        "颗粒",
        "颗粒剂",
        "丸",
        "散",
        "散剂",
        "栓",
        "栓剂",
        "膜",
        "膜剂",
    ),
    *("注射液", "注射剂", "针剂", "粉针剂", "口服液", "溶液", "溶液剂", "混悬液", "混悬剂", "乳剂"),
    *(
        "乳液",
        "乳胶剂",
        "糖浆",
        "糖浆剂",
        "合剂",
        "酊",
        "酊剂",
        "搽剂",
        "涂剂",
        "涂膜剂",
        "洗剂",
        "洗液",
    ),
    *("软膏", "乳膏", "眼膏", "糊剂", "凝胶", "凝胶剂", "贴", "贴剂", "贴片", "贴膏", "凝胶贴膏"),
    *("橡胶膏", "膏", "膏药", "煎膏", "气雾剂", "喷雾剂", "粉雾剂", "吸入剂", "粉吸入剂", "滴剂"),
    *("滴眼液", "滴耳液", "滴鼻液", "滴丸", "灌肠液", "灌肠剂", "泡沫剂", "植入剂", "缓释剂", "酒"),
    *(
        "茶",
        "露",
        "锭",
        "干混悬剂",
        "冲洗剂",
        "含漱液",
        "浓溶液",
        "甘油",
        "冲剂",
        "微球",
        "吸入溶液",
    ),
)
#: Forms that end names of substances too: 凡士林甘油 but 硝酸甘油.
_NOT_AFTER_SUBSTANCE = frozenset({"甘油", "茶", "露", "锭", "酒"})


def _either(words: tuple[str, ...]) -> str:
    return "|".join(sorted(words, key=lambda w: (-len(w), w)))


_FORM_WORDS = tuple(w for w in _FORMS if w not in _NOT_AFTER_SUBSTANCE)
_SUFFIX = re.compile(rf"(?:{_either(_MODIFIERS)})*(?:{_either(_FORM_WORDS)})$")
_PREFIX = re.compile(r"^(?:注射用|吸入用|外用|口服用)")
_IS_FORM = re.compile(rf"(?:{_either(_MODIFIERS)})*(?:{_either(_FORMS)})")
_BRACKET = re.compile(r"^(.*?)[(（\[［]([^()（）\[\]［］]*)[)）\]］]$")
#: A Roman numeral numbers a formulation, never another substance; 18AA does not.
_NUMERAL = re.compile(r"[IVX]+")
_ENGLISH = re.compile(
    r"(?:\s+(?:(?:sustained|extended|controlled|delayed|prolonged|modified)[- ]release"
    r"|enteric[- ]coated|dispersible|chewable|effervescent|orally disintegrating|soft|oral|for"
    r"|film[- ]coated|sublingual|ophthalmic|topical|inhalation|buccal|vaginal|nasal"
    r"|tablets?|capsules?|injections?|granules?|ointments?|creams?|gels?|eye drops?|drops?"
    r"|solutions?|suspensions?|suppositor(?:y|ies)|syrups?|powders?|aerosols?|sprays?|patch(?:es)?"
    r"|dry suspensions?|pills?|liniments?|lotions?|tinctures?|mixtures?|emulsions?|pellets?))+$",
    re.IGNORECASE,
)
_SHORTEST = 2


def substance(product: str) -> str:
    """The name of a product without prefix, dosage form and number of the formulation.

    What would leave less than two characters stays: 碘酊.
    """
    name, remark = _split(product)
    if _NUMERAL.fullmatch(unicodedata.normalize("NFKC", remark)):
        remark = ""
    for pattern in (_PREFIX, _SUFFIX):
        shorter = pattern.sub("", name)
        name = shorter if len(shorter) >= _SHORTEST else name
    return f"{name}({remark})" if remark else name


def english_substance(product: str) -> str:
    """The English name without its dosage form: Methotrexate of Methotrexate Tablets."""
    return _ENGLISH.sub("", " ".join(product.split()))


def form_variants(product: str) -> tuple[str, ...]:
    """The products that one name with forms in brackets stands for, the first form first.

    感冒清热颗粒（胶囊、片） is 感冒清热颗粒, 感冒清热胶囊 and 感冒清热片; others are themselves.
    """
    name, remark = _split(product)
    forms = re.split("[、,，/]", remark) if remark else []
    if not forms or not all(_IS_FORM.fullmatch(form.strip()) for form in forms):
        return (product,)
    return (name, *_with_forms(_SUFFIX.sub("", name), forms))


def _with_forms(stem: str, forms: list[str]) -> Iterator[str]:
    for form in forms:
        if len(stem) >= _SHORTEST:
            yield stem + form.strip()


def _split(product: str) -> tuple[str, str]:
    """The name and what stands in brackets at its end."""
    match = _BRACKET.match(product)
    return (match[1].strip(), match[2].strip()) if match and match[1].strip() else (product, "")
