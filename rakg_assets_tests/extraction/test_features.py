import json

import numpy as np

from rakg_assets.extraction.features import SECTION, Featurizer
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.vocabulary import UNKNOWN

PAIRS = [("双手肿痛3年", "主诉"), ("双膝肿胀", "体格检查"), ("双手X线", "")]
LEXICON = Lexicon({"symptom": ["肿痛"]})


def test_rows_follow_characters_and_columns() -> None:
    featurizer = Featurizer.fit(PAIRS, lexicon=LEXICON)
    rows = featurizer("肿痛𠀀\n", "主诉")
    assert rows.shape == (4, len(featurizer.columns))
    assert rows.dtype == np.int64
    assert (rows > 0).all()
    sizes = [*featurizer.sizes().values()]
    assert (rows.max(0) < sizes).all()


def test_each_group_can_be_left_out() -> None:
    bare = Featurizer.fit(PAIRS, extra=False, sections=False)
    assert bare("双手").shape == (2, 0)
    sections = Featurizer.fit(PAIRS, extra=False)
    assert [*sections.columns] == [SECTION]
    lexicon = Featurizer.fit(PAIRS, extra=False, sections=False, lexicon=LEXICON)
    assert [*lexicon.columns] == ["lexicon:symptom"]


def test_an_unseen_section_is_unknown() -> None:
    featurizer = Featurizer.fit(PAIRS, extra=False)
    assert featurizer("双", "查体").tolist() == [[UNKNOWN]]
    assert featurizer("双", "主诉").tolist() != [[UNKNOWN]]


def test_pairs_seen_once_are_unknown() -> None:
    columns = Featurizer.fit(PAIRS).columns
    assert columns["pair_after"].id("双手") != UNKNOWN
    assert columns["pair_after"].id("双膝") == UNKNOWN


def test_it_survives_json() -> None:
    featurizer = Featurizer.fit(PAIRS, lexicon=LEXICON)
    value = json.loads(json.dumps(featurizer.to_json(), ensure_ascii=False))
    again = Featurizer.from_json(value)
    assert (again("双手肿痛", "主诉") == featurizer("双手肿痛", "主诉")).all()


def test_an_empty_text_has_no_rows() -> None:
    assert Featurizer.fit(PAIRS, lexicon=LEXICON)("").shape[0] == 0
