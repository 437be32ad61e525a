"""Formats are known by name, with the types and options they take."""

from __future__ import annotations

import pytest

from rakg_assets.ontology.codes import CODE_PATTERNS
from rakg_assets.ontology.importers.registry import FORMATS, check_request
from rakg_assets.ontology.importers.terms import ReadOptions, TermListError
from rakg_assets.ontology.schema import EntityType


def test_each_format_has_a_column_for_its_codes():
    assert {f.system for f in FORMATS.values()} <= {*CODE_PATTERNS, ""}
    assert all(key == f.key and f.types for key, f in FORMATS.items())


@pytest.mark.parametrize("key", list(FORMATS))
def test_what_suits_a_format_passes(key):
    for kind in FORMATS[key].types:
        check_request(FORMATS[key], ReadOptions(kind))


@pytest.mark.parametrize(
    ("key", "options", "message"),
    [
        ("icd10", ReadOptions(EntityType.TREATMENT), "holds no treatment; choose of disease, sym"),
        ("loinc", ReadOptions(EntityType.LAB_TEST, under=("x",)), "loinc takes no --under"),
        ("meddra", ReadOptions(EntityType.DISEASE, sheet="x"), "meddra takes no --sheet"),
        ("icd10", ReadOptions(EntityType.DISEASE, least=1), "icd10 takes no --least"),
    ],
)
def test_what_does_not_is_told(key, options, message):
    with pytest.raises(TermListError, match=message):
        check_request(FORMATS[key], options)
