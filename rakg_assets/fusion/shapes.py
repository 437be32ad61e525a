"""How characters look: small pictures of them, compared point by point.

For slips of the pen and of readers of handwriting: 锥 for 椎, 本 for 木. Does not belong here: how
alike two names are (`similarity.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from rakg_assets.ontology.fonts import chinese_font

# A picture of 24 points, blurred so that a stroke a little aside still meets its like.
_DRAWN, _SIZE, _KEPT, _BLUR = 48, 40, 24, 2
#: Pictures this near (cosine) are taken for each other; 杭 and 抗 have 0.95, 膝 and 漆 0.84.
ALIKE = 0.82
#: So near they must be where hardly anything else speaks for the name.
ALIKE_ALONE = 0.88


@lru_cache(maxsize=65536)
def shape_likeness(one: str, other: str) -> float:
    """The cosine of the pictures of two characters, -1..1."""
    return float(picture(one) @ picture(other))


def look_alikes(characters: Sequence[str]) -> dict[str, list[str]]:
    """For each character the others that look like it."""
    pictures = np.stack([picture(character) for character in characters])
    alike = pictures @ pictures.T >= ALIKE
    np.fill_diagonal(alike, False)
    return {
        character: [characters[at] for at in np.flatnonzero(row)]
        for character, row in zip(characters, alike, strict=True)
    }


@lru_cache(maxsize=8192)
def picture(character: str) -> np.ndarray:
    """A character as a vector of unit length and mean zero; of zeros where nothing is drawn."""
    canvas = Image.new("L", (_DRAWN, _DRAWN), 0)
    middle = (_DRAWN // 2, _DRAWN // 2)
    ImageDraw.Draw(canvas).text(middle, character, fill=255, font=_font(), anchor="mm")
    blurred = canvas.filter(ImageFilter.GaussianBlur(_BLUR)).resize((_KEPT, _KEPT))
    points = np.asarray(blurred, dtype=np.float32).ravel()
    points = points - points.mean()
    length = float(np.linalg.norm(points))
    return points / length if length else points


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(chinese_font()), _SIZE)
