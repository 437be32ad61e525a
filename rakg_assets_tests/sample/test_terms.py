"""Every word of the generator is a concept of the dictionaries, every gap of a phrase is known."""

from __future__ import annotations

import random
import string

import pytest

from rakg_assets.ontology.dictionaries import load_dictionaries, shipped_dictionaries
from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample import phrases
from rakg_assets.sample.companions import ASSAYS, CLASSES, COMPANIONS, DOSES, OTHERS, RANGES
from rakg_assets.sample.lives import CARRIED
from rakg_assets.sample.stories import Story
from rakg_assets.sample.terms import (
    EVERYTHING,
    MAIN,
    ONLY_MEN,
    ONLY_WOMEN,
    OTHER_MAIN,
    SLOTS,
    SUBTYPES,
)
from rakg_assets.sample.words import EXPONENT, Words, by_rank

TOLD_BY_LIFE = {"operated", "years2", "other", "other_years", "since", "last1", "last2", "joints2"}
ALL_SLOTS = (*SLOTS.values(), MAIN, SUBTYPES, OTHER_MAIN, OTHERS)


@pytest.fixture(scope="module")
def dictionaries():
    return load_dictionaries(shipped_dictionaries())


def story(words: Words, seed: int, sex: str = "女") -> Story:
    return Story(random.Random(seed), words, sex)


def test_every_word_is_a_concept(dictionaries):
    slots = (*ALL_SLOTS, *(c.slot for c in COMPANIONS))
    used = {(slot.type, name) for slot in slots for name in (*slot.names, *slot.barred)}
    used |= {(slot.type, name) for slot in slots for name in slot.rest if slot.rest != EVERYTHING}
    used |= {(EntityType.LAB_TEST, assay.name) for assay in ASSAYS}
    used |= {(EntityType.TREATMENT, name) for name in DOSES}
    for companion in COMPANIONS:
        used.add((EntityType.DISEASE, companion.disease))
        used |= {(EntityType.SYMPTOM, name) for name in companion.complaints}
    known = {(kind, c.name_zh) for kind, d in dictionaries.items() for c in d.concepts}
    assert used - known == set()
    names = {name for _, name in known}
    assert {*ONLY_MEN, *ONLY_WOMEN} <= names
    assert {*CLASSES} <= {c.disease for c in COMPANIONS}


def test_every_gap_of_every_phrase_is_known():
    groups = [value for name, value in vars(phrases).items() if name.isupper()]
    patterns = [p for group in groups for p in ((group,) if isinstance(group, str) else group)]
    gaps = {g.split(".")[0] for p in patterns for _, g, _, _ in string.Formatter().parse(p) if g}
    known = TOLD_BY_LIFE | {*CARRIED} | {*RANGES}
    assert {g for g in gaps - known if g.rstrip("0123456789") not in SLOTS} == set()


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
    assert len(words.ranked(SLOTS["sign"], "女")) > 100
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
