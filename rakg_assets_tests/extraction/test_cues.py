"""Cue files: what is read and what is refused."""

import shutil
from pathlib import Path

import pytest

from rakg_assets.extraction.cues import CueError, Direction, load_cues
from rakg_assets.ontology.schema import Assertion, EntityType

CUES = Path(__file__).parents[2] / "dictionaries" / "cues"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(CUES, tmp_path / "cues"))


def test_a_word_may_have_several_meanings():
    meanings = load_cues(CUES).meanings["可能"]
    assert {(m.assertion, m.direction) for m in meanings} == {
        (Assertion.POSSIBLE, Direction.BEFORE),
        (Assertion.POSSIBLE, Direction.AFTER),
    }


def test_a_cue_without_types_leaves_tests_and_sites_alone():
    types = load_cues(CUES).meanings["否认"][0].types
    assert EntityType.SYMPTOM in types
    assert not types & {EntityType.LAB_TEST, EntityType.IMAGING_TEST, EntityType.BODY_PART}


def test_the_longest_cue_is_found_first():
    cues = load_cues(CUES)
    assert cues.pattern.search("患者无明显诱因")[0] == "无明显诱因"
    assert cues.meanings["无明显诱因"] == ()


def test_a_missing_file_is_named(folder):
    (folder / "pseudo.csv").unlink()
    with pytest.raises(CueError, match=r"pseudo\.csv: missing"):
        load_cues(folder)


@pytest.mark.parametrize("row", ["新词,sideways,,,,", "新词,before,organ,,,"])
def test_a_wrong_value_is_named_with_its_line(folder, row):
    (folder / "present.csv").write_text(
        f"cue,direction,types,ends_clause,loose,unless\n阳性,after,,,,\n{row}\n", encoding="utf-8"
    )
    with pytest.raises(CueError, match=r"present\.csv, line 3: direction is"):
        load_cues(folder)


def test_a_row_without_a_cue_is_refused(folder):
    (folder / "terminators.csv").write_text('cue\n但\n\n""\n', encoding="utf-8")
    with pytest.raises(CueError, match=r"terminators\.csv, line \d+: no cue"):
        load_cues(folder)
