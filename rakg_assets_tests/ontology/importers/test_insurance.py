"""The insurance catalogue: classes hold for the medicines below them."""

from __future__ import annotations

from rakg_assets.ontology.schema import EntityType
from rakg_assets_tests.ontology.importers.lists import read, reasons, workbook

HEADER = ["药品分类代码", "药品分类", None, "甲乙类", "编号", "药品名称", "剂型", "备注"]
ROWS = [
    ["国家基本医疗保险、工伤保险和生育保险药品目录"],
    HEADER,
    ["X", "西药部分"],
    ["XL", "抗肿瘤药及免疫调节剂"],
    ["XL04", None, "免疫抑制剂"],
    ["XL04A", "免疫抑制剂类"],
    [None, None, None, "甲", 849, "甲氨蝶呤", "口服常释剂型", None],
    [None, None, None, None, None, None, "注射剂", None],
    [None, None, None, "乙", 850, "来氟米特▲", "口服常释剂型", "限类风湿关节炎"],
    ["XM", "肌肉-骨骼系统药物"],
    [None, None, None, "甲", "★(849)", "★甲氨蝶呤", "口服常释剂型", None],
]
PATENT = [
    HEADER,
    ["ZA", "内科用药"],
    [None, None, None, "甲", 1, "感冒清热颗粒（胶囊、片）", None, None],
]


def catalogue(tmp_path, **options):
    source = workbook(tmp_path / "a.xlsx", {"西药": ROWS, "中成药": PATENT, "说明": [["凡例"]]})
    return read("insurance", source, EntityType.TREATMENT, **options)


def test_classes_and_medicines(tmp_path):
    terms, skipped = catalogue(tmp_path)
    assert [(t.code, t.name_zh, t.parents) for t in terms] == [
        ("X", "西药部分", ()),
        ("XL", "抗肿瘤药及免疫调节剂", ("X",)),
        ("XL04", "免疫抑制剂", ("XL", "X")),
        ("XL04A", "免疫抑制剂类", ("XL04", "XL", "X")),
        ("", "甲氨蝶呤", ("XL04A", "XL04", "XL", "X")),
        ("", "来氟米特", ("XL04A", "XL04", "XL", "X")),
        ("XM", "肌肉-骨骼系统药物", ("X",)),
        ("", "甲氨蝶呤", ("XM", "X")),
        ("ZA", "内科用药", ("Z",)),
        ("", "感冒清热颗粒", ("ZA", "Z")),
    ]
    assert terms[-1].aliases == ("感冒清热胶囊", "感冒清热片")
    assert reasons(skipped) == ["a.xlsx, sheet 说明: the sheet has no header of such a list"]


def test_one_sheet(tmp_path):
    terms, skipped = catalogue(tmp_path, sheet="中成药")
    assert [t.name_zh for t in terms] == ["内科用药", "感冒清热颗粒"]
    assert skipped == []


def test_only_some_classes(tmp_path):
    terms, skipped = catalogue(tmp_path, under=("XL04",))
    assert [t.name_zh for t in terms] == ["免疫抑制剂", "免疫抑制剂类", "甲氨蝶呤", "来氟米特"]
    assert "not under the codes asked for" in reasons(skipped)


def test_classes_of_one_name_are_told_apart(tmp_path):
    rows = [HEADER, ["XA", "其他"], ["XB", "其他"], ["XB", "其他"]]
    source = workbook(tmp_path / "a.xlsx", {"西药": rows})
    terms, _ = read("insurance", source, EntityType.TREATMENT)
    assert [t.name_zh for t in terms] == ["其他", "其他(XB)"]


def test_merged_cells(tmp_path):
    rows = [
        HEADER,
        ["XL04", "免疫抑制剂"],
        [None, None, None, "甲", 849, "甲氨蝶呤", "口服常释剂型"],
        [None, None, None, None, None, None, "注射剂"],
    ]
    merged = ["B1:C1", "B2:C2", "F3:F4", "E3:E4"]
    source = workbook(tmp_path / "a.xlsx", {"西药": rows}, merged)
    terms, skipped = read("insurance", source, EntityType.TREATMENT)
    assert [t.name_zh for t in terms] == ["免疫抑制剂", "甲氨蝶呤"]
    assert skipped == []


def test_bad_rows_are_skipped_with_place_and_reason(tmp_path):
    rows = [HEADER, ["注", "见凡例"], ["XA", None], [None, "散"]]
    source = workbook(tmp_path / "a.xlsx", {"西药": rows})
    _, skipped = read("insurance", source, EntityType.TREATMENT)
    assert reasons(skipped) == [
        "a.xlsx, sheet 西药, row 2: no code of a class",
        "a.xlsx, sheet 西药, row 3: a class without name",
        "a.xlsx, sheet 西药, row 4: neither a class nor a medicine",
    ]
