"""Words with their frequency."""

from __future__ import annotations

import pytest

from rakg_assets.ontology.importers.terms import TermListError
from rakg_assets.ontology.schema import EntityType
from rakg_assets_tests.ontology.importers.lists import read, reasons, text_list

SYMPTOM = EntityType.SYMPTOM


def test_words_seen_often_enough(tmp_path):
    source = text_list(tmp_path / "a.txt", "关节痛\t900 ", "晨僵\t50", "皮疹\t49", "", "乏力")
    terms, skipped = read("words", source, SYMPTOM)
    assert [t.name_zh for t in terms] == ["关节痛", "晨僵", "皮疹", "乏力"]
    assert {t.code for t in terms} == {""}
    source = text_list(tmp_path / "b.txt", "关节痛\t900", "晨僵\t50", "皮疹\t49")
    terms, skipped = read("words", source, SYMPTOM, least=50)
    assert [t.name_zh for t in terms] == ["关节痛", "晨僵"]
    assert reasons(skipped) == ["seen too rarely"]


def test_a_list_without_frequencies_has_no_least_one(tmp_path):
    with pytest.raises(TermListError, match=r"a\.txt, line 1: no frequency; leave"):
        read("words", text_list(tmp_path / "a.txt", "乏力"), SYMPTOM, least=5)


def test_bad_rows_are_skipped_with_place_and_reason(tmp_path):
    source = text_list(tmp_path / "a.txt", "\t7", "晨僵\t多", "晨僵\t-1")
    _, skipped = read("words", source, SYMPTOM)
    assert reasons(skipped) == [
        "a.txt, line 1: no word",
        "a.txt, line 2: the frequency is no whole number",
        "a.txt, line 3: the frequency is no whole number",
    ]
