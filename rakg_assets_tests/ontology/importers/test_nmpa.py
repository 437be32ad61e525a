"""Products of the national drug codes become substances with their brands."""

from __future__ import annotations

from rakg_assets.ontology.schema import EntityType
from rakg_assets_tests.ontology.importers.lists import read, reasons, workbook

HEADER = [
    *("序号", "批准文号", "产品名称", "英文名称", "商品名", "剂型", "规格"),
    *("上市许可持有人", "药品编码", "药品编码备注"),
]
IMPORTED = [
    "注册证号",
    "产品名称（中文）",
    "产品名称（英文）",
    "商品名（中文）",
    "商品名（英文）",
    "药品本位码",
]


def product(number, name, english="", brand="", approval="国药准字H20000001"):
    code = f"8690000100{number:04d}"
    return [number, approval, name, english, brand, "片剂", "2.5mg", "某厂", code, ""]


def treatments(tmp_path, *rows, header=HEADER):
    source = workbook(
        tmp_path / "a.xlsx", {"国产药品": [["国家药品编码本位码信息"], header, *rows]}
    )
    return read("nmpa", source, EntityType.TREATMENT)


def test_the_products_of_a_substance_are_one_entry(tmp_path):
    terms, skipped = treatments(
        tmp_path,
        product(19, "甲氨蝶呤片", "Methotrexate Tablets"),
        product(5, "注射用甲氨蝶呤", "Methotrexate for Injection", "密都"),
        product(7, "甲氨蝶呤注射液", "Methotrexatum Injection", "—"),
        product(30, "来氟米特片", "Leflunomide Tablets", "爱若华"),
    )
    assert skipped == []
    first, second = terms
    assert (first.name_zh, first.name_en, first.code) == (
        *("甲氨蝶呤", "Methotrexate"),
        "86900001000005",
    )
    assert first.aliases == ("甲氨蝶呤片", "注射用甲氨蝶呤", "密都", "甲氨蝶呤注射液")
    assert (second.name_zh, second.aliases) == ("来氟米特", ("来氟米特片", "爱若华"))


def test_distinct_substances_stay_distinct(tmp_path):
    names = [
        "醋酸泼尼松片",
        "醋酸泼尼松龙片",
        "双氯芬酸钠片",
        "双氯芬酸钾片",
        "雷公藤片",
        "雷公藤多苷片",
    ]
    terms, _ = treatments(tmp_path, *(product(i, n) for i, n in enumerate(names)))
    assert [t.name_zh for t in terms] == [n.removesuffix("片") for n in names]


def test_a_patent_medicine_keeps_its_form(tmp_path):
    terms, _ = treatments(
        tmp_path,
        product(1, "六味地黄胶囊", approval="国药准字Z20000001"),
        product(2, "六味地黄丸", approval="国药准字Z20000002"),
    )
    assert [(t.name_zh, t.aliases) for t in terms] == [("六味地黄丸", ("六味地黄胶囊",))]


def test_imported_medicines_have_columns_in_two_languages(tmp_path):
    row = ["HJ20160001", "托法替布片", "Tofacitinib Tablets", "尚杰", "Xeljanz", 86978000000011]
    (term,), _ = treatments(tmp_path, row, header=IMPORTED)
    assert (term.code, term.name_zh, term.name_en) == ("86978000000011", "托法替布", "Tofacitinib")
    assert term.aliases == ("托法替布片", "尚杰", "Xeljanz")


def test_several_codes_in_a_cell(tmp_path):
    row = product(2, "布洛芬片")
    row[8] = "86900001000003\n86900001000002"
    (term,), _ = treatments(tmp_path, row)
    assert term.code == "86900001000002"


def test_bad_rows_are_skipped_with_place_and_reason(tmp_path):
    short, nameless, codeless = (product(i, "布洛芬片") for i in range(3))
    short[8], nameless[2], codeless[8] = "8690", "", None
    terms, skipped = treatments(tmp_path, short, nameless, codeless)
    assert terms == []
    assert reasons(skipped) == [
        "a.xlsx, sheet 国产药品, row 3: no code of 14 digits",
        "a.xlsx, sheet 国产药品, row 4: no product name",
        "a.xlsx, sheet 国产药品, row 5: no code",
    ]
