import random

import pytest
import torch

from rakg_assets.extraction.encoders.encoder import BertEncoder, load_encoder
from rakg_assets.extraction.encoders.masking import Masker, Row, pack
from rakg_assets.extraction.lexicon import Lexicon

TEXT = "类风湿关节炎患者双手肿痛，口服甲氨蝶呤。"
KEPT, MASK = 7, 4


@pytest.fixture(scope="module")
def encoder(tiny_bert) -> BertEncoder:
    return load_encoder(str(tiny_bert))


def test_rows_hold_all_texts_in_order_and_no_row_is_too_long(encoder: BertEncoder) -> None:
    rows = pack([TEXT, "双手", TEXT], encoder, 12, unknown=-1)
    assert [i for row in rows for i in row.ids] == encoder.ids(TEXT + "双手" + TEXT)
    assert all(len(row.ids) <= 12 for row in rows)


def test_words_are_those_of_jieba_without_unknown_characters(encoder: BertEncoder) -> None:
    (row,) = pack(["双手 疼痛", "发烧"], encoder, 50, unknown=1)
    assert row.words == ((0, 2), (3, 5))


def test_words_are_hidden_whole_and_about_the_share() -> None:
    words = tuple((i, i + 2) for i in range(0, 40, 2))
    row = Row(tuple(range(10, 50)), words)
    batch = Masker(0.15, MASK, range(10, 50))([row] * 50, random.Random(0))
    assert 0.15 <= batch.hidden.float().mean() <= 0.2
    assert torch.equal(batch.hidden[:, ::2], batch.hidden[:, 1::2])
    assert torch.equal(batch.ids[~batch.hidden], batch.targets[~batch.hidden])


def test_most_hidden_characters_are_masked_some_kept_some_exchanged() -> None:
    row = Row((KEPT,) * 40, tuple((i, i + 1) for i in range(40)))
    batch = Masker(0.15, MASK, [9])([row] * 500, random.Random(0))
    seen = batch.ids[batch.hidden]
    shares = [float((seen == token).float().mean()) for token in (MASK, 9, KEPT)]
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.03)


def test_short_rows_are_padded_and_one_word_is_hidden_at_least() -> None:
    rows = [Row((5, 6, 7), ((0, 1), (1, 2))), Row((5,), ((0, 1),))]
    batch = Masker(0.01, MASK, [5])(rows, random.Random(1))
    assert batch.mask.tolist() == [[True] * 3, [True, False, False]]
    assert batch.hidden.sum(1).tolist() == [1, 1]
    assert batch.hidden[1].tolist() == [True, False, False]


def test_terms_of_the_dictionaries_are_whole_and_the_longest_wins(encoder: BertEncoder) -> None:
    lexicon = Lexicon({"a": ["类风湿", "手肿"], "b": ["类风湿关节炎患者"]})
    (row,) = pack([TEXT], encoder, 50, unknown=-1, lexicon=lexicon)
    spans = [TEXT[start:end] for start, end in row.words]
    assert spans[0] == "类风湿关节炎患者"
    assert "手肿" in spans
    assert "双手" not in spans
    places = [place for start, end in row.words for place in range(start, end)]
    assert len(places) == len(set(places))


def test_spans_of_any_characters_cross_words_but_not_what_is_unknown() -> None:
    row = Row(tuple(range(10, 50)), (*((i, i + 1) for i in range(20)), (21, 40)))
    batch = Masker(0.15, MASK, [9], spans=1.0)([row] * 300, random.Random(0))
    assert not batch.hidden[:, 20].any()
    both = batch.hidden[:, :-1] & batch.hidden[:, 1:]
    assert both[:, :19].any()
    assert 0.15 <= batch.hidden.float().mean() <= 0.25
    alone = Masker(0.001, MASK, [9], spans=1.0)([row] * 300, random.Random(0)).hidden.sum(1)
    assert set(alone.tolist()) == set(range(1, 11))


def test_without_spans_words_stay_whole() -> None:
    row = Row(tuple(range(10, 50)), tuple((i, i + 4) for i in range(0, 40, 4)))
    batch = Masker(0.15, MASK, [9], spans=0.0)([row] * 50, random.Random(0))
    assert set(batch.hidden.view(50, 10, 4).sum(-1).flatten().tolist()) == {0, 4}
