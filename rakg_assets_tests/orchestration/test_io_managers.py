from __future__ import annotations

from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.freshness import Ledger, Recipe
from rakg_assets.orchestration.io_managers import MissingInputError, TableIOManager
from rakg_assets.orchestration.partitions import MONTHS
from rakg_assets.orchestration.resources import Settings
from rakg_assets.orchestration.storage import read_fingerprint, read_table, table_path

SENTENCES, KEPT = TABLES["sentences"], TABLES["filtered_triples"]
TWO = dg.PartitionKeyRange("2018-04", "2018-05")


@pytest.fixture
def manager(tmp_path: Path) -> TableIOManager:
    recipes = [Recipe("sentences"), Recipe("filtered_triples")]
    return TableIOManager(Ledger(Settings(home=str(tmp_path)), recipes))


def frame(*months: str) -> pd.DataFrame:
    rows = [(m, m, "入院记录", "主诉", 0, "双手肿痛", "h") for m in months]
    return pd.DataFrame(rows, columns=SENTENCES.column_names)


def output(name: str = "sentences", **partitions: object) -> dg.OutputContext:
    if TABLES[name].monthly:
        partitions = {"asset_partitions_def": MONTHS} | partitions
    return dg.build_output_context(asset_key=dg.AssetKey(name), **partitions)


def loaded(manager: TableIOManager, **partitions: object) -> list[str]:
    context = dg.build_input_context(
        asset_key=dg.AssetKey("sentences"), asset_partitions_def=MONTHS, **partitions
    )
    return manager.load_input(context)["month"].tolist()


def test_months_of_one_run_are_stored_apart_and_read_together(
    manager: TableIOManager, tmp_path: Path
) -> None:
    context = output(asset_partition_key_range=TWO)
    manager.handle_output(context, frame("2018-05", "2018-04"))
    tables = tmp_path / "tables"
    for month in ("2018-04", "2018-05"):
        assert read_table(tables, SENTENCES, [month])["month"].tolist() == [month]
        assert read_fingerprint(table_path(tables, SENTENCES, month))
    assert context.get_logged_metadata()["dagster/partition_row_count"].value == 2
    assert loaded(manager, asset_partition_key_range=TWO) == ["2018-04", "2018-05"]
    assert loaded(manager, partition_key="2018-05") == ["2018-05"]


def test_what_a_month_held_is_taken_back(manager: TableIOManager) -> None:
    manager.handle_output(output(asset_partition_key_range=TWO), frame("2018-04", "2018-05"))
    manager.handle_output(output(asset_partition_key_range=TWO), frame("2018-04"))
    assert loaded(manager, asset_partition_key_range=TWO) == ["2018-04"]


def test_rows_of_another_month_are_an_error_and_nothing_is_stored(
    manager: TableIOManager, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=r"2018-06.*months the run does not cover"):
        manager.handle_output(output(asset_partition_key_range=TWO), frame("2018-04", "2018-06"))
    assert list(tmp_path.rglob("*.parquet")) == []


def test_a_month_that_was_never_made_is_named_with_what_to_do(manager: TableIOManager) -> None:
    manager.handle_output(output(partition_key="2018-04"), frame("2018-04"))
    with pytest.raises(MissingInputError, match=r"sentences of 2018-05 .*launch the job"):
        loaded(manager, asset_partition_key_range=TWO)


def test_a_table_that_was_never_made_is_named_with_what_to_do(manager: TableIOManager) -> None:
    context = dg.build_input_context(asset_key=dg.AssetKey("filtered_triples"))
    with pytest.raises(MissingInputError, match="filtered_triples has never been made"):
        manager.load_input(context)


def test_a_whole_table_is_stored_and_read_whole(manager: TableIOManager) -> None:
    row = ["D", "disease", "disease_treatment", "T", "treatment", 6, 9, 6, 6]
    context = output("filtered_triples")
    manager.handle_output(context, pd.DataFrame([row], columns=KEPT.column_names))
    assert context.get_logged_metadata()["dagster/row_count"].value == 1
    read = manager.load_input(dg.build_input_context(asset_key=dg.AssetKey("filtered_triples")))
    assert read.to_numpy().tolist() == [row]
