from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from rakg_assets.graph.ranking import ranking_chart, treatment_ranking
from rakg_assets.ontology.tables import TABLES
from rakg_assets_tests.graph.conftest import CONCEPTS, RA, Input


@pytest.fixture
def ranking(tables: Input) -> pd.DataFrame:
    return treatment_ranking(tables.filtered, CONCEPTS, RA)


def test_treatments_stand_by_share(ranking: pd.DataFrame) -> None:
    assert list(ranking.columns) == TABLES["treatment_ranking"].column_names
    assert ranking["concept_id"].tolist() == ["TRT1", "TRT2"]
    assert ranking["share"].tolist() == [12 / 20, 8 / 20]
    assert ranking["name_zh"].tolist() == ["甲氨蝶呤", "来氟米特, 片"]


def test_other_diseases_and_relations_do_not_count(tables: Input) -> None:
    other = tables.filtered.query("relation == 'disease_treatment'").assign(head_id="DIS2")
    both = pd.concat([tables.filtered, other])
    assert treatment_ranking(both, CONCEPTS, RA)["records"].tolist() == [12, 8]


def test_equal_records_share_a_rank(tables: Input) -> None:
    equal = tables.filtered.assign(records=8)
    assert treatment_ranking(equal, CONCEPTS, RA)["rank"].tolist() == [1, 1]


def test_no_treatment_gives_an_empty_table_of_the_right_types(tables: Input) -> None:
    none = treatment_ranking(tables.filtered.head(0), CONCEPTS, RA)
    assert list(none.columns) == TABLES["treatment_ranking"].column_names
    assert none["records"].dtype == "int64"


def test_the_chart_is_a_png_that_does_not_change(ranking: pd.DataFrame, tmp_path: Path) -> None:
    target = tmp_path / "reports" / "ranking.png"
    png = ranking_chart(ranking, target)
    assert target.read_bytes() == png == ranking_chart(ranking)
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        assert image.width > 1000


def test_an_empty_ranking_has_a_chart_too(ranking: pd.DataFrame) -> None:
    assert ranking_chart(ranking.head(0)).startswith(b"\x89PNG")


def test_a_font_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rakg_assets.ontology.fonts._FILE", "none.otf")
    with pytest.raises(FileNotFoundError, match="install the package"):
        ranking_chart(pd.DataFrame(columns=TABLES["treatment_ranking"].column_names))
