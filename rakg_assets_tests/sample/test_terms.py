"""Every word of the generator is a concept of the dictionaries, every gap of a phrase is known."""

from __future__ import annotations

import random
import string

import pytest

from rakg_assets.fusion.linking import Linker
from rakg_assets.ontology.dictionaries import load_dictionaries, shipped_dictionaries
from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample import findings, phrases
from rakg_assets.sample.companions import ASSAYS, COMPANIONS, DOSES, OTHERS, RANGES, Companion
from rakg_assets.sample.lives import CARRIED
from rakg_assets.sample.regions import REGIONS
from rakg_assets.sample.stories import Story, one_after
from rakg_assets.sample.terms import (
    EVERYTHING,
    EXPONENT,
    MAIN,
    ONLY_MEN,
    ONLY_WOMEN,
    OTHER_MAIN,
    SLOTS,
    SUBTYPES,
    TARGETED,
)
from rakg_assets.sample.words import Words, by_rank

TOLD_BY_LIFE = {"operated", "years2", "other", "other_years", "since", "last1", "last2"}
TOLD_BY_AILMENT = {"companion", "ills", "owns", "failed", "triggers", "eases", "views", "ill_years"}
COMPOSED = {"joints", "hurts", "eases", "ache", "found"}
ALL_SLOTS = (*SLOTS.values(), MAIN, SUBTYPES, OTHER_MAIN, OTHERS)


@pytest.fixture(scope="module")
def dictionaries():
    return load_dictionaries(shipped_dictionaries())


def story(words: Words, seed: int, sex: str = "女") -> Story:
    return Story(random.Random(seed), words, sex)


def concepts_of(companion: Companion) -> set[tuple[EntityType, str]]:
    """What a row of the table names."""
    kind = EntityType
    return {
        (kind.DISEASE, companion.disease),
        *((kind.SYMPTOM, name) for _, name in companion.complaints),
        *((kind.AGGRAVATING_FACTOR, name) for name in companion.triggers),
        *((kind.MITIGATION_FACTOR, name) for name in companion.relief),
        *((kind.PHYSICAL_EXAMINATION, name) for _, name in companion.signs),
        *((kind.LAB_TEST, name) for name, _ in companion.lab_tests),
        *((kind.IMAGING_TEST, name) for name in companion.imaging_tests),
    }


def test_every_word_is_a_concept(dictionaries):
    slots = (*ALL_SLOTS, *(c.slot for c in COMPANIONS))
    used = {(slot.type, name) for slot in slots for name in (*slot.names, *slot.barred)}
    used |= {(slot.type, name) for slot in slots for name in slot.rest if slot.rest != EVERYTHING}
    used |= {(EntityType.LAB_TEST, assay.name) for assay in ASSAYS}
    used |= {(EntityType.TREATMENT, name) for name in DOSES}
    used |= {named for companion in COMPANIONS for named in concepts_of(companion)}
    for region in REGIONS:
        used |= {(EntityType.BODY_PART, name) for name in region.sites}
        used |= {(EntityType.SYMPTOM, name) for name in region.symptoms}
        used |= {(EntityType.PHYSICAL_EXAMINATION, name) for name in region.signs}
    known = {(kind, c.name_zh) for kind, d in dictionaries.items() for c in d.concepts}
    assert used - known == set()
    names = {name for _, name in known}
    assert {*ONLY_MEN, *ONLY_WOMEN, *TARGETED} <= names


def test_every_gap_of_every_phrase_is_known():
    groups = [value for name, value in (vars(phrases) | vars(findings)).items() if name.isupper()]
    patterns = [p for group in groups for p in ((group,) if isinstance(group, str) else group)]
    gaps = {g.split(".")[0] for p in patterns for _, g, _, _ in string.Formatter().parse(p) if g}
    known = TOLD_BY_LIFE | TOLD_BY_AILMENT | {*CARRIED} | {*RANGES}
    keys = {*SLOTS} | COMPOSED
    assert {g for g in gaps - known if g.rstrip("0123456789") not in keys} == set()


def test_a_gap_keeps_its_term_and_another_gap_gets_another(dictionaries):
    words = Words(dictionaries)
    for seed in range(30):
        told = story(words, seed)
        assert told["drug1"] is told["drug1"]
        drawn = [told[f"drug{i}"] for i in range(1, 6)]
        assert len(set(drawn)) == 5
        assert told["drug1"].dosed.startswith(told["drug1"])
        assert told["relief1"].endswith("后")
        assert told["joint1"] in told["joints"]
        assert told["systemic1"] not in {told[f"negative{i}"] for i in range(1, 5)}


def test_a_story_has_one_targeted_drug_at_most(dictionaries):
    words = Words(dictionaries)
    for seed in range(60):
        told = story(words, seed)
        drawn = {told[f"drug{i}"].name for i in range(1, 9)}
        assert len(drawn & TARGETED) <= 1


def test_what_is_barred_is_not_drawn(dictionaries):
    words = Words(dictionaries)
    for seed in range(60):
        told = story(words, seed)
        told.bar("stiff", ("晨僵",))
        told.bar("pain", SLOTS["pain"].names[:4])
        assert told["pain1"].name == "胀痛"
        assert told["stiff1"], "a slot with nothing left still says something"


def test_a_sex_has_no_concepts_of_the_other(dictionaries):
    words = Words(dictionaries)
    for slot in ALL_SLOTS:
        assert not ONLY_WOMEN & {*words.ranked(slot, "男")}
        assert not ONLY_MEN & {*words.ranked(slot, "女")}
    assert "剖宫产术" in words.ranked(SLOTS["operation"], "女")


def test_the_dictionary_fills_what_follows_the_head(dictionaries):
    words = Words(dictionaries)
    drugs = words.ranked(SLOTS["drug"], "女")
    assert drugs[: len(SLOTS["drug"].names)] == SLOTS["drug"].names
    assert {"阿巴西普", "金诺芬"} <= {*drugs}
    assert not {"氨氯地平", "布洛芬", "针灸"} & {*drugs}
    assert len(words.ranked(SLOTS["sign"], "女")) > 30
    assert len({*drugs}) == len(drugs)


def test_aliases_are_said_but_no_english_words(dictionaries):
    words = Words(dictionaries)
    rng = random.Random(1)
    said = {words.term(rng, MAIN, "类风湿关节炎") for _ in range(300)}
    assert {"类风湿关节炎", "类风湿性关节炎", "类风关", "RA"} <= said
    assert not any("rheumatoid" in term for term in said)


def test_ranks_fall_off_as_zipf_says():
    rng = random.Random(0)
    drawn = [by_rank(rng, "abcd") for _ in range(20_000)]
    assert drawn.count("a") / drawn.count("b") == pytest.approx(2**EXPONENT, rel=0.1)
    assert drawn.count("a") / drawn.count("d") == pytest.approx(4**EXPONENT, rel=0.15)


def test_every_site_of_the_tables_links_to_a_part_of_the_body():
    linker = Linker.load(shipped_dictionaries())
    sites = {site for c in COMPANIONS for site, _ in (*c.complaints, *c.signs) if site}
    sites |= {side + r.of + s for r in REGIONS for s in r.sites for side in r.sides or ("",)}
    linked = {site: linker.link(EntityType.BODY_PART, site).concept_id for site in sites}
    assert {site for site, concept in linked.items() if not concept} == set()


def test_the_table_of_companions_is_wide_and_each_brings_something():
    assert len(COMPANIONS) > 200
    assert len({c.disease for c in COMPANIONS}) == len(COMPANIONS)
    for companion in COMPANIONS:
        assert companion.complaints, companion.disease
        assert companion.drugs, companion.disease
        assert companion.lab_tests or companion.imaging_tests, companion.disease
    assert len({r.name for r in REGIONS}) == len(REGIONS)


def test_what_may_not_stand_beside_a_finding_is_said_for_every_sentence():
    assert len(findings.ORGANS) == len(findings.ORGAN_WORDS)
    assert len(findings.NEGATIVE_TESTS) == len(findings.NEGATIVE_WORDS)


def test_sites_of_a_region_are_told_with_what_belongs_to_it(dictionaries):
    words = Words(dictionaries)
    for seed in range(40):
        told = story(words, seed)
        felt, found = told["ache1"], told["found1"]
        assert any(felt.endswith(name) for r in REGIONS for name in r.symptoms)
        assert any(found.endswith(name) for r in REGIONS for name in r.signs)
        assert told["ache2"] != felt


def test_items_are_picked_once_and_in_their_order(dictionaries):
    told = story(Words(dictionaries), 1)
    for count in range(7):
        picked = told.pick("abcde", count)
        assert len(picked) == min(count, 5)
        assert picked == sorted({*picked})
    assert told.pick("", 2) == []


def test_what_relieves_is_told_with_one_ending():
    assert one_after(["休息", "活动后"]) == "休息、活动后"
    assert one_after([]) == ""
