"""What every asset declares alike: owner, kinds, columns, partitions, where it is stored."""

from __future__ import annotations

import base64
from typing import Any

import dagster as dg

from rakg_assets.ontology.tables import TABLES, Table
from rakg_assets.orchestration.partitions import MONTHS

OWNERS = ["team:clinical-data"]
# Pools of one slot: the GPU, and whatever is made of all months, which an older state of them
# must not overwrite.
GPU, ALL_MONTHS = "gpu", "all_months"


def table_asset(name: str, group: str, **more: Any) -> dict[str, Any]:
    """Keyword arguments of `@dg.asset` for an asset that is a table of this name."""
    table = TABLES[name]
    monthly: dict[str, Any] = {}
    if table.monthly:
        # One run for a range of months: a run a month would pay its start-up each time.
        monthly = {
            "partitions_def": MONTHS,
            "backfill_policy": dg.BackfillPolicy.single_run(),
        }
    return {
        "name": name,
        "group_name": group,
        "description": table.meaning[0].upper() + table.meaning[1:] + ".",
        "owners": OWNERS,
        "kinds": {"pandas", "parquet"},
        "io_manager_key": "tables",
        "metadata": {"dagster/column_schema": _columns(table)},
        **monthly,
        **more,
    }


def plain_asset(name: str, group: str, kinds: set[str], **more: Any) -> dict[str, Any]:
    """Keyword arguments of `@dg.asset` for an asset that is no table."""
    return {"name": name, "group_name": group, "owners": OWNERS, "kinds": kinds, **more}


def _columns(table: Table) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                str(column.type),
                column.meaning,
                constraints=dg.TableColumnConstraints(nullable=column.optional),
            )
            for column in table.columns
        ]
    )


def picture(png: bytes) -> dg.MarkdownMetadataValue:
    """A PNG as metadata that the UI shows in place."""
    return dg.MetadataValue.md(f"![](data:image/png;base64,{base64.b64encode(png).decode()})")
