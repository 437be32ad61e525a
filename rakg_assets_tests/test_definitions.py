"""The code location as Dagster loads it: its shape is a snapshot, and it loads light.

After a wanted change: `python -m rakg_assets_tests.test_definitions` writes the snapshot anew.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from rakg_assets.definitions import build_defs
from rakg_assets.ontology.tables import TABLES

SNAPSHOT = Path(__file__).with_name("definitions.snapshot.txt")


def shape() -> str:
    """One line an asset: group, partitions, parents, checks; then jobs, schedules, sensors."""
    defs = build_defs()
    graph = defs.resolve_asset_graph()
    checks: dict[dg.AssetKey, list[str]] = {}
    for key in sorted(graph.asset_check_keys):
        blocking = "!" if graph.get_check_spec(key).blocking else ""
        checks.setdefault(key.asset_key, []).append(key.name + blocking)
    lines = []
    for key in sorted(graph.get_all_asset_keys()):
        node = graph.get(key)
        kind = type(node.partitions_def).__name__ if node.partitions_def else "whole"
        parents = ", ".join(sorted(parent.path[-1] for parent in node.parent_keys))
        lines.append(f"{node.group_name}/{key.path[-1]} ({kind}) <- {parents or 'nothing'}")
        lines += [f"    check {name}" for name in checks.get(key, [])]
    lines += sorted(f"job {job.name}" for job in defs.jobs or [])
    lines += sorted(f"schedule {schedule.name}" for schedule in defs.schedules or [])
    lines += sorted(f"sensor {sensor.name}" for sensor in defs.sensors or [])
    return "\n".join(lines) + "\n"


def test_the_shape_is_the_one_agreed_on() -> None:
    assert shape() == SNAPSHOT.read_text("utf-8")


@pytest.fixture(scope="module")
def specs() -> dict[str, dg.AssetSpec]:
    return {spec.key.path[-1]: spec for spec in build_defs().resolve_all_asset_specs()}


def test_every_asset_says_what_it_is_and_who_owns_it(specs: dict[str, dg.AssetSpec]) -> None:
    for name, spec in specs.items():
        assert spec.description, name
        assert spec.owners, name
        assert spec.kinds, name


def test_every_table_has_its_columns_in_the_catalogue(specs: dict[str, dg.AssetSpec]) -> None:
    for name, table in TABLES.items():
        columns = specs[name].metadata["dagster/column_schema"].columns
        assert [column.name for column in columns] == table.column_names
        assert all(column.description for column in columns)


def test_definitions_load_without_what_is_heavy() -> None:
    heavy = ("torch", "transformers", "great_expectations", "sklearn", "matplotlib.pyplot")
    program = (
        "import sys; from rakg_assets.definitions import defs; "
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


if __name__ == "__main__":
    SNAPSHOT.write_text(shape(), encoding="utf-8")
