"""Every word of the generator is a concept of the dictionaries, every gap of a phrase is known."""

from __future__ import annotations

import random
import string

import pytest

from rakg_assets.ontology.dictionaries import load_dictionaries, shipped_dictionaries
from rakg_assets.ontology.schema import EntityType
from rakg_assets.sample import phrases
from rakg_assets.sample.stories import Story, Words, by_rank
from rakg_assets.sample.terms import ASSAYS, COMPANIONS, DOSES, MAIN, OTHER_MAIN, SLOTS


@pytest.fixture(scope="module")
def dictionaries():
    return load_dictionaries(shipped_dictionaries())


def test_every_word_is_a_concept(dictionaries):
    used = {
        (slot.type, name) for slot in (*SLOTS.values(), MAIN, OTHER_MAIN) for name in slot.names
    }
    used |= {(EntityType.LAB_TEST, assay.name) for assay in ASSAYS}
    used |= {(EntityType.TREATMENT, name) for name in DOSES}
    for companion in COMPANIONS:
        used.add((EntityType.DISEASE, companion.disease))
        used |= {(EntityType.TREATMENT, name) for name in companion.drugs}
        used |= {(EntityType.SYMPTOM, name) for name in companion.complaints}
    known = {(kind, c.name_zh) for kind, d in dictionaries.items() for c in d.concepts}
    assert used - known == set()


def test_every_gap_of_every_phrase_is_known():
    told = {"main", "companion", "own1", "own2", "ill1", "joints", "joints2"}
    groups = [v for k, v in vars(phrases).items() if k.isupper() and k != "RANGES"]
    patterns = [p for group in groups for p in ((group,) if isinstance(group, str) else group)]
    gaps = {g.split(".")[0] for p in patterns for _, g, _, _ in string.Formatter().parse(p) if g}
    unknown = {g for g in gaps - told - set(phrases.RANGES) if g.rstrip("0123456789") not in SLOTS}
    assert unknown == set()


def test_a_gap_keeps_its_term_and_another_gap_gets_another(dictionaries):
    words = Words(dictionaries)
    for seed in range(30):
        story = Story(random.Random(seed), words)
        assert story["drug1"] is story["drug1"]
        drawn = [story[f"drug{i}"] for i in range(1, 6)]
        assert len(set(drawn)) == 5
        assert story["drug1"].dosed.startswith(story["drug1"])
        assert story["relief1"].endswith("后")
        assert story["joint1"] in story["joints"]
        assert story["systemic1"] not in {story[f"negative{i}"] for i in range(1, 5)}


def test_ranks_fall_off_as_zipf_says():
    rng = random.Random(0)
    drawn = [by_rank(rng, "abcd") for _ in range(20_000)]
    assert drawn.count("a") / drawn.count("b") == pytest.approx(2, rel=0.1)
    assert drawn.count("a") / drawn.count("d") == pytest.approx(4, rel=0.15)
