"""A product's name without its form is the substance; salts and mixtures stay apart."""

from __future__ import annotations

import pytest

from rakg_assets.ontology.importers.dosage_forms import (
    english_substance,
    form_variants,
    substance,
)


@pytest.mark.parametrize(
    ("product", "name"),
    [
        ("甲氨蝶呤片", "甲氨蝶呤"),
        ("注射用甲氨蝶呤", "甲氨蝶呤"),
        ("甲氨蝶呤注射液", "甲氨蝶呤"),
        ("双氯芬酸钠肠溶缓释胶囊", "双氯芬酸钠"),
        ("双氯芬酸钠缓释片(Ⅳ)", "双氯芬酸钠"),
        ("布洛芬混悬滴剂", "布洛芬"),
        ("醋酸泼尼松片", "醋酸泼尼松"),
        ("醋酸泼尼松龙片", "醋酸泼尼松龙"),
        ("硫酸羟氯喹片", "硫酸羟氯喹"),
        ("雷公藤多苷片", "雷公藤多苷"),
        ("吸入用布地奈德混悬液", "布地奈德"),
        ("复方氨基酸注射液(18AA)", "复方氨基酸(18AA)"),
        ("右旋糖酐40葡萄糖注射液", "右旋糖酐40葡萄糖"),
        ("双氯芬酸二乙胺乳胶剂", "双氯芬酸二乙胺"),
        ("硝酸甘油片", "硝酸甘油"),
        ("硝酸甘油", "硝酸甘油"),
        ("碘酊", "碘酊"),
        ("注射用水", "注射用水"),
        ("阿片酊", "阿片"),
    ],
)
def test_the_substance_of_a_product(product, name):
    assert substance(product) == name


@pytest.mark.parametrize(
    ("product", "name"),
    [
        ("Methotrexate Tablets", "Methotrexate"),
        ("Methotrexate for Injection", "Methotrexate"),
        ("Diclofenac Sodium Sustained-release Capsules", "Diclofenac Sodium"),
        ("Ibuprofen Oral Suspension", "Ibuprofen"),
        ("Leflunomide", "Leflunomide"),
        ("Tablets", "Tablets"),
        ("", ""),
    ],
)
def test_the_english_substance(product, name):
    assert english_substance(product) == name


@pytest.mark.parametrize(
    ("product", "variants"),
    [
        ("感冒清热颗粒（胶囊、片）", ("感冒清热颗粒", "感冒清热胶囊", "感冒清热片")),
        ("胰岛素(重组人)", ("胰岛素(重组人)",)),
        ("甲氨蝶呤", ("甲氨蝶呤",)),
    ],
)
def test_forms_in_brackets_are_products_of_their_own(product, variants):
    assert form_variants(product) == variants
