"""Documents from tables, as pandas and Parquet hand them back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.annotations import annotation_table
from rakg_assets.corpus.documents import Document, documents_of
from rakg_assets.ontology.tables import TABLES
from rakg_assets_tests.corpus.strategies import records


@given(records())
def test_a_table_gives_its_documents_back(record: AnnotatedRecord) -> None:
    assert tuple(documents_of(annotation_table([record]))) == record.sections


@given(records())
def test_json_gives_a_document_back(record: AnnotatedRecord) -> None:
    for document in record.sections:
        assert Document.from_json(document.to_json()) == document


def test_parquet_gives_documents_back(tmp_path: Path) -> None:
    rows = [{"start": 0, "end": 2, "label": "body_part", "text": "双手", "assertion": "present"}]
    table = pd.DataFrame(
        [["E1", None, None, "入院记录", "主诉", "双手肿痛", rows, [], "", "a.txt"]],
        columns=TABLES["annotations"].column_names,
    )
    schema = TABLES["annotations"].arrow_schema
    pq.write_table(pa.Table.from_pandas(table, schema, preserve_index=False), tmp_path / "a")

    back = documents_of(pd.read_parquet(tmp_path / "a"))

    assert back == documents_of(table)
    assert back[0].entities[0].text == "双手"
