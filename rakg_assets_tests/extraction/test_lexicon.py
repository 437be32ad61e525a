from rakg_assets.extraction.lexicon import Lexicon, bmes
from rakg_assets.ontology.dictionaries import shipped_dictionaries

LEXICON = Lexicon({"disease": ["RA", "类风湿关节炎", "关节炎"], "symptom": ["关节炎痛", "痛"]})


def test_the_longest_term_wins_within_a_label() -> None:
    assert LEXICON.matches("类风湿关节炎") == [(0, 6, "disease")]


def test_labels_are_matched_independently() -> None:
    assert LEXICON.matches("关节炎痛") == [(0, 4, "symptom"), (0, 3, "disease")]


def test_width_and_case_do_not_matter_but_latin_words_are_whole() -> None:
    assert LEXICON.matches("Ｒａ，ra3") == [(0, 2, "disease"), (3, 5, "disease")]
    assert LEXICON.matches("para RAD ra-ILD") == [(9, 11, "disease")]


def test_tags_are_one_a_character_and_label() -> None:
    tags = LEXICON.tags("有RA痛")
    assert tags == {"disease": [*"OBEO"], "symptom": [*"OOOS"]}
    assert LEXICON.tags("") == {"disease": [], "symptom": []}


def test_bmes() -> None:
    assert [bmes(n) for n in (1, 2, 4)] == [["S"], ["B", "E"], ["B", "M", "M", "E"]]


def test_names_and_aliases_of_a_folder_of_dictionaries() -> None:
    lexicon = Lexicon.load(shipped_dictionaries())
    assert len(lexicon.labels) == 9
    assert {"类风湿关节炎", "RA"} <= set(lexicon.terms["disease"])
