"""MedDRA's ASCII files: preferred terms, their synonyms and what lies above them."""

from __future__ import annotations

import pytest

from rakg_assets.ontology.importers.terms import TermListError
from rakg_assets.ontology.schema import EntityType
from rakg_assets_tests.ontology.importers.lists import read, reasons, text_list

DISEASE = EntityType.DISEASE
FILES = {
    "soc.asc": ["10028395$各种肌肉骨骼及结缔组织疾病$Musc$$$$$$$$"],
    "hlgt.asc": ["10023213$关节疾病$$$$$$$$"],
    "hlt.asc": ["10039075$类风湿关节病$$$$$$$$"],
    "pt.asc": ["10039073$类风湿关节炎$$10028395$$$$$$$$"],
    "llt.asc": [
        "10039073$类风湿关节炎$10039073$$$$$$$Y$$",
        "10039074$类风湿性多关节炎$10039073$$$$$$$Y$$",
        "10003268$类风关旧称$10039073$$$$$$$N$$",
    ],
    "mdhier.asc": [
        "10039073$10039075$10023213$10021428$类风湿关节炎$类风湿关节病$关节疾病$免疫$Immun$$10028395$N$",
        "10039073$10039075$10023213$10028395$类风湿关节炎$类风湿关节病$关节疾病$肌肉$Musc$$10028395$Y$",
    ],
}
ENGLISH = {
    **FILES,
    "soc.asc": ["10028395$Musculoskeletal and connective tissue disorders$Musc$$$$$$$$"],
    "pt.asc": ["10039073$Rheumatoid arthritis$$10028395$$$$$$$$"],
    "llt.asc": ["10039074$Sjögren-like arthritis$10039073$$$$$$$Y$$"],
}


def release(folder, files=FILES, encoding="utf-8"):
    for name, rows in files.items():
        text_list(folder / "ascii-280" / name, *rows, encoding=encoding)
    return folder


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_preferred_terms_with_synonyms_and_classes(tmp_path, encoding):
    terms, skipped = read("meddra", release(tmp_path, encoding=encoding), DISEASE)
    assert [(t.code, t.name_zh) for t in terms] == [
        ("10039073", "类风湿关节炎"),
        ("10039075", "类风湿关节病"),
        ("10023213", "关节疾病"),
        ("10028395", "各种肌肉骨骼及结缔组织疾病"),
    ]
    assert terms[0].aliases == ("类风湿关节炎", "类风湿性多关节炎")
    assert terms[0].parents == ("10039075", "10023213", "10028395")
    assert reasons(skipped) == ["a lowest level term that is not current"]


def test_an_english_edition_has_no_chinese_names(tmp_path):
    terms, _ = read("meddra", release(tmp_path, ENGLISH), DISEASE)
    assert (terms[0].name_zh, terms[0].name_en) == ("", "Rheumatoid arthritis")


def test_only_some_classes(tmp_path):
    terms, _ = read("meddra", release(tmp_path), DISEASE, under=("10023213",))
    assert [t.code for t in terms] == ["10039073", "10039075", "10023213"]
    terms, _ = read("meddra", release(tmp_path), DISEASE, under=("10007541",))
    assert terms == []


def test_bad_rows_are_skipped_with_place_and_reason(tmp_path):
    files = {
        **FILES,
        "pt.asc": ["PT1$甲$", "10039073$ $", "10039073"],
        "llt.asc": ["10039074$类风湿性多关节炎$10039073"],
        "mdhier.asc": ["10039073$x$10023213$10021428$$$$$$$$Y$"],
    }
    _, skipped = read("meddra", release(tmp_path, files), DISEASE)
    assert reasons(skipped) == [
        "mdhier.asc, line 1: no code of MedDRA",
        "llt.asc, line 1: 3 cells instead of 10",
        "pt.asc, line 1: no code of MedDRA",
        "pt.asc, line 2: no name",
        "pt.asc, line 3: 1 cells instead of 2",
    ]


def test_a_missing_file_is_named(tmp_path):
    files = {name: rows for name, rows in FILES.items() if name != "mdhier.asc"}
    with pytest.raises(TermListError, match=r"no file mdhier\.asc; give the folder"):
        read("meddra", release(tmp_path, files), DISEASE)


def test_a_file_is_no_release(tmp_path):
    source = release(tmp_path) / "ascii-280" / "pt.asc"
    with pytest.raises(TermListError, match=r"no folder; unpack the release"):
        read("meddra", source, DISEASE)


def test_a_cut_file_is_told(tmp_path):
    source = release(tmp_path)
    path = source / "ascii-280" / "llt.asc"
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(TermListError, match=r"llt\.asc, line 3: the file ends inside a row"):
        read("meddra", source, DISEASE)
