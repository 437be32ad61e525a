"""The dictionary files keep their rules, and broken files are named by file, line and remedy."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from rakg_assets.ontology.dictionaries import (
    ID_PREFIXES,
    DictionaryError,
    concept_table,
    dictionaries_version,
    fold,
    load_dictionaries,
)
from rakg_assets.ontology.schema import EntityType

SHIPPED = Path(__file__).resolve().parents[2] / "dictionaries"
HEADER = "concept_id,name_zh,name_en,aliases,parent,icd10"
AIMS = {
    EntityType.TREATMENT: 800,
    EntityType.DISEASE: 1200,
    EntityType.LAB_TEST: 500,
    EntityType.SYMPTOM: 500,
    EntityType.PHYSICAL_EXAMINATION: 350,
    EntityType.BODY_PART: 400,
    EntityType.IMAGING_TEST: 150,
    EntityType.AGGRAVATING_FACTOR: 120,
    EntityType.MITIGATION_FACTOR: 80,
}


@pytest.fixture(scope="module")
def shipped():
    return load_dictionaries(SHIPPED)


@pytest.fixture
def folder(tmp_path):
    """The shipped dictionaries, but one disease file to write into."""
    for kind in EntityType:
        shutil.copy(SHIPPED / f"{kind.value}.csv", tmp_path)
    return tmp_path


def with_diseases(folder: Path, *rows: str, header: str = HEADER):
    text = "\n".join((header, *rows)) + "\n"
    (folder / "disease.csv").write_text(text, encoding="utf-8")
    return load_dictionaries(folder)


@pytest.mark.parametrize("kind", list(EntityType))
def test_shipped_dictionaries_have_the_size_aimed_at(shipped, kind):
    assert len(shipped[kind].concepts) >= AIMS[kind]


@pytest.mark.parametrize("kind", list(EntityType))
def test_the_readme_tells_their_size(shipped, kind):
    concepts = shipped[kind].concepts
    aliases = sum(len(c.aliases) + len(c.ambiguous) for c in concepts)
    readme = (SHIPPED.parent / "README.md").read_text("utf-8")
    assert f"| {kind.value} | {len(concepts):,} | {aliases:,} |" in readme


@pytest.mark.parametrize(
    ("kind", "mention", "name"),
    [
        ("treatment", "爱若华", "来氟米特"),
        ("treatment", "氨甲喋呤", "甲氨蝶呤"),
        ("treatment", "纷乐", "羟氯喹"),
        ("treatment", "氯喹", "氯喹"),
        ("treatment", "美卓乐", "甲泼尼龙"),
        ("treatment", "强的松", "泼尼松"),
        ("treatment", "强的松龙", "泼尼松龙"),
        ("treatment", "云克", "锝[99Tc]亚甲基二膦酸盐"),
        ("disease", "RA", "类风湿关节炎"),
        ("disease", "类风关", "类风湿关节炎"),
        ("lab_test", "ESR", "红细胞沉降率"),
        ("body_part", "PIP", "近端指间关节"),
        ("aggravating_factor", "着凉", "受凉"),
    ],
)
def test_a_known_word_names_one_concept(shipped, kind, mention, name):
    concepts = shipped[EntityType(kind)].concepts
    found = [c.name_zh for c in concepts if fold(mention) in {fold(n) for n in c.names}]
    assert found == [name]


def test_a_drug_has_its_class_as_parent(shipped):
    concepts = {c.concept_id: c for c in shipped[EntityType.TREATMENT].concepts}
    methotrexate = next(c for c in concepts.values() if c.name_zh == "甲氨蝶呤")
    assert "DMARD" in concepts[methotrexate.parent].name_en
    assert methotrexate.codes == {"atc": "L04AX03"}


def test_concept_table_has_one_sorted_row_a_concept(shipped):
    table = concept_table(shipped)
    assert list(table.columns) == ["concept_id", "type", "name_zh", "name_en"]
    assert len(table) == sum(len(d.concepts) for d in shipped.values())
    assert table["concept_id"].is_monotonic_increasing
    assert table["concept_id"].is_unique
    assert set(table["type"]) == {k.value for k in EntityType}


def test_the_table_sorts_ids_as_numbers(folder):
    concepts = with_diseases(folder, "DIS9999,甲病,a,,,", "DIS10000,乙病,,,,A00.900")
    diseases = concept_table(concepts).query("type == 'disease'")
    assert list(diseases["concept_id"]) == ["DIS9999", "DIS10000"]


def test_a_concept_without_english_name_has_no_empty_name(folder):
    (concept,) = with_diseases(folder, "DIS0001,甲病,,乙,,")[EntityType.DISEASE].concepts
    assert concept.names == ("甲病", "乙")


def test_version_follows_content_not_form(folder):
    before = dictionaries_version(load_dictionaries(folder))
    path = folder / "disease.csv"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert dictionaries_version(load_dictionaries(folder)) == before
    path.write_text(text.replace("类风关|", "类风关|风湿关|", 1), encoding="utf-8")
    assert dictionaries_version(load_dictionaries(folder)) != before


def test_concepts_are_values(shipped):
    with pytest.raises(dataclasses.FrozenInstanceError):
        shipped[EntityType.DISEASE].concepts[0].name_zh = "x"


def test_empty_rows_at_the_end_are_passed_over(folder):
    dictionaries = with_diseases(folder, "DIS0001,甲病,a,,,", ",,,,,", "")
    assert [c.concept_id for c in dictionaries[EntityType.DISEASE].concepts] == ["DIS0001"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "disease.csv: missing in .*; add the file"),
        (b"concept_id,name_zh\n", "disease.csv, line 1: the header lacks name_en"),
        (f"{HEADER},weight\n".encode(), "line 1: the header has unknown weight"),
        (f"{HEADER}\nDIS0001,甲,a\n".encode(), "disease.csv, line 2: not one cell a column"),
        (f"{HEADER}\nDIS0001,甲,a,,,,,\n".encode(), "line 2: not one cell a column"),
        (f'{HEADER}\nDIS0001,"甲\n乙",a,,,\n'.encode(), "line 2: a line break in a cell"),
        (f'{HEADER}\nDIS0001,"甲"乙,a,,,\n'.encode(), "disease.csv, line 2: .*mend the quotes"),
        (f"{HEADER}\nDIS0001,甲病,a,,,\n".encode("gb18030"), "disease.csv, line 2: not UTF-8"),
        (b"", "line 1: the header lacks concept_id"),
    ],
)
def test_unreadable_files_are_named_with_a_remedy(folder, content, message):
    path = folder / "disease.csv"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(DictionaryError, match=message):
        load_dictionaries(folder)


def test_every_type_has_its_own_prefix():
    assert len(set(ID_PREFIXES.values())) == len(EntityType)
