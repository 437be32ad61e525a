"""Files of a release are found wherever they lie, and only one of each kind."""

from __future__ import annotations

import pytest

from rakg_assets.ontology.importers.releases import release_file, release_files, release_folder
from rakg_assets.ontology.importers.terms import TermListError
from rakg_assets_tests.ontology.importers.lists import text_list


def test_a_file_is_found_below_in_any_case(tmp_path):
    path = text_list(tmp_path / "Terminology" / "Sct2_Concept_Snapshot.TXT", "x")
    assert release_file(tmp_path, "sct2_concept_*snapshot*.txt") == path
    assert release_files(tmp_path, "*.csv") == []


def test_two_releases_in_a_folder_are_told(tmp_path):
    for year in ("2023", "2024"):
        text_list(tmp_path / year / "pt.asc", "x")
    with pytest.raises(TermListError, match=r"are both pt\.asc; give the folder of one release"):
        release_file(tmp_path, "pt.asc")


def test_no_file_is_told(tmp_path):
    with pytest.raises(TermListError, match=r"no file pt\.asc; give the folder of the whole"):
        release_file(tmp_path, "pt.asc")


def test_a_file_is_no_folder(tmp_path):
    with pytest.raises(TermListError, match="no folder; unpack the release and give all"):
        release_folder(text_list(tmp_path / "a.zip", "x"), "all")
