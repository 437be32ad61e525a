import logging
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rakg_assets.extraction.glyphs import components, shape, sound, word_tags


def test_sound_and_components_of_a_character() -> None:
    assert sound("痛") == ("tong", "4")
    assert sound("绿") == ("lv", "4")
    assert components("疼") == ("疒", "冬")
    assert components("肿")[0] == "月"


def test_other_signs_have_neither() -> None:
    for sign in "Aα7，\n\0":
        assert sound(sign) == components(sign) == ("-", "-")


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("痛", "han"),
        ("〇", "han"),
        ("R", "upper"),
        ("α", "greek"),
        ("５", "digit"),
        ("\n", "space"),
    ],
)
def test_shape(sign: str, name: str) -> None:
    assert shape(sign) == name


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_every_character_gets_a_word_tag(text: str) -> None:
    assert len(word_tags(text)) == len(text)


def test_words_and_classes() -> None:
    assert word_tags("患者双手") == [("B", "n"), ("E", "n"), ("B", "n"), ("E", "n")]


def test_jieba_writes_neither_cache_nor_log(tmp_path: Path) -> None:
    code = "from rakg_assets.extraction.glyphs import word_tags; word_tags('双手肿痛')"
    environment = {"TMPDIR": str(tmp_path), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert (done.stdout, done.stderr, list(tmp_path.iterdir())) == (b"", b"", [])


def test_jieba_does_not_speak_below_warning() -> None:
    word_tags("双手")
    assert logging.getLogger("jieba").getEffectiveLevel() >= logging.WARNING
