"""Extra features of a character as a row of integers, with vocabularies that travel with a model.

Belongs here: which columns there are and how they are numbered. Does not belong here: where
symbols come from (`glyphs.py`, `lexicon.py`) or their embeddings (`ner_network.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from rakg_assets.extraction.glyphs import components, shape, sound, word_tags
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.vocabulary import Vocabulary, normal_form

GLYPH_COLUMNS = ("syllable", "tone", "radical", "component", "shape")
WORD_COLUMNS = ("boundary", "class")
PAIR_COLUMNS = ("pair_before", "pair_after")
SECTION = "section"
_LEXICON = "lexicon:"
# A pair of characters seen once says nothing that its characters do not.
_MINIMUM = dict.fromkeys(PAIR_COLUMNS, 2)


class Featurizer:
    """Rows of feature numbers for the characters of a text.

    `columns` (name -> vocabulary) fixes order and numbering. Columns of three kinds: of the
    character and its word (`extra`), of dictionary terms (`lexicon`), and the section's name.
    """

    def __init__(self, columns: Mapping[str, Vocabulary], lexicon: Lexicon | None = None) -> None:
        self.columns = dict(columns)
        self.lexicon = lexicon

    @classmethod
    def fit(
        cls,
        texts: Iterable[tuple[str, str]],
        extra: bool = True,
        sections: bool = True,
        lexicon: Lexicon | None = None,
    ) -> Featurizer:
        """Vocabularies of (text, section) pairs; `lexicon` None means no dictionary columns."""
        names = (*GLYPH_COLUMNS, *WORD_COLUMNS, *PAIR_COLUMNS) if extra else ()
        names += tuple(_LEXICON + label for label in lexicon.labels) if lexicon else ()
        names += (SECTION,) if sections else ()
        draft = cls(dict.fromkeys(names, Vocabulary(())), lexicon)
        seen: dict[str, list[str]] = {name: [] for name in names}
        for text, section in texts:
            for name, symbols in draft.symbols(text, section).items():
                seen[name] += symbols
        return cls({n: Vocabulary.fit(s, _MINIMUM.get(n, 1)) for n, s in seen.items()}, lexicon)

    def __call__(self, text: str, section: str = "") -> np.ndarray:
        """An int64 array (characters, columns)."""
        symbols = self.symbols(text, section)
        rows = np.zeros((len(text), len(self.columns)), dtype=np.int64)
        for place, (name, vocabulary) in enumerate(self.columns.items()):
            rows[:, place] = vocabulary.ids(symbols[name])
        return rows

    def symbols(self, text: str, section: str = "") -> dict[str, list[str]]:
        """For each column the symbols of the text, one a character."""
        found: dict[str, list[str]] = {}
        if GLYPH_COLUMNS[0] in self.columns:
            found |= _glyph_symbols(text) | _word_symbols(text) | _pair_symbols(text)
        if self.lexicon:
            found |= {_LEXICON + label: t for label, t in self.lexicon.tags(text).items()}
        found[SECTION] = [section] * len(text)
        return {name: found[name] for name in self.columns}

    def sizes(self) -> dict[str, int]:
        """The number of embedding rows each column needs."""
        return {name: len(vocabulary) for name, vocabulary in self.columns.items()}

    def to_json(self) -> dict[str, Any]:
        """Columns in order, and the terms of the lexicon."""
        columns = [[name, list(v.symbols)] for name, v in self.columns.items()]
        return {"columns": columns, "lexicon": self.lexicon and self.lexicon.terms}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Featurizer:
        """The featurizer that `to_json` described."""
        lexicon = Lexicon(value["lexicon"]) if value["lexicon"] else None
        return cls({name: Vocabulary(symbols) for name, symbols in value["columns"]}, lexicon)


def _glyph_symbols(text: str) -> dict[str, list[str]]:
    rows = [(*sound(c), *components(c), shape(c)) for c in text]
    return {name: [row[i] for row in rows] for i, name in enumerate(GLYPH_COLUMNS)}


def _word_symbols(text: str) -> dict[str, list[str]]:
    tags = word_tags(text)
    return {name: [tag[i] for tag in tags] for i, name in enumerate(WORD_COLUMNS)}


def _pair_symbols(text: str) -> dict[str, list[str]]:
    """Each character with its left, and with its right neighbour; space at the ends."""
    folded: Sequence[str] = [" ", *map(normal_form, text), " "]
    pairs = [a + b for a, b in pairwise(folded)]
    return dict(zip(PAIR_COLUMNS, (pairs[:-1], pairs[1:]), strict=True))
