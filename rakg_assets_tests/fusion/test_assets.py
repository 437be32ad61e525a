"""What makes links and triples stale."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from rakg_assets.fusion.assets import link_memory, links_version, ra_version, words_version
from rakg_assets.ontology.dictionaries import shipped_dictionaries
from rakg_assets.ontology.schema import EntityType
from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.resources import Settings
from rakg_assets.orchestration.storage import table_path

_MONTH = "2018-04"
_MENTIONS = [(EntityType.DISEASE, "银屑"), (EntityType.TREATMENT, "甲氨蝶呤")]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home of one month with dictionaries of its own."""
    shutil.copytree(shipped_dictionaries(), tmp_path / "words")
    settings = Settings(home=str(tmp_path / "home"), dictionaries=str(tmp_path / "words"))
    path = table_path(settings.place.tables, TABLES["predicted_entities"], _MONTH)
    path.parent.mkdir(parents=True)
    rows = [{"label": kind.value, "text": mention} for kind, mention in _MENTIONS]
    pd.DataFrame(rows).to_parquet(path)
    return settings


def add(settings: Settings, file: str, row: str) -> None:
    """Append a row to a file of the dictionaries."""
    path = settings.words / file
    columns = path.read_text("utf-8").splitlines()[0].count(",") if path.exists() else 2
    with path.open("a", encoding="utf-8") as out:
        out.write(row + "," * (columns - row.count(",")) + "\n")


def test_a_month_is_stale_only_where_one_of_its_links_changes(settings: Settings) -> None:
    before = links_version(settings, _MONTH)
    assert links_version(settings, "2018-05") == ""
    add(settings, "symptom.csv", "SYM9999,虚构之感,invented sensation,")
    add(settings, "disease.csv", "DIS9999,虚构之病,invented disease,")
    assert links_version(settings, _MONTH) == before
    add(settings, "disease.csv", "DIS9998,另一种银屑,invented too,银屑")
    assert links_version(settings, _MONTH) != before


def test_a_new_body_part_takes_its_name_from_other_types(settings: Settings) -> None:
    disease, _ = link_memory(settings).link_all(_MENTIONS)
    assert disease.concept_id
    add(settings, "body_part.csv", "BDP9999,银屑,invented part,")
    assert link_memory(settings).link_all(_MENTIONS)[0].concept_id is None


def test_decisions_change_the_words_and_their_own_type_alone(settings: Settings) -> None:
    words, link = words_version(settings), links_version(settings, _MONTH)
    path = settings.words / "overrides.csv"
    path.write_text("type,mention,concept_id\nsymptom,虚构,NIL\n", "utf-8")
    assert words_version(settings) != words
    assert links_version(settings, _MONTH) == link
    add(settings, "overrides.csv", "treatment,甲氨蝶呤,NIL")
    assert links_version(settings, _MONTH) != link


def test_triples_depend_on_what_counts_as_ra(settings: Settings) -> None:
    before = ra_version(settings)
    add(settings, "disease.csv", "DIS9999,虚构之病,invented disease,")
    assert ra_version(settings) == before
    add(settings, "disease.csv", "DIS99999,虚构类风湿,invented arthritis,,DIS0001")
    assert ra_version(settings) != before
