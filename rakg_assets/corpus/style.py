"""How a record is written, as numbers, so that a split can spread the styles.

Belongs here: what can be counted in a text whatever it says. Does not belong here: the split
(`splits.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from rakg_assets.corpus.sentences import split_section

_NARROW = ",.;:()?"
_WIDE = "，。；：（）？、"


def style_order(records: Mapping[str, Sequence[str]]) -> list[str]:
    """The ids of records, from one end of the commonest difference in style to the other.

    `records` gives the texts of each record's sections. The order is that of the first principal
    component of the standardised figures of `style_figures`, ties by id.
    """
    ids = sorted(records)
    figures = np.array([style_figures(records[i]) for i in ids], dtype=float)
    if len(ids) < 2:
        return ids
    spread = figures.std(0)
    scaled = (figures - figures.mean(0)) / np.where(spread > 0, spread, 1)
    # The sign of a component is arbitrary: the figure that weighs most points upwards.
    axis = np.linalg.svd(scaled, full_matrices=False)[2][0]
    axis *= np.sign(axis[np.abs(axis).argmax()]) or 1
    scores = (scaled @ axis).round(9).tolist()
    return [record for _, record in sorted(zip(scores, ids, strict=True))]


def style_figures(texts: Sequence[str]) -> tuple[float, ...]:
    """Shares of narrow punctuation, Latin and digits; lines, sentence length and sections."""
    text = "".join(texts)
    size = max(1, len(text))
    narrow, wide = (sum(map(text.count, signs)) for signs in (_NARROW, _WIDE))
    sentences = sum(len(split_section(part)) for part in texts)
    return (
        narrow / max(1, narrow + wide),
        sum(c.isascii() and c.isalpha() for c in text) / size,
        sum(c.isdigit() for c in text) / size,
        math.log1p(text.count("\n")),
        math.log(size / max(1, sentences)),
        len(texts),
    )
