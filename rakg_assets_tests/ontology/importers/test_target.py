"""Where an import writes: a new file, a new folder, or the folder it was merged into."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from rakg_assets.ontology.dictionaries import (
    DictionaryError,
    fold,
    load_dictionaries,
    load_dictionary,
    shipped_dictionaries,
)
from rakg_assets.ontology.dictionary_rules import validate
from rakg_assets.ontology.importers.registry import FORMATS
from rakg_assets.ontology.importers.target import dictionary_csv, import_terms
from rakg_assets.ontology.importers.terms import ReadOptions, TermListError
from rakg_assets.ontology.schema import EntityType
from rakg_assets_tests.ontology.importers.lists import text_list

SHIPPED = shipped_dictionaries()
DISEASE = EntityType.DISEASE
LINES = ("M06.900\t类风湿性关节炎", "A00.900\t霍乱", "A00.900x001\t重型霍乱", "A00-A09\t肠道传染病")


@pytest.fixture
def source(tmp_path):
    return text_list(tmp_path / "icd10.tsv", *LINES)


def imported(source, out, into=None, kind=DISEASE, format="icd10", **options):
    return import_terms(FORMATS[format], source, ReadOptions(kind, **options), out, into)


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_new_file(source, tmp_path):
    report = imported(source, tmp_path / "new")
    assert (report.read, report.added, report.skipped.total()) == (4, 3, 1)
    assert (tmp_path / "new" / "disease.csv").read_text("utf-8").splitlines() == [
        "concept_id,name_zh,name_en,aliases,parent,icd10",
        "DIS0001,类风湿性关节炎,,,,M06.900",
        "DIS0002,霍乱,,,,A00.900",
        "DIS0003,重型霍乱,,,DIS0002,A00.900x001",
    ]
    with (tmp_path / "new" / "disease.icd10.report.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["place"] == "icd10.tsv, line 4"
    assert row["text"] == "A00-A09 | 肠道传染病"


def test_a_new_folder_has_all_of_the_old_one(source, tmp_path):
    before = content(SHIPPED)
    imported(source, tmp_path / "new", SHIPPED)
    assert content(SHIPPED) == before
    after = content(tmp_path / "new")
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"disease.csv", "disease.icd10.report.csv"}
    diseases = load_dictionaries(tmp_path / "new")[DISEASE]
    assert validate({DISEASE: diseases}) == []
    names = {c.name_zh for c in diseases.concepts}
    assert "重型霍乱" in names
    assert "类风湿性关节炎" not in names


def test_the_same_list_again_writes_the_same_bytes(source, tmp_path):
    folder = tmp_path / "new"
    imported(source, folder, SHIPPED)
    before = content(folder)
    imported(source, folder, folder)
    assert content(folder) == before


def test_next_years_list_keeps_the_ids(source, tmp_path):
    folder = tmp_path / "new"
    imported(source, folder)
    text_list(source, "A00.100\t埃尔托霍乱", "A00.900x001\t重症霍乱", "A00.900\t霍乱")
    report = imported(source, folder, folder)
    assert (folder / "disease.csv").read_text("utf-8").splitlines()[1:] == [
        "DIS0001,类风湿性关节炎,,,,M06.900",
        "DIS0002,霍乱,,,,A00.900",
        "DIS0003,重型霍乱,,重症霍乱,DIS0002,A00.900x001",
        "DIS0004,埃尔托霍乱,,,,A00.100",
    ]
    assert report.absent == 1


def test_lists_of_two_systems_fill_two_columns(source, tmp_path):
    folder = tmp_path / "new"
    imported(source, folder)
    files = {
        "soc.asc": "10021881$感染$",
        "hlgt.asc": "10004018$细菌感染$",
        "hlt.asc": "10008633$霍乱类$",
        "pt.asc": "10008631$霍乱$",
        "llt.asc": "10008632$古典霍乱$10008631$$$$$$$Y$",
        "mdhier.asc": "10008631$10008633$10004018$10021881$$$$$$$$Y$",
    }
    for name, line in files.items():
        text_list(tmp_path / "meddra" / name, line)
    imported(tmp_path / "meddra", folder, folder, format="meddra")
    header, _, cholera, *_ = (folder / "disease.csv").read_text("utf-8").splitlines()
    assert header == "concept_id,name_zh,name_en,aliases,parent,icd10,meddra"
    assert cholera == "DIS0002,霍乱,,古典霍乱,DIS0004,A00.900,10008631"


@pytest.mark.parametrize("kind", list(EntityType))
def test_a_dictionary_is_written_as_it_was_read(kind, tmp_path):
    before = load_dictionary(kind, SHIPPED)
    text = dictionary_csv(before.concepts)
    (tmp_path / f"{kind.value}.csv").write_text(text, encoding="utf-8")
    after = load_dictionary(kind, tmp_path)
    assert after.concepts == before.concepts
    assert after.version == before.version


def test_names_with_commas_and_quotes_survive(tmp_path):
    source = text_list(
        tmp_path / "a.tsv", "编码\t名称", 'A00.900\t霍乱，"重",型', "A01.000\tHb, 低"
    )
    imported(source, tmp_path / "new")
    concepts = load_dictionary(DISEASE, tmp_path / "new").concepts
    assert [c.name_zh for c in concepts] == ['霍乱，"重",型', "Hb, 低"]


def test_what_exists_is_not_overwritten(source, tmp_path):
    imported(source, tmp_path / "new")
    before = content(tmp_path / "new")
    with pytest.raises(TermListError, match=r"disease\.csv: exists; to bring it up to date give"):
        imported(source, tmp_path / "new")
    with pytest.raises(TermListError, match="not empty; name a new folder, or give --into"):
        imported(source, tmp_path / "new", SHIPPED)
    with pytest.raises(TermListError, match="no folder; name a folder"):
        imported(source, source)
    assert content(tmp_path / "new") == before


def test_a_folder_is_not_copied_into_itself(source, tmp_path):
    folder = tmp_path / "words"
    shutil.copytree(SHIPPED, folder)
    with pytest.raises(TermListError, match="which is copied; name another folder"):
        imported(source, folder / "new", folder)


def test_a_list_without_a_usable_entry_writes_nothing(source, tmp_path):
    text_list(source, "编码\t名称", "x\t霍乱")
    message = r"no entry could be used; icd10\.tsv, line 2: no code of this classification; check"
    with pytest.raises(TermListError, match=message):
        imported(source, tmp_path / "new")
    with pytest.raises(TermListError, match="not under the codes asked for; check the file and"):
        imported(text_list(source, *LINES[:2]), tmp_path / "new", under=("Z",))
    with pytest.raises(TermListError, match="it is empty; check the file"):
        imported(text_list(source, "编码\t名称"), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_dictionary_that_breaks_a_rule_is_mended_first(source, tmp_path):
    header = "concept_id,name_zh,name_en,aliases,parent"
    text_list(tmp_path / "old" / "disease.csv", header, "DIS1,甲,a,,", "DIS2,乙,b,,")
    message = r"disease\.csv, line 2: concept_id 'DIS1' is malformed.* \(and 1 more\); nothing was"
    with pytest.raises(TermListError, match=message):
        imported(source, tmp_path / "new", tmp_path / "old")
    with pytest.raises(DictionaryError, match="no such folder; name a folder"):
        imported(source, tmp_path / "new", tmp_path / "none")


def test_what_a_format_does_not_hold_is_told_first(source, tmp_path):
    with pytest.raises(TermListError, match="icd10 holds no treatment"):
        imported(source, tmp_path / "new", kind=EntityType.TREATMENT)


def test_many_entries_get_ids_of_five_digits_in_order(tmp_path):
    lines = [f"{chr(65 + i // 1000)}{i // 10 % 100:02d}.{i % 10}00\t病{i}" for i in range(10_050)]
    imported(text_list(tmp_path / "a.tsv", *lines), tmp_path / "new", SHIPPED)
    concepts = load_dictionary(DISEASE, tmp_path / "new").concepts
    numbers = [int(c.concept_id[3:]) for c in concepts]
    assert numbers == sorted(numbers)
    assert max(numbers) > 10_000
    assert len({fold(c.name_zh) for c in concepts}) == len(concepts)
