"""Forms of a mention, and the word lists they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.fusion.normalise import NormalisationError, Normaliser
from rakg_assets.ontology.schema import EntityType


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("lab_test", "Ｃ－反应蛋白", "c反应蛋白"),
        ("lab_test", "CA72.4", "CA724"),
        ("disease", "Ⅱ型糖尿病", "二型糖尿病"),
        ("disease", "I型呼吸衰竭", "1型呼吸衰竭"),
        ("symptom", "关节 疼痛", "关节痛"),
        ("treatment", "甲氨喋呤", "甲氨蝶呤"),
        ("treatment", "雷公藤多甙", "雷公藤多苷"),
        ("imaging_test", "双手X光片", "双手X线"),
        ("imaging_test", "膝核磁共振", "膝MR"),
        ("imaging_test", "MRCP", "mrcp"),
        ("physical_examination", "“4”字试验", "四字试验"),
    ],
)
def test_spellings_of_one_name_fold_to_one_form(
    normaliser: Normaliser, kind: str, one: str, other: str
) -> None:
    assert normaliser.fold(EntityType(kind), one) == normaliser.fold(EntityType(kind), other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("lab_test", "N", "N%"),
        ("disease", "1型糖尿病", "2型糖尿病"),
        ("imaging_test", "MRCP", "MRI"),
        ("treatment", "泼尼松", "泼尼松龙"),
    ],
)
def test_distinct_names_stay_distinct(
    normaliser: Normaliser, kind: str, one: str, other: str
) -> None:
    assert normaliser.fold(EntityType(kind), one) != normaliser.fold(EntityType(kind), other)


@pytest.mark.parametrize(
    ("kind", "mention", "form"),
    [
        ("treatment", "硫酸羟氯喹片", "羟氯喹"),
        ("treatment", "注射用英夫利西单抗（类克）", "英夫利西单抗"),
        ("treatment", "双氯芬酸钠缓释片", "双氯芬酸"),
        ("disease", "高血压病3级（极高危）", "高血压病"),
        ("disease", "高血压病Ⅲ级 很高危组", "高血压病"),
        ("disease", "类风湿关节炎（活动期", "类风湿关节炎"),
        ("disease", "左侧肾结石", "肾结石"),
        ("lab_test", "血脂四项", "血脂"),
        ("body_part", "右手第2、3掌指关节", "掌指关节"),
        ("body_part", "L1棘突", "腰椎"),
    ],
)
def test_forms_take_off_what_names_nothing_else(
    normaliser: Normaliser, kind: str, mention: str, form: str
) -> None:
    forms = normaliser.forms_all(EntityType(kind), [mention])[0]
    assert forms[0] == normaliser.fold(EntityType(kind), mention)
    assert form in forms


@pytest.mark.parametrize("text", ["", "，", "（）", "＊＊＊"])
def test_text_without_a_name_has_an_empty_form(normaliser: Normaliser, text: str) -> None:
    assert normaliser.forms_all(EntityType.DISEASE, [text])[0] == ("",)


def test_remarks_are_the_contents_of_brackets(normaliser: Normaliser) -> None:
    assert normaliser.remarks(EntityType.TREATMENT, "来氟米特片（爱若华）") == ("爱若华",)
    assert normaliser.remarks(EntityType.TREATMENT, "来氟米特片") == ()


def test_a_missing_word_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(NormalisationError, match=r"substitutions\.csv"):
        Normaliser(tmp_path)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("*,fold,,痛", "line 2: find is wrong; fill it in"),
        ("drug,fold,疼,痛", "line 2: types is wrong; use"),
        ("disease|symptom,often,疼,痛", "line 2: step is wrong; use fold, loose"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, reason: str) -> None:
    (tmp_path / "substitutions.csv").write_text(f"types,step,find,replace\n{row}\n", "utf-8")
    with pytest.raises(NormalisationError, match=reason):
        Normaliser(tmp_path)


def test_a_list_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "substitutions.csv").write_bytes("types,步".encode("gb18030"))
    with pytest.raises(NormalisationError, match="not UTF-8"):
        Normaliser(tmp_path)
