"""Frames in and out of assets, as the tables that `ontology/tables.py` declares.

One run may cover several months: a monthly frame is stored month by month by its `month`
column, and a month without rows is stored empty, so that what it held is taken back.
"""

import dagster as dg
import pandas as pd

from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.freshness import Freshness, Ledger
from rakg_assets.orchestration.storage import read_table, table_path, write_table


class TableIOManager(dg.IOManager):
    """Stores the frames of assets that are named as their table."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._root = ledger.settings.place.tables

    def handle_output(self, context: dg.OutputContext, obj: pd.DataFrame) -> None:
        """Write the frame; rows of a month that the run does not cover are an error."""
        table, root = TABLES[context.asset_key.path[-1]], self._root
        freshness = self._ledger.now()
        if not table.monthly:
            fingerprint = freshness.expected(table.name)
            write_table(table_path(root, table), table, obj, fingerprint)
        else:
            self._write_months(table.name, list(context.asset_partition_keys), obj, freshness)
        rows = "dagster/partition_row_count" if table.monthly else "dagster/row_count"
        context.add_output_metadata({rows: len(obj), "path": str(root / table.name)})

    def _write_months(
        self, name: str, months: list[str], frame: pd.DataFrame, freshness: Freshness
    ) -> None:
        table, root = TABLES[name], self._root
        if strange := sorted(set(frame["month"]) - set(months)):
            raise ValueError(f"table {name}: rows of {strange}, months the run does not cover")
        by_month = dict(iter(frame.groupby("month")))
        for month in months:
            part = by_month.get(month, frame.iloc[:0])
            fingerprint = freshness.expected(name, month)
            write_table(table_path(root, table, month), table, part, fingerprint)

    def load_input(self, context: dg.InputContext) -> pd.DataFrame:
        """Read the months that the run covers, or the whole table."""
        table = TABLES[context.asset_key.path[-1]]
        months = context.asset_partition_keys if context.has_asset_partitions else None
        return read_table(self._root, table, months)
