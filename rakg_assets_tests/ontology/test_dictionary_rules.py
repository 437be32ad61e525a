"""Each rule of the dictionaries is told by file, line and remedy; the shipped ones keep all."""

from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.ontology.dictionaries import load_dictionaries, shipped_dictionaries
from rakg_assets.ontology.dictionary_rules import validate
from rakg_assets.ontology.schema import EntityType

HEADER = "concept_id,name_zh,name_en,aliases,parent,icd10"


@pytest.fixture
def folder(tmp_path):
    """Dictionaries without concepts, but one disease file to write into."""
    for kind in EntityType:
        (tmp_path / f"{kind.value}.csv").write_text(f"{HEADER}\n", encoding="utf-8")
    return tmp_path


def with_diseases(folder: Path, *rows: str):
    text = "\n".join((HEADER, *rows)) + "\n"
    (folder / "disease.csv").write_text(text, encoding="utf-8")
    return load_dictionaries(folder)


def reasons(folder: Path, *rows: str) -> list[str]:
    problems = validate(with_diseases(folder, *rows))
    assert all(p.file == "disease.csv" and p.remedy for p in problems)
    return [f"{p.line}: {p.reason}" for p in problems]


def test_shipped_dictionaries_keep_every_rule():
    assert validate(load_dictionaries(shipped_dictionaries())) == []


def test_a_shipped_concept_has_an_english_name():
    shipped = load_dictionaries(shipped_dictionaries())
    assert [c for d in shipped.values() for c in d.concepts if not c.name_en] == []


def test_an_imported_concept_may_lack_an_english_name(folder):
    assert reasons(folder, "DIS0001,霍乱,,,,A00.900", "DIS0002,伤寒,,,,A01.000") == []


def test_ids_of_more_digits_follow_those_of_four(folder):
    rows = ("DIS9999,甲病,a,,,", "DIS10000,乙病,b,,,", "DIS10001,丙病,c,,DIS10000,")
    assert reasons(folder, *rows) == []


@pytest.mark.parametrize("key", ["DIS001", "DIS00001", "DIS", "DIS1000x", "dis0001"])
def test_an_id_of_another_form_is_malformed(folder, key):
    assert reasons(folder, f"{key},甲病,a,,,") == [f"2: concept_id {key!r} is malformed"]


def test_ids_are_compared_as_numbers(folder):
    found = reasons(folder, "DIS10000,甲病,a,,,", "DIS9999,乙病,b,,,")
    assert found == ["3: concept_id DIS9999 comes after DIS10000"]


def test_ids_are_unique_well_formed_and_sorted(folder):
    found = reasons(
        folder,
        "DIS0002,甲病,a,,,",
        "DIS0001,乙病,b,,,",
        "DIS0002,丙病,c,,,",
        "TRT0003,丁病,d,,,",
    )
    assert [f[0] for f in found] == ["3", "4", "5"]
    assert "after DIS0002" in found[0]
    assert "line 2 too" in found[1]
    assert "malformed" in found[2]


def test_an_alias_of_two_concepts_is_a_problem_unless_marked(folder):
    rows = ("DIS0001,甲病,a,ＡＢ|乙,,", "DIS0002,丙病,c,a b,,")
    assert reasons(folder, *rows) == ["3: 'ab' names DIS0001 and DIS0002"]
    marked = with_diseases(folder, "DIS0001,甲病,a,?AB|乙,,", "DIS0002,丙病,c,?ab,,")
    assert validate(marked) == []
    first = marked[EntityType.DISEASE].concepts[0]
    assert first.aliases == ("乙",)
    assert first.ambiguous == ("AB",)
    assert "AB" not in first.names


def test_parents_exist_and_make_no_circle(folder):
    found = reasons(
        folder, "DIS0001,甲病,a,,DIS0002,", "DIS0002,乙病,b,,DIS0001,", "DIS0003,丙病,c,,DIS0009,"
    )
    assert found == [
        "2: DIS0001 is its own ancestor",
        "3: DIS0002 is its own ancestor",
        "4: the parent DIS0009 is no concept of this file",
    ]


def test_a_concept_below_a_circle_is_not_in_it(folder):
    found = reasons(folder, "DIS0001,甲病,a,,DIS0001,", "DIS0002,乙病,b,,DIS0001,")
    assert found == ["2: DIS0001 is its own ancestor"]


def test_names_and_codes(folder):
    found = reasons(
        folder, "DIS0001,,a,,,M06.9", "DIS0002,乙病,b,乙病|x|x,,M6", "DIS0003,丙,c,,,M06.900x001"
    )
    assert found == [
        "2: name_zh is empty",
        "3: alias 'x' is repeated",
        "3: alias '乙病' is repeated",
        "3: icd10 code 'M6' is malformed",
    ]
