"""Word lists and folding."""

import pytest

from rakg_assets.admissions.deidentify.words import alternation, rows


def test_a_missing_list_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"surnames\.csv"):
        rows("surnames", tmp_path)


def test_the_longest_word_is_tried_first():
    assert alternation(["ab", "abc"]) == "(?:abc|ab)"
