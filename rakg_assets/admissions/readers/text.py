"""Plain text: one patient's record under headings, or a record in our own markup.

Belongs here: telling text from what only bears its name. Does not belong here: headings and stays
(`admissions/plain.py`).
"""

from __future__ import annotations

import json
import re

from rakg_assets.admissions.plain import parse_plain
from rakg_assets.admissions.readers.marked import read_marked
from rakg_assets.admissions.readers.registry import Parts, ReadOptions, checked_text, reader
from rakg_assets.admissions.refusals import Refusal
from rakg_assets.ontology.markup import is_markup

_TAGGED = re.compile(r"\s*<(?:\?xml|!DOCTYPE|html|[\w.-]*:?ClinicalDocument)\b", re.IGNORECASE)


@reader("text", suffixes=(".txt", ".text", ".md"), recognises=lambda data: True)
def read_text(data: bytes, options: ReadOptions) -> Parts:
    """Read a plain-text record; text of another format under this name is malformed."""
    text = checked_text(data, "text")
    if is_markup(text):
        return read_marked(text)
    if other := _other_format(text):
        raise Refusal("malformed", f"its content is {other}, not plain text")
    return parse_plain(text)


def _other_format(text: str) -> str | None:
    if _TAGGED.match(text):
        return "XML or HTML"
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("{") and (_is_json(start) or _is_json(start.split("\n", 1)[0])):
        return "JSON"
    return "JSON" if start.startswith("[") and _is_json(start) else None


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), (dict, list))
    except (ValueError, RecursionError):
        return False
