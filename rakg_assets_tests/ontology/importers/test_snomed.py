"""SNOMED CT's release files: what lies below a concept, with preferred names and synonyms."""

from __future__ import annotations

import pytest

from rakg_assets.ontology.importers.terms import TermListError
from rakg_assets.ontology.schema import EntityType
from rakg_assets_tests.ontology.importers.lists import read, reasons, text_list

DISEASE = EntityType.DISEASE
ROOT, FINDING, RA, FELTY, PROCEDURE = "138875005", "404684003", "69896004", "57160007", "71388002"
FSN, SYNONYM = "900000000000003001", "900000000000013009"
US, ZH = "900000000000509007", "722128001"
PREFERRED, ACCEPTABLE = "900000000000548007", "900000000000549004"
META = "20240101\t1\t900000000000207008"


def description(number, concept, language, kind, text, active="1"):
    meta = f"20240101\t{active}\t900000000000207008"
    return f"{number}\t{meta}\t{concept}\t{language}\t{kind}\t{text}\t900000000000448009"


def is_a(child, parent, kind="116680003"):
    return f"1\t{META}\t{child}\t{parent}\t0\t{kind}\t900000000000011006\t900000000000451002"


def member(refset, number, acceptability=PREFERRED):
    return f"x\t{META}\t{refset}\t{number}\t{acceptability}"


CONCEPTS = [
    "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId",
    *(f"{c}\t{META}\t900000000000074008" for c in (ROOT, FINDING, RA, FELTY, PROCEDURE)),
    "64572001\t20240101\t0\t900000000000207008\t900000000000074008",
]
RELATIONSHIPS = [
    "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId"
    "\tcharacteristicTypeId\tmodifierId",
    *(is_a(FINDING, ROOT), is_a(PROCEDURE, ROOT), is_a(RA, FINDING), is_a(FELTY, RA)),
    *(is_a(FELTY, FINDING), is_a(RA, "64572001"), is_a(RA, PROCEDURE, "363698007")),
]
DESCRIPTION_HEADER = (
    "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId"
)
ENGLISH = [
    DESCRIPTION_HEADER,
    description(10, FINDING, "en", FSN, "Clinical finding (finding)"),
    description(20, RA, "en", FSN, "Rheumatoid arthritis (disorder)"),
    description(21, RA, "en", SYNONYM, "Rheumatoid disease"),
    description(22, RA, "en", SYNONYM, "Rheumatoid arthritis"),
    description(23, RA, "en", SYNONYM, "Retired name", active="0"),
    description(30, FELTY, "en", FSN, "Felty's syndrome (disorder)"),
    description(40, PROCEDURE, "en", FSN, "Procedure (procedure)"),
]
CHINESE = [
    DESCRIPTION_HEADER,
    description(50, FINDING, "zh", SYNONYM, "临床所见"),
    description(60, RA, "zh", SYNONYM, "类风湿病"),
    description(61, RA, "zh", SYNONYM, "类风湿关节炎"),
]
LANGUAGES = [
    "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId",
    *(member(US, 22), member(US, 21, ACCEPTABLE), member(ZH, 61), member(ZH, 60, ACCEPTABLE)),
]
FILES = {
    "Terminology/sct2_Concept_Snapshot_INT_20240101.txt": CONCEPTS,
    "Terminology/sct2_Relationship_Snapshot_INT_20240101.txt": RELATIONSHIPS,
    "Terminology/sct2_Description_Snapshot-en_INT_20240101.txt": ENGLISH,
    "Terminology/sct2_Description_Snapshot-zh_INT_20240101.txt": CHINESE,
    "Refset/Language/der2_cRefset_LanguageSnapshot-en_INT_20240101.txt": LANGUAGES,
}


def release(folder, **changed):
    """The release; a file whose path holds a key of `changed` has those lines, or is left out."""
    for path, rows in FILES.items():
        lines = next((new for key, new in changed.items() if key in path), rows)
        if lines:
            text_list(folder / "Snapshot" / path, *lines)
    return folder


def test_what_lies_below_a_concept(tmp_path):
    terms, skipped = read("snomed", release(tmp_path), DISEASE, under=(FINDING,))
    assert [t.code for t in terms] == [FELTY, RA, FINDING]
    assert terms[0].name_zh == ""
    assert terms[0].name_en == "Felty's syndrome"
    assert terms[0].parents == (RA, FINDING)
    assert skipped == []


def test_preferred_names_come_first_and_synonyms_after(tmp_path):
    terms, _ = read("snomed", release(tmp_path), DISEASE, under=(RA,))
    assert (terms[1].name_zh, terms[1].name_en) == ("类风湿关节炎", "Rheumatoid arthritis")
    assert terms[1].aliases == ("类风湿病", "Rheumatoid disease")
    assert terms[1].parents == ()


def test_without_language_files_the_oldest_synonym_is_the_name(tmp_path):
    terms, _ = read("snomed", release(tmp_path, Language=None), DISEASE, under=(RA,))
    assert (terms[1].name_zh, terms[1].name_en) == ("类风湿病", "Rheumatoid disease")


@pytest.mark.parametrize(
    ("under", "message"),
    [
        ((), "say under which concept to read, e.g. 404684003 clinical finding"),
        (("404684004",), "404684004 is no identifier of SNOMED CT"),
        (("64572001",), "no active concept 64572001"),
    ],
)
def test_the_concept_asked_for_must_be_there(tmp_path, under, message):
    with pytest.raises(TermListError, match=message):
        read("snomed", release(tmp_path), DISEASE, under=under)


@pytest.mark.parametrize("missing", ["Concept", "Relationship", "Description"])
def test_a_missing_file_is_named(tmp_path, missing):
    with pytest.raises(TermListError, match=rf"no file sct2_{missing.lower()}_\*snapshot"):
        read("snomed", release(tmp_path, **{missing: None}), DISEASE, under=(RA,))


def test_another_header_is_told(tmp_path):
    source = release(tmp_path, Concept=["code\tname", "1\tx"])
    with pytest.raises(TermListError, match="line 1: no header of RF2"):
        read("snomed", source, DISEASE, under=(RA,))


def test_bad_rows_are_skipped_with_place_and_reason(tmp_path):
    bad = [*ENGLISH, "short\trow", description("x", RA, "en", SYNONYM, "no number")]
    source = release(tmp_path, **{"Description_Snapshot-en": bad})
    _, skipped = read("snomed", source, DISEASE, under=(RA,))
    name = "sct2_Description_Snapshot-en_INT_20240101.txt"
    assert reasons(skipped) == [
        f"{name}, line 9: 2 cells instead of 9",
        f"{name}, line 10: no identifier",
    ]


def test_concepts_without_name_or_check_digit_are_skipped(tmp_path):
    source = release(
        tmp_path,
        Concept=[*CONCEPTS, f"123456\t{META}\t1"],
        Relationship=[*RELATIONSHIPS, is_a("123456", RA)],
        **{"Description_Snapshot-en": [DESCRIPTION_HEADER]},
    )
    _, skipped = read("snomed", source, DISEASE, under=(RA,))
    assert reasons(skipped) == [
        "concept 123456: the check digit is wrong",
        f"concept {FELTY}: no name in Chinese or English",
    ]
