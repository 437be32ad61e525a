"""What several stages' tests share: a home with tiny models, so that runs take seconds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

# Fixtures of one server that the tests of several folders share.
from rakg_assets_tests.neo4j_server import common, jars, running, server, store  # noqa: F401

SAMPLE = Path(__file__).resolve().parents[1] / "rakg_assets" / "sample" / "records"
_TINY = {"epochs": 1, "hidden_size": 8, "character_size": 8, "feature_size": 4, "threads": 1}


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models that are trained in seconds and predict little."""
    from rakg_assets.corpus.annotations import annotation_table, read_annotations
    from rakg_assets.corpus.splits import split_records
    from rakg_assets.extraction.shelf import Shelf
    from rakg_assets.extraction.workshop import Workshop
    from rakg_assets.ontology.dictionaries import shipped_dictionaries

    root = tmp_path_factory.mktemp("models")
    shelf = Shelf(root, root / "none")
    records, _ = read_annotations(SAMPLE)
    labelled = split_records(annotation_table(records[:6]), 2023)
    workshop = Workshop(shelf, shipped_dictionaries())
    workshop.train("ner", labelled, _TINY | {"features": False, "lexicon": False})
    workshop.train("relation", labelled, _TINY)
    return root


@pytest.fixture
def home(tmp_path: Path, tiny_models: Path) -> Path:
    """An empty home but for the tiny models."""
    folder = tmp_path / "home"
    shutil.copytree(tiny_models, folder / "models")
    return folder
