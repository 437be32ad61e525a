"""Text as it comes: decoding of sheets, and folding that keeps every place of a text.

Belongs here: folding one character for one, for all who look for words and numbers in records. Does
not belong here: the wider folding of headings (`sections.py`) or of names of concepts
(`dictionaries.py`), which changes more than signs.
"""

from __future__ import annotations

_FOLDED = {0xFF01 + i: 0x21 + i for i in range(94)} | dict.fromkeys(
    map(ord, "‐‑‒–—―−﹣－"), ord("-")
)


def sheet_text(content: bytes) -> str | None:
    """A CSV as spreadsheets in China save it: UTF-8, with a mark or without, or GB18030; None if
    it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def fold(text: str) -> str:
    """Full-width letters, digits and signs as ASCII and all dashes as one; the length stays."""
    return text.translate(_FOLDED)
