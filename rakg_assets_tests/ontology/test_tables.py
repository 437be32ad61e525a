"""Tables as declared: against the contracts, and usable by Arrow."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest

from rakg_assets.ontology.tables import TABLES, Table

# The columns that other programs read.
CONTRACTS = {
    "raw_records": "record_id month admission discharge note section text source",
    "predicted_entities": "record_id note section start end label text assertion score origin",
    "linked_entities": "record_id note section start end label text assertion score origin "
    "concept_id name_zh name_en laterality numbers method link_score",
    "triples": "head_id relation tail_id month records mentions",
    "filtered_triples": "head_id head_type relation tail_id tail_type records mentions",
}
every_table = pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)


@pytest.mark.parametrize("name", CONTRACTS)
def test_contracted_columns_are_there(name: str) -> None:
    assert set(CONTRACTS[name].split()) <= set(TABLES[name].column_names)


@every_table
def test_columns_are_named_once_and_explained(table: Table) -> None:
    assert len(set(table.column_names)) == len(table.columns)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in table.column_names)
    assert all(column.meaning for column in table.columns)
    assert table.meaning


@every_table
def test_keys_are_columns_that_are_always_set(table: Table) -> None:
    required = {c.name for c in table.columns if not c.optional}
    assert table.key
    assert set(table.key) <= required


@every_table
def test_monthly_tables_carry_their_month(table: Table) -> None:
    if table.monthly:
        assert "month" in table.column_names


@every_table
def test_the_arrow_schema_makes_an_empty_table(table: Table) -> None:
    schema = table.arrow_schema
    assert schema.names == table.column_names
    assert schema.empty_table().num_rows == 0
    assert [f.nullable for f in schema] == [c.optional for c in table.columns]


def test_sections_are_labelled_the_same_way_before_and_after_the_split() -> None:
    before, after = TABLES["annotations"], TABLES["labeled_splits"]
    assert after.columns[:-1] == before.columns
    assert pa.types.is_list(before.arrow_schema.field("entities").type)
