"""Tables on disk: Parquet, written atomically, each file with the fingerprint of its inputs.

Does not belong here: what a table holds (`ontology/tables.py`), how a file takes another's place
(`ontology/files.py`) or when a table is stale (`freshness.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from rakg_assets.ontology.files import write_atomically
from rakg_assets.ontology.tables import Table

_FINGERPRINT = b"rakg.fingerprint"


def table_path(root: Path, table: Table, month: str | None = None) -> Path:
    """Where a table (or one month of it) lies: `<root>/<table>/[<YYYY-MM>/]part.parquet`."""
    folder = root / table.name
    return (folder / month if month else folder) / "part.parquet"


def stored_months(root: Path, table: Table) -> list[str]:
    """The months of a monthly table that have been written, in order."""
    return sorted(p.parent.name for p in (root / table.name).glob("*/part.parquet"))


def write_table(path: Path, table: Table, frame: pd.DataFrame, fingerprint: str) -> pa.Table:
    """Write a frame as this table declares it, whole or not at all.

    Raises ValueError naming table and column if the frame does not fit the declaration.
    """
    arrow = to_arrow(table, frame)
    arrow = arrow.replace_schema_metadata({_FINGERPRINT: fingerprint.encode()})
    write_atomically(path, lambda temporary: pq.write_table(arrow, temporary, compression="zstd"))
    return arrow


def to_arrow(table: Table, frame: pd.DataFrame) -> pa.Table:
    """The frame with the declared columns, types and order, rows sorted by key unless ranked."""
    if missing := [c for c in table.column_names if c not in frame.columns]:
        raise ValueError(f"table {table.name}: missing columns {missing}")
    as_it_comes = table.ranked or frame.empty
    ordered = frame if as_it_comes else frame.sort_values(list(table.key), kind="stable")
    schema = table.arrow_schema
    arrays = []
    for field in schema:
        try:
            array = pa.Array.from_pandas(ordered[field.name], type=field.type)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            kind = type(error).__name__  # Arrow's message may quote a value
            raise ValueError(
                f"table {table.name}, column {field.name}: not {field.type} ({kind})"
            ) from None
        if array.null_count and not field.nullable:
            raise ValueError(f"table {table.name}, column {field.name}: {array.null_count} nulls")
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=schema)


def read_table(root: Path, table: Table, months: Iterable[str] | None = None) -> pd.DataFrame:
    """A table as a frame; of a monthly one the given months (None: all that are stored).

    Months that were never written count as empty; so does a table that was never written.
    """
    if table.monthly:
        wanted = stored_months(root, table) if months is None else list(months)
        paths = [table_path(root, table, month) for month in wanted]
    else:
        paths = [table_path(root, table)]
    parts = [pq.ParquetFile(p).read() for p in paths if p.exists()]
    whole = pa.concat_tables(parts) if parts else table.arrow_schema.empty_table()
    return whole.replace_schema_metadata(None).to_pandas()


def read_fingerprint(path: Path) -> str | None:
    """The fingerprint of a written file; None if there is none."""
    if not path.exists():
        return None
    metadata = pq.read_schema(path).metadata or {}
    value = metadata.get(_FINGERPRINT)
    return value.decode() if value else None
