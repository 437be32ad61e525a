"""Marked sentences: 【…】 stands around what must be masked, all else must stay."""

from __future__ import annotations

import re

from rakg_assets.admissions.deidentify import Identity, mask_record


def masked(text: str, header: str = "", identity: Identity | None = None) -> str:
    """One text masked as a record of its own."""
    return mask_record([text], header, identity)[0]


def bare(marked: str) -> str:
    """The sentence without its marks."""
    return re.sub("[【】]", "", marked)


def expected(marked: str) -> str:
    """The sentence with the marked parts masked."""
    return re.sub("【(.+?)】", lambda match: "＊" * len(match[1]), marked)
