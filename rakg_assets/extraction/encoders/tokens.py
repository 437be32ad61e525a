"""Characters as numbers of a BERT-like vocabulary, one character to one piece.

Belongs here: which piece a character reads as, and the special pieces; nothing that needs torch.
Does not belong here: where the vocabulary comes from and its vectors (`encoder.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rakg_assets.extraction.vocabulary import Vocabulary, normal_form

_SPECIAL = {
    "padding": ("[PAD]", "<pad>"),
    "unknown": ("[UNK]", "<unk>"),
    "first": ("[CLS]", "<s>"),
    "last": ("[SEP]", "</s>"),
}

_BERT_POSITIONS = 512


class EncoderError(ValueError):
    """An encoder that cannot be used; the message names folder, reason and remedy."""


class CharacterTokens:
    """The pieces of a vocabulary by number. Raises `EncoderError` where a special one lacks."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = tuple(tokens)
        self._numbers = {token: number for number, token in enumerate(tokens)}
        special = {name: self._special(name) for name in _SPECIAL}
        self.padding, self.unknown = special["padding"], special["unknown"]
        self.first, self.last = special["first"], special["last"]
        self._seen: dict[str, int] = {}

    def _special(self, name: str) -> int:
        for token in _SPECIAL[name]:
            if token in self._numbers:
                return self._numbers[token]
        wanted = " or ".join(_SPECIAL[name])
        raise EncoderError(f"the encoder's vocabulary lacks {wanted}; use a BERT-like model")

    def ids(self, text: str) -> list[int]:
        """Numbers of the characters as they are, in lower case, or in normal form."""
        for character in set(text) - self._seen.keys():
            self._seen[character] = self._id(character)
        return [self._seen[character] for character in text]

    def _id(self, character: str) -> int:
        for form in (character, character.lower(), normal_form(character)):
            for piece in (form, "▁" + form):
                if piece in self._numbers:
                    return self._numbers[piece]
        return self.unknown


def character_limit(positions: int | None) -> int:
    """The longest text: two special pieces, and the two positions that RoBERTa leaves unused.

    A model without limit of its own (relative positions) is held to that of BERT.
    """
    return (positions if positions and positions > 0 else _BERT_POSITIONS) - 4


def restore_tokens(value: Mapping[str, Any]) -> tuple[CharacterTokens | Vocabulary, int | None]:
    """What numbers the characters of an encoder that `to_json` described, and its limit."""
    if value["kind"] == "embedding":
        return Vocabulary(value["symbols"]), None
    has_limit = value["kind"] == "bert"
    limit = character_limit(value["config"].get("max_position_embeddings")) if has_limit else None
    return CharacterTokens(value["tokens"]), limit
