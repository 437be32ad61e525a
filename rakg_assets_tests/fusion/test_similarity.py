"""Terms near a mention, by spelling and by sound, and what must stay apart."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from rakg_assets.fusion.ngrams import NgramIndex
from rakg_assets.fusion.similarity import TermIndex, likeness
from rakg_assets.fusion.slips import Slips
from rakg_assets.fusion.sounds import heard, sound_alike

_TERMS = [
    "来氟米特",
    "甲氨蝶呤",
    "羟氯喹",
    "氯喹",
    "1型糖尿病",
    "2型糖尿病",
    "左肺结节",
    "infliximab",
]


@pytest.fixture(scope="module")
def index() -> TermIndex:
    return TermIndex(_TERMS, frozenset("左右"))


@pytest.mark.parametrize(
    ("one", "other", "spoken", "slurred"),
    [
        ("蝶", "喋", True, True),
        ("整", "枕", False, True),
        ("资", "知", False, True),
        ("氟", "米", False, False),
    ],
)
def test_what_sounds_alike(one: str, other: str, spoken: bool, slurred: bool) -> None:
    assert (heard([one], slurred=False) == heard([other], slurred=False)) == spoken
    assert sound_alike(one, other) == slurred


def test_sounds_keep_the_length_and_what_is_not_chinese() -> None:
    texts = ["CRP升高", "", "𠮷a1"]
    sounds = heard(texts)
    assert list(map(len, sounds)) == list(map(len, texts))
    assert sounds[0].startswith("CRP")
    assert sounds[2] == "𠮷a1"
    assert heard([]) == []


def test_likeness_is_pair_by_pair() -> None:
    scores = likeness(["浮滨试验", "甲氨蝶呤", "甲氨蝶呤"], ["浮髌试验", "甲氨蝶呤", "来氟米特"])
    assert scores[1] == 1
    assert scores[0] == pytest.approx(0.3 * 0.75 + 0.7)
    assert scores[2] < 0.3


def test_the_nearest_come_first_and_none_below_the_least(index: TermIndex) -> None:
    ((best, *_), (only,), nothing) = index.candidates(["来弗米特", "羟氯喹", "xyz"], least=0.7)
    assert index.terms[best.term] == "来氟米特"
    assert (index.terms[only.term], only.score) == ("羟氯喹", 1.0)
    assert nothing == []
    assert TermIndex([]).candidates(["甲"]) == [[]]


@pytest.mark.parametrize(
    ("mention", "term", "differs"),
    [
        ("羟氯喹", "氯喹", True),
        ("氯氯喹", "氯喹", False),
        ("11型糖尿病", "1型糖尿病", True),
        ("3型糖尿病", "2型糖尿病", True),
        ("右肺结节", "左肺结节", True),
        ("infliximap", "infliximab", False),
        ("aliximab", "infliximab", True),
        ("甲氨呤蝶", "甲氨蝶呤", False),
        ("来弗米特", "来氟米特", False),
    ],
)
def test_which_differences_name_another_thing(
    index: TermIndex, mention: str, term: str, differs: bool
) -> None:
    assert index.differs(mention, _TERMS.index(term)) == differs


def test_weights_are_those_of_tf_idf() -> None:
    terms = ["甲乙丙", "甲乙丁", "戊己"]
    cosines = NgramIndex(terms).nearest(terms, 3, thorough=True).toarray()

    def pairs(text: str) -> list[str]:
        return [
            a + b
            for name in (text, heard([text])[0])
            for a, b in zip(f"\0{name}", f"{name}\0", strict=True)
        ]

    vectors = TfidfVectorizer(analyzer=pairs).fit_transform(terms)
    np.testing.assert_allclose(cosines, (vectors @ vectors.T).toarray(), atol=1e-5)


def test_a_slip_is_one_edit_and_the_same_again() -> None:
    names = ["类风湿关节炎", "来氟米特", "晨僵"] * 20
    slipped = [Slips(names, 1).slip(name) for name in names]
    assert slipped == [Slips(names, 1).slip(name) for name in names]
    maker = Slips(names, 1)
    many = [maker.slip(name) for name in names]
    assert all(slip != name for slip, name in zip(many, names, strict=True))
    assert all(abs(len(slip) - len(name)) <= 1 for slip, name in zip(many, names, strict=True))
    with pytest.raises(ValueError, match="one character"):
        maker.slip("膝")
