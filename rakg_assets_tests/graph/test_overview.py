from __future__ import annotations

import pandas as pd

from rakg_assets.graph.overview import overview
from rakg_assets.ontology.schema import EntityType, Relation
from rakg_assets.ontology.tables import TABLES

EMPTY = {name: pd.DataFrame(columns=table.column_names) for name, table in TABLES.items()}


def test_a_run_is_summed_up() -> None:
    ranking = [[n, f"T{n}", f"药{n}", f"drug {n}", 20 - n, 0.05] for n in range(1, 13)]
    columns = TABLES["treatment_ranking"].column_names
    tables = EMPTY | {
        "raw_records": pd.DataFrame({"record_id": ["A", "A", "B"]}),
        "sentences": pd.DataFrame({"text_hash": ["x", "x", "y"]}),
        "predicted_entities": pd.DataFrame({"label": ["disease"] * 1500 + ["symptom"]}),
        "filtered_triples": pd.DataFrame({"relation": ["disease_treatment"] * 3}),
        "treatment_ranking": pd.DataFrame(ranking, columns=columns),
    }
    lines = overview(tables).splitlines()
    assert lines[0].split() == ["records", "2"]
    assert lines[1].split(maxsplit=1)[1].split() == ["3,", "2", "distinct"]
    assert lines[2].split() == ["entities", "1,501"]
    assert lines[3].split()[0] == "1,500"
    assert lines[3].endswith(f"{EntityType.DISEASE.zh} {EntityType.DISEASE.en}")
    treatments = [line for line in lines if "drug" in line]
    assert treatments[0].split() == ["5.0%", "药1", "drug", "1", "(19", "records)"]
    assert len(treatments) == 10
    assert len(lines) == 5 + len(EntityType) + len(Relation) + 10


def test_an_empty_home_is_summed_up_too() -> None:
    assert overview(EMPTY).splitlines()[0].split() == ["records", "0"]
