"""Names and codes are cleaned of what nobody sees."""

from __future__ import annotations

import pytest

from rakg_assets.ontology.importers.terms import clean, clean_code, has_chinese


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (" 霍\u200b乱\n ", "霍乱"),
        ("a\r\n b\tc", "a b c"),
        ("\ufeff病\x00", "病"),
        ("（Ⅱ）", "（Ⅱ）"),
    ],
)
def test_names_are_in_one_line(text, cleaned):
    assert clean(text) == cleaned


def test_codes_are_ascii_without_spaces():
    assert clean_code(" Ｍ０６．９\u200b 00") == "M06.900"


@pytest.mark.parametrize(
    ("text", "has"), [("霍乱", True), ("CRP", False), ("𠮷", True), ("", False)]
)
def test_chinese_is_told(text, has):
    assert has_chinese(text) is has
