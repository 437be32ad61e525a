"""Companion diseases as records tell them: what belongs to the disease, and no contradiction."""

from __future__ import annotations

import random

import pytest

from rakg_assets.ontology.dictionaries import load_dictionaries, shipped_dictionaries
from rakg_assets.sample import phrases
from rakg_assets.sample.ailments import Ailment
from rakg_assets.sample.companions import COMPANIONS, Companion, Finding, Sited
from rakg_assets.sample.lives import Life
from rakg_assets.sample.stories import Story
from rakg_assets.sample.terms import ONLY_MEN, ONLY_WOMEN
from rakg_assets.sample.visits import FIRST_MONTH, patient_of
from rakg_assets.sample.words import Words

GASTRITIS = Companion(
    "慢性胃炎",
    complaints=(Sited("", "反酸"), Sited("上腹部", "隐痛")),
    triggers=("空腹",),
    relief=("进食",),
    drugs=("铝碳酸镁", "莫沙必利", "胃大部切除术"),
    signs=(Sited("上腹部", "压痛"),),
    lab_tests=(Finding("幽门螺杆菌抗体", "阳性"), Finding("便潜血", "")),
    imaging_tests=("胃镜",),
)


@pytest.fixture(scope="module")
def words():
    return Words(load_dictionaries(shipped_dictionaries()))


def ailment(words: Words, companion: Companion, seed: int = 0) -> Ailment:
    story = Story(random.Random(seed), words, "女")
    story["ill_years"] = "5"
    return Ailment(story, companion)


def test_a_disease_is_told_with_what_belongs_to_it(words):
    for seed in range(20):
        told = ailment(words, GASTRITIS, seed)
        text = told.tell(phrases.AILING_LASTING)
        assert "反酸、上腹部隐痛" in text
        assert told.signs() == ["上腹部压痛"]
        assert "空腹时" in told.tell(phrases.AILING_FELT)
        assert "进食后" in told.tell(phrases.AILING_FELT)
        assert told.drug is None or told.drug.name != "胃大部切除术"


def test_tests_are_told_with_how_they_came_out(words):
    tests = {ailment(words, GASTRITIS, seed).tests() for seed in range(20)}
    assert any("阳性。" in text and "复查" in text for text in tests)


def test_a_sentence_that_asks_for_more_than_the_disease_has_is_not_told(words):
    bare = Companion("肾囊肿", complaints=(Sited("腰部", "不适"),), drugs=("囊肿穿刺抽液",))
    for seed in range(20):
        told = ailment(words, bare, seed)
        assert told.tell(phrases.AILING_FELT) == ""
        assert "改" not in told.tell(phrases.AILING_PAST)
        assert told.drug is None
        assert (told.tests(), told.signs()) == ("", [])


def test_companions_fit_the_patient_and_each_other(words):
    by_name = {c.disease: c for c in COMPANIONS}
    several = 0
    for number in range(300):
        patient = patient_of(7, number)
        companions = Life(words, patient, 2018).companions
        several += len(companions) > 1
        groups = [c.group for c in companions if c.group]
        assert len(groups) == len({*groups})
        for companion in companions:
            profile = by_name.get(companion.disease, companion)
            assert patient.person.age(FIRST_MONTH[0]) >= profile.from_age
            assert companion.disease not in (ONLY_WOMEN if patient.person.sex == "男" else ONLY_MEN)
    assert several > 150
