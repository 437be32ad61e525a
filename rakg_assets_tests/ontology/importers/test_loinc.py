"""LOINC's laboratory terms, with the names of the Chinese variant."""

from __future__ import annotations

from rakg_assets.ontology.schema import EntityType
from rakg_assets_tests.ontology.importers.lists import read, reasons, text_list

LAB = EntityType.LAB_TEST
TABLE = [
    '"LOINC_NUM","COMPONENT","PROPERTY","TIME_ASPCT","SYSTEM","SCALE_TYP","METHOD_TYP","CLASS",'
    '"STATUS","CLASSTYPE","SHORTNAME","LONG_COMMON_NAME","COMMON_TEST_RANK"',
    '"1988-5","C reactive protein","MCnc","Pt","Ser/Plas","Qn","","CHEM","ACTIVE","1",'
    '"CRP SerPl-mCnc","C reactive protein [Mass/volume] in Serum or Plasma","96"',
    '"30522-7","C reactive protein","MCnc","Pt","Ser/Plas","Qn","High sensitivity","CHEM",'
    '"ACTIVE","1","CRP SerPl HS-mCnc","C reactive protein, high sensitivity","300"',
    '"4537-7","Erythrocyte sedimentation rate","Vel","Pt","Bld","Qn","Westergren","HEM/BC",'
    '"DEPRECATED","1","ESR","Erythrocyte sedimentation rate by Westergren","0"',
    '"24627-2","XR Chest","Find","Pt","Chest","Doc","CT","RAD","ACTIVE","2","CT","CT Chest","5"',
    '"4537-6","Wrong digit","MCnc","Pt","Bld","Qn","","CHEM","ACTIVE","1","x","x","0"',
]
VARIANT = [
    '"LOINC_NUM","COMPONENT","PROPERTY","TIME_ASPCT","SYSTEM","SCALE_TYP","METHOD_TYP","CLASS",'
    '"SHORTNAME","LONG_COMMON_NAME","RELATEDNAMES2","LinguisticVariantDisplayName"',
    '"1988-5","C反应蛋白","质量浓度","时间点","血清/血浆","定量型","","化学","","","化学;CRP",""',
    '"30522-7","C反应蛋白","质量浓度","时间点","血清/血浆","定量型","高灵敏度","化学","","","",'
    '"超敏C反应蛋白"',
]


def release(folder):
    text_list(folder / "LoincTable" / "Loinc.csv", *TABLE)
    name = "AccessoryFiles/LinguisticVariants/zhCN5LinguisticVariant.csv"
    text_list(folder / name, *VARIANT)
    return folder


def test_terms_with_their_chinese_names(tmp_path):
    terms, skipped = read("loinc", release(tmp_path), LAB)
    first, second = terms
    assert first.name_zh == "C反应蛋白:质量浓度:时间点:血清/血浆:定量型"
    assert first.name_en == "C reactive protein [Mass/volume] in Serum or Plasma"
    assert second.name_zh == "超敏C反应蛋白"
    assert reasons(skipped) == [
        "status DEPRECATED",
        "no laboratory term",
        "Loinc.csv, line 6: no code of LOINC",
    ]


def test_the_commonest_test_of_a_component_is_known_by_it_alone(tmp_path):
    first, second = read("loinc", release(tmp_path), LAB)[0]
    assert first.aliases == ("C反应蛋白", "CRP SerPl-mCnc")
    assert second.aliases == ("CRP SerPl HS-mCnc",)


def test_the_table_alone_is_english(tmp_path):
    terms, _ = read("loinc", text_list(tmp_path / "Loinc.csv", *TABLE), LAB)
    assert [t.name_zh for t in terms] == ["", ""]


def test_the_variant_alone(tmp_path):
    source = text_list(tmp_path / "zhCN5LinguisticVariant.csv", *VARIANT)
    terms, skipped = read("loinc", source, LAB)
    assert [(t.code, t.name_zh, t.name_en) for t in terms][1] == ("30522-7", "超敏C反应蛋白", "")
    assert skipped == []
