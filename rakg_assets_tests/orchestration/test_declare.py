from __future__ import annotations

import dagster as dg
import pandas as pd
import pytest

from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.declare import OWNERS, picture, plain_asset, table_asset
from rakg_assets.orchestration.partitions import MONTHS


@pytest.mark.parametrize("name", list(TABLES))
def test_an_asset_is_declared_as_its_table(name: str) -> None:
    @dg.asset(**table_asset(name, "corpus"))
    def made() -> pd.DataFrame: ...

    spec, table = made.get_asset_spec(), TABLES[name]
    assert spec.key == dg.AssetKey(name)
    assert spec.group_name == "corpus"
    assert list(spec.owners) == OWNERS
    assert spec.description.lower().startswith(table.meaning.lower())
    assert spec.partitions_def == (MONTHS if table.monthly else None)
    columns = {c.name: c for c in spec.metadata["dagster/column_schema"].columns}
    assert list(columns) == table.column_names
    assert all(columns[c.name].constraints.nullable is c.optional for c in table.columns)


def test_what_is_given_wins() -> None:
    values = table_asset("sentences", "corpus", kinds={"file"}, pool="gpu")
    assert (values["kinds"], values["pool"]) == ({"file"}, "gpu")
    assert plain_asset("a", "b", {"c"}, pool="gpu")["pool"] == "gpu"


def test_a_picture_is_shown_in_place() -> None:
    assert picture(b"png").value == "![](data:image/png;base64,cG5n)"
