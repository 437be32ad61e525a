from hypothesis import given
from hypothesis import strategies as st

from rakg_assets.extraction.vocabulary import PADDING, UNKNOWN, Vocabulary, normal_form


def test_full_and_half_width_fold_to_one() -> None:
    assert [normal_form(c) for c in "，ＡＢｃ（５。“"] == [*',abc(0."']


@given(st.characters())
def test_a_character_stays_one_character(character: str) -> None:
    assert len(normal_form(character)) == 1
    assert normal_form(normal_form(character)) == normal_form(character)


def test_unknown_and_padding_have_numbers_of_their_own() -> None:
    vocabulary = Vocabulary.fit("aabc", minimum=2)
    assert vocabulary.symbols == ("a",)
    assert vocabulary.ids("aAz") == [2, 2, UNKNOWN]
    assert len(vocabulary) == 3
    assert PADDING not in vocabulary.ids("abc\0")
