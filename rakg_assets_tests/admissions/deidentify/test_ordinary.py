"""Ordinary words: looked up in jieba's dictionary without loading jieba."""

import subprocess
import sys

import pytest

from rakg_assets.admissions.deidentify import ordinary
from rakg_assets.admissions.deidentify.ordinary import is_ordinary


@pytest.mark.parametrize("word", ["明显", "高血压", "方面", "霍夫曼", "雷公藤", "曾于"])
def test_words_of_jieba_and_of_our_list_are_ordinary(word):
    assert is_ordinary(word)


@pytest.mark.parametrize("word", ["王强", "闻人素", "郁离山", "刘德华", "的"])
def test_names_and_single_characters_are_not(word):
    assert not is_ordinary(word)


def test_rare_words_and_persons_are_passed_over(tmp_path):
    path = tmp_path / "dict.txt"
    path.write_text("高兴 900 a\n高欢 900 nr\n高秆 3 n\n高 900 a\n", encoding="utf-8")
    assert list(ordinary._common_words(path)) == ["高兴"]


def test_a_missing_dictionary_is_named(monkeypatch):
    monkeypatch.setattr(ordinary, "find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match="install the package jieba"):
        ordinary._jieba_dictionary()


def test_importing_reads_no_list_and_loads_no_library():
    code = (
        "import sys, rakg_assets.admissions.deidentify as d\n"
        "from rakg_assets.admissions.deidentify.words import rows\n"
        "assert not rows.cache_info().currsize\n"
        "assert 'pandas' not in sys.modules\n"
        "d.mask_record(['患者王强，男，54岁'])\n"
        "assert 'jieba' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
