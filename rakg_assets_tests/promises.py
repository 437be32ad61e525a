"""Small homes to try the checks on: tables of a few rows, and which promises they break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pyarrow as pa

from rakg_assets.ontology.tables import TABLES, Column
from rakg_assets.orchestration.resources import Settings
from rakg_assets.orchestration.storage import table_path, write_table

MONTH = "2018-04"
PLACE = {"record_id": "R1", "month": MONTH, "note": "入院记录", "section": "主诉"}
TEXT = "双手关节肿痛5年。无发热。"
Row = Mapping[str, Any]


class CheckedHome:
    """A home whose tables are written by hand."""

    def __init__(self, root: Path, **settings: Any) -> None:
        self.settings = Settings(home=str(root), **settings)
        self.place = self.settings.place

    def put(self, name: str, *rows: Row) -> None:
        """Write a table; columns that a row leaves out are filled."""
        table = TABLES[name]
        full = [{c.name: row.get(c.name, _filler(c)) for c in table.columns} for row in rows]
        frame = pd.DataFrame(full, columns=table.column_names).astype(object)
        path = table_path(self.place.tables, table, MONTH if table.monthly else None)
        write_table(path, table, frame, "")

    def broken(self, checks: Sequence[dg.AssetChecksDefinition], asset: str) -> dict[str, str]:
        """Names of the asset's checks that do not pass, with their severity."""
        key = dg.AssetKey(asset)
        chosen = [c for c in checks if key in {k.asset_key for k in c.check_keys}]
        result = dg.materialize(
            chosen,
            selection=dg.AssetSelection.checks(*chosen),
            resources={"settings": self.settings},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
        found = result.get_asset_check_evaluations()
        assert {e.check_name for e in found} == {k.name for c in chosen for k in c.check_keys}
        return {e.check_name: e.severity.value for e in found if not e.passed}


def _filler(column: Column) -> Any:
    if column.optional:
        return None
    if column.name in PLACE:
        return PLACE[column.name]
    if pa.types.is_list(column.type):
        return []
    if pa.types.is_date(column.type):
        return pd.Timestamp(f"{MONTH}-05").date()
    return "x" if pa.types.is_string(column.type) else 1
