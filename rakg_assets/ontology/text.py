"""Folding that keeps every place of a text, for all who look for words and numbers in records.

Belongs here: folding one character for one. Does not belong here: the wider folding of headings
(`sections.py`) or of names of concepts (`dictionaries.py`), which changes more than signs.
"""

from __future__ import annotations

_FOLDED = {0xFF01 + i: 0x21 + i for i in range(94)} | dict.fromkeys(
    map(ord, "‐‑‒–—―−﹣－"), ord("-")
)


def fold(text: str) -> str:
    """Full-width letters, digits and signs as ASCII and all dashes as one; the length stays."""
    return text.translate(_FOLDED)
