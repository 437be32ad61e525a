from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.freshness import Ledger, Recipe, hash_files
from rakg_assets.orchestration.launch import months_to_launch, stale_months
from rakg_assets.orchestration.resources import Settings
from rakg_assets.orchestration.storage import table_path, write_table


class World:
    """A home with three outputs and the two things that decide them."""

    def __init__(self, home: Path) -> None:
        self.contents = {"2018-04": "a", "2018-05": "b"}
        self.model = "v1"
        recipes = [
            Recipe(
                "raw_records",
                extras=lambda settings, month: self.contents.get(month or "", ""),
                months=lambda settings: self.contents,
            ),
            Recipe("sentences", ("raw_records",)),
            Recipe("predicted_entities", ("sentences",), extras=lambda s, m: self.model),
            Recipe("knowledge_graph", ("predicted_entities",)),
        ]
        self.ledger = Ledger(Settings(home=str(home)), recipes)

    def make(self, asset: str, month: str | None = None) -> None:
        table = TABLES[asset]
        empty = pd.DataFrame(columns=table.column_names)
        path = table_path(self.ledger.settings.place.tables, table, month)
        write_table(path, table, empty, self.ledger.now().expected(asset, month))

    def make_all(self) -> None:
        for month in self.contents:
            for asset in ("raw_records", "sentences", "predicted_entities"):
                self.make(asset, month)

    def stale(self) -> dict[tuple[str, ...], list[str]]:
        assets = ["raw_records", "sentences", "predicted_entities"]
        return stale_months(self.ledger.now(), assets)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


ALL = ("raw_records", "sentences", "predicted_entities")


def test_everything_is_stale_in_an_empty_home(world: World) -> None:
    assert world.stale() == {ALL: ["2018-04", "2018-05"]}


def test_nothing_is_stale_after_everything_was_made(world: World) -> None:
    world.make_all()
    assert world.stale() == {}


def test_a_late_record_touches_its_month_alone(world: World) -> None:
    world.make_all()
    world.contents["2018-04"] = "a and a late discharge"
    assert world.stale() == {ALL: ["2018-04"]}


def test_a_month_whose_records_are_gone_is_made_once_more(world: World) -> None:
    world.make_all()
    del world.contents["2018-05"]
    assert world.stale() == {ALL: ["2018-05"]}
    for asset in ALL:
        world.make(asset, "2018-05")
    assert world.stale() == {}


def test_a_new_model_predicts_again_without_reading_again(world: World) -> None:
    world.make_all()
    world.model = "v2"
    assert world.stale() == {("predicted_entities",): ["2018-04", "2018-05"]}


def test_a_run_that_stopped_half_way_goes_on_there(world: World) -> None:
    world.make("raw_records", "2018-04")
    assert world.stale() == {
        ("sentences", "predicted_entities"): ["2018-04"],
        ALL: ["2018-05"],
    }


def test_an_output_that_is_no_table_is_stale_until_stamped(world: World) -> None:
    world.make_all()
    assert world.ledger.now().is_stale("knowledge_graph")
    world.ledger.stamp("knowledge_graph")
    assert not world.ledger.now().is_stale("knowledge_graph")
    world.contents["2018-06"] = "c"
    assert world.ledger.now().is_stale("knowledge_graph")


def test_files_are_hashed_by_name_and_bytes(tmp_path: Path) -> None:
    empty = hash_files(tmp_path / "missing")
    (tmp_path / "a.csv").write_text("1", encoding="utf-8")
    first = hash_files(tmp_path)
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    assert len({empty, first, hash_files(tmp_path)}) == 3


def test_what_is_made_while_a_month_waits_stays_stale(world: World) -> None:
    world.make_all()
    world.contents["2018-06"] = "came while the run was under way"
    world.ledger.stamp("knowledge_graph")
    world.make_all()
    assert world.ledger.now().is_stale("knowledge_graph")
    world.ledger.stamp("knowledge_graph")
    assert not world.ledger.now().is_stale("knowledge_graph")


def test_months_to_launch_are_the_stale_ones_or_the_last(world: World) -> None:
    assert months_to_launch(world.ledger) == ["2018-04", "2018-05"]
    world.make_all()
    assert months_to_launch(world.ledger) == ["2018-05"]  # the graph was not made
    world.ledger.stamp("knowledge_graph")
    assert months_to_launch(world.ledger) == []
