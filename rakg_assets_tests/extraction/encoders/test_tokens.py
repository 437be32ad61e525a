import pytest

from rakg_assets.extraction.encoders.tokens import CharacterTokens, EncoderError, restore_tokens
from rakg_assets.extraction.vocabulary import UNKNOWN

TOKENS = ("<s>", "<pad>", "</s>", "<unk>", "▁双", "r", "0", "R")


def test_a_character_reads_as_itself_else_in_lower_case_else_in_normal_form() -> None:
    tokens = CharacterTokens(TOKENS)
    assert tokens.ids("双Rr7𠀀双") == [4, 7, 5, 6, 3, 4]
    assert (tokens.first, tokens.padding, tokens.last, tokens.unknown) == (0, 1, 2, 3)


def test_a_vocabulary_without_special_pieces_is_refused() -> None:
    with pytest.raises(EncoderError, match=r"lacks \[PAD\] or <pad>"):
        CharacterTokens(["a"])


def test_both_kinds_of_encoder_come_back() -> None:
    config = {"max_position_embeddings": 64}
    tokens, limit = restore_tokens({"kind": "bert", "config": config, "tokens": TOKENS})
    assert (tokens.ids("双"), limit) == ([4], 60)
    embedded, limit = restore_tokens({"kind": "embedding", "symbols": ["双"]})
    assert (embedded.ids("双手"), limit) == ([2, UNKNOWN], None)
    longest = {"kind": "character-lm", "config": {}, "tokens": TOKENS}
    assert restore_tokens(longest)[1] is None
    relative = {"kind": "bert", "config": {}, "tokens": TOKENS}
    assert restore_tokens(relative)[1] == 508
