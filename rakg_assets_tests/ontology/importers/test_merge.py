"""Entries find their concepts; names that two claim are marked or reported, never lost."""

from __future__ import annotations

import pytest

from rakg_assets.ontology.dictionaries import Concept, dictionary_of
from rakg_assets.ontology.dictionary_rules import validate
from rakg_assets.ontology.importers.merge import Merger
from rakg_assets.ontology.importers.terms import Skipped, Term
from rakg_assets.ontology.schema import EntityType

RA = Concept(
    "DIS0001",
    "类风湿关节炎",
    "rheumatoid arthritis",
    ("类风湿性关节炎", "RA"),
    codes={"icd10": "M06.9"},
)
FELTY = Concept("DIS0002", "费尔蒂综合征", "Felty syndrome", ("费氏",), "DIS0001", {}, ("脾病",))
GOUT = Concept("DIS0003", "痛风", "gout", (), "", {}, ("脾病",))
BASE = (RA, FELTY, GOUT)


def merged(*entries, base=BASE, **options):
    """The concepts by id, and the report; the result keeps every rule."""
    merger = Merger(EntityType.DISEASE, base, "icd10", **options)
    concepts = merger.merge(entries)
    assert validate({EntityType.DISEASE: dictionary_of(EntityType.DISEASE, concepts)}) == []
    report = merger.report
    assert report.read == len(entries)
    assert report.read == report.merged + report.added + report.skipped.total()
    return {c.concept_id: c for c in concepts}, report


def term(code, name, english="", *aliases, parents=()):
    return Term(code, name, f"line of {code or name}", english, aliases, parents)


def told(report):
    return [f"{r.outcome} {r.code} {r.text}: {r.reason}" for r in report.remarks]


def test_a_new_entry_gets_the_next_id():
    concepts, report = merged(term("A00.900", "霍乱"), term("A01.000", "伤寒", "typhoid"))
    assert list(concepts) == ["DIS0001", "DIS0002", "DIS0003", "DIS0004", "DIS0005"]
    assert concepts["DIS0004"] == Concept("DIS0004", "霍乱", "", codes={"icd10": "A00.900"})
    assert concepts["DIS0005"].name_en == "typhoid"
    assert (report.added, report.merged, told(report)) == (2, 0, [])


def test_ids_grow_beyond_four_digits_in_order():
    base = (Concept("DIS9999", "痛风", "gout"),)
    concepts, _ = merged(term("A00.900", "霍乱"), term("A01.000", "伤寒"), base=base)
    assert list(concepts) == ["DIS9999", "DIS10000", "DIS10001"]


def test_a_name_known_by_any_spelling_joins_its_concept():
    concepts, report = merged(term("D73.100", "费尔蒂 综合征"), term("M10.900", "痛　风"))
    assert concepts["DIS0002"].codes == {"icd10": "D73.100"}
    assert concepts["DIS0003"].codes == {"icd10": "M10.900"}
    assert (report.merged, report.added, told(report)) == (2, 0, [])


def test_a_code_wins_over_a_name():
    concepts, report = merged(term("M06.9", "痛风", "", "类风关"))
    assert concepts["DIS0001"].aliases == ("类风湿性关节炎", "RA", "类风关")
    assert told(report) == ["conflict M06.9 痛风: it names DIS0003, not DIS0001"]


def test_a_renamed_entry_keeps_its_concept():
    first, _ = merged(term("A00.900", "霍乱"))
    second, report = merged(term("A00.900", "霍乱病"), base=tuple(first.values()))
    assert second["DIS0004"].name_zh == "霍乱"
    assert second["DIS0004"].aliases == ("霍乱病",)
    assert report.aliases == 1


def test_the_english_name_tells_too_but_never_two_entries_of_a_list():
    concepts, report = merged(term("M10.900", "尿酸性关节炎", "Gout"))
    assert concepts["DIS0003"].aliases == ("尿酸性关节炎",)
    concepts, report = merged(term("A01", "甲", "same"), term("A02", "乙", "Same"), base=())
    assert [c.name_en for c in concepts.values()] == ["", ""]
    assert [c.ambiguous for c in concepts.values()] == [("same",), ("Same",)]
    assert report.conflicts == 2


def test_a_second_code_is_reported_unless_it_is_the_first_in_full():
    entries = (
        term("M06.900", "类风湿关节炎"),
        term("M05.900", "RA"),
        term("M06.800", "类风湿性关节炎"),
    )
    concepts, report = merged(*entries)
    assert concepts["DIS0001"].codes == {"icd10": "M06.9"}
    assert told(report) == [
        "conflict M05.900 RA: DIS0001 has the code M06.9",
        "conflict M06.800 类风湿性关节炎: DIS0001 has the code M06.9",
    ]


def test_the_entry_of_the_very_name_gives_the_code():
    concepts, report = merged(term("D73.200", "费氏"), term("D73.100", "费尔蒂综合征"))
    assert concepts["DIS0002"].codes == {"icd10": "D73.100"}
    assert told(report) == ["conflict D73.200 费氏: DIS0002 has the code D73.100"]


def test_two_entries_of_one_name_are_one_concept():
    concepts, report = merged(term("A01", "甲"), term("A02", "甲"), base=())
    assert [c.codes for c in concepts.values()] == [{"icd10": "A01"}]
    assert told(report) == ["conflict A02 甲: DIS0001 has the code A01"]


def test_two_names_of_one_code_are_one_concept():
    concepts, report = merged(term("A01", "甲"), term("A01", "乙"), base=())
    assert [(c.name_zh, c.aliases) for c in concepts.values()] == [("甲", ("乙",))]
    assert told(report) == []


def test_a_code_of_several_concepts_tells_none():
    base = (
        Concept("DIS0001", "甲病", "a", codes={"icd10": "A00"}),
        Concept("DIS0002", "乙病", "b", codes={"icd10": "A00"}),
    )
    concepts, _ = merged(term("A00", "乙病", "", "乙"), term("A00", "丙病"), base=base)
    assert concepts["DIS0002"].aliases == ("乙",)
    assert concepts["DIS0003"].name_zh == "丙病"


def test_an_alias_that_another_holds_stays_there_and_is_reported():
    concepts, report = merged(term("D46.400", "难治性贫血", "", "RA"))
    assert concepts["DIS0001"].aliases == RA.aliases
    assert concepts["DIS0004"].aliases == ()
    assert told(report) == ["conflict D46.400 RA: it names DIS0001, not DIS0004"]


def test_an_alias_that_two_entries_claim_is_marked_in_both():
    concepts, report = merged(term("A01", "甲", "", "丙"), term("A02", "乙", "", "丙 "), base=())
    assert [c.ambiguous for c in concepts.values()] == [("丙",), ("丙",)]
    assert told(report) == [
        "conflict A01 丙: marked ?, for it may name DIS0001, DIS0002",
        "conflict A02 丙: marked ?, for it may name DIS0001, DIS0002",
    ]


def test_of_many_that_share_an_alias_a_few_are_told():
    _, report = merged(*(term(f"A0{i}", f"病{i}", "", "丙") for i in range(5)), base=())
    assert told(report)[4].endswith("may name DIS0001, DIS0002, DIS0003 and 2 more")


def test_an_alias_that_is_open_already_is_marked_too():
    concepts, report = merged(term("A01", "甲", "", "脾病", "?脾病"))
    assert concepts["DIS0004"].ambiguous == ("脾病",)
    assert told(report) == [
        "conflict A01 脾病: marked ?, for it may name DIS0002, DIS0003, DIS0004"
    ]


def test_an_open_alias_may_become_a_name():
    concepts, report = merged(term("D73.900", "脾病"))
    assert concepts["DIS0004"].name_zh == "脾病"
    assert told(report) == [
        "conflict D73.900 脾病: named DIS0004, an open alias of DIS0002, DIS0003"
    ]


def test_the_alias_of_an_entry_may_be_the_name_of_a_later_one():
    concepts, report = merged(term("A01", "甲", "", "乙"), term("A02", "乙"), base=())
    assert [(c.name_zh, c.aliases) for c in concepts.values()] == [("甲", ()), ("乙", ())]
    assert told(report) == ["conflict A01 乙: it names DIS0002, not DIS0001"]


def test_an_alias_with_a_bar_is_reported():
    _, report = merged(term("A01", "甲", "", "a|b"))
    assert told(report) == ["conflict A01 a|b: an alias cannot hold |"]


def test_parents_are_the_nearest_known():
    concepts, _ = merged(
        term("M06.901", "甲病", parents=("M06.900", "M06.9", "M06")),
        term("M06.901x001", "乙病", parents=("M06.901", "M06.900")),
        term("B00.001", "丙病", parents=("B00.000",)),
        term("D73.100", "费尔蒂综合征", parents=("M06.901",)),
        term("M10.900", "痛风", parents=("M06.901",)),
        term("M06.902", "RA", parents=("B00.001",)),
    )
    assert [c.parent for c in concepts.values()] == [
        *("", "DIS0001", "DIS0004"),
        *("DIS0001", "DIS0004", ""),
    ]


def test_a_list_that_goes_in_a_circle_makes_none():
    concepts, report = merged(
        term("A01", "甲", parents=("A02",)), term("A02", "乙", parents=("A01",)), base=()
    )
    assert [c.parent for c in concepts.values()] == ["DIS0002", ""]
    assert told(report) == ["conflict A02 A01: DIS0001 lies below DIS0002, not above it"]


def test_entries_without_chinese_name():
    typhoid = term("A01.000", "", "Typhoid fever")
    _, report = merged(typhoid)
    assert told(report) == ["skipped A01.000 Typhoid fever: no Chinese name"]
    concepts, _ = merged(typhoid, english=True)
    assert concepts["DIS0004"].name_zh == "Typhoid fever"
    concepts, _ = merged(term("M06.9", "", "Rheumatoid arthritis", "Atrophic arthritis"))
    assert "Atrophic arthritis" in concepts["DIS0001"].aliases
    _, report = merged(term("A01.000", " "))
    assert told(report) == ["skipped A01.000 : no name"]


def test_what_readers_skip_is_counted_and_told_where_it_has_a_place():
    _, report = merged(
        Skipped("no code", "line 3", "霍乱"), Skipped("too rare"), Skipped("too rare")
    )
    assert report.skipped == {"no code": 1, "too rare": 2}
    assert told(report) == ["skipped  霍乱: no code"]


def test_codes_that_the_list_has_not_are_counted():
    _, report = merged(term("A00.900", "霍乱"))
    assert report.absent == 1
    _, report = merged(term("M06.9", "类风湿关节炎"))
    assert report.absent == 0


ENTRIES = (
    *(term("M06.900", "类风湿性关节炎", "", "RA", "脾病"), term("M06.901", "甲", "", "x", "y")),
    *(term("M06.902", "乙", "E", "y", "甲", parents=("M06.900",)), term("M06.903", "丙", "e")),
    *(term("", "丁", "", "z"), term("M06.904", "乙"), term("", "戊", "", "z")),
)


@pytest.mark.parametrize("entries", [ENTRIES, ENTRIES[::-1]])
def test_the_same_list_again_changes_nothing(entries):
    first, report = merged(*entries)
    assert report.conflicts
    again, report = merged(*entries, base=tuple(first.values()))
    assert list(again.values()) == list(first.values())
    assert (report.added, report.aliases) == (0, 0)


def test_what_the_dictionary_says_is_never_taken_away():
    concepts, _ = merged(*ENTRIES)
    for before in BASE:
        after = concepts[before.concept_id]
        assert (before.name_zh, before.name_en) == (after.name_zh, after.name_en)
        assert before.parent in ("", after.parent)
        assert after.aliases[: len(before.aliases)] == before.aliases
        assert after.ambiguous[: len(before.ambiguous)] == before.ambiguous
        assert before.codes.items() <= after.codes.items()
