import random

import pytest
import torch

from rakg_assets.extraction.encoder import BertEncoder, load_encoder
from rakg_assets.extraction.masking import Masker, Row, pack

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
