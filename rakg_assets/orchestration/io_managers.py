"""Frames in and out of assets, as the tables that `ontology/tables.py` declares.

One run may cover several months: a monthly frame is stored month by month by its `month`
column, and a month without rows is stored empty, so that what it held is taken back.
"""

import dagster as dg
import pandas as pd

from rakg_assets.ontology.tables import TABLES, Table
from rakg_assets.orchestration.freshness import Freshness, Ledger
from rakg_assets.orchestration.partitions import MONTHS
from rakg_assets.orchestration.storage import read_table, table_path, write_table


class MissingInputError(LookupError):
    """A table that was never made; the message says what to do first."""


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
            fingerprint = freshness.made_now(table.name)
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
            fingerprint = freshness.made_now(name, month)
            write_table(table_path(root, table, month), table, part, fingerprint)

    def load_input(self, context: dg.InputContext) -> pd.DataFrame:
        """Read the months that the run covers, or the whole table.

        Raises `MissingInputError` for a month or a table that was never made. What is made of all
        months takes those that there are.
        """
        table = TABLES[context.asset_key.path[-1]]
        if not table.monthly:
            self._demand(table, None)
            return read_table(self._root, table)
        months = list(context.asset_partition_keys)
        if len(months) == len(MONTHS.get_partition_keys()):
            return read_table(self._root, table)
        for month in months:
            self._demand(table, month)
        return read_table(self._root, table, months)

    def _demand(self, table: Table, month: str | None) -> None:
        if not table_path(self._root, table, month).exists():
            of_month = f" of {month}" if month else ""
            raise MissingInputError(
                f"{table.name}{of_month} has never been made: materialise it first, "
                "or launch the job `pipeline`, which makes everything in order"
            )
