"""A small graph that every test of this stage reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from rakg_assets.graph.build import Provenance, build_graph
from rakg_assets.graph.content import Graph
from rakg_assets.ontology.tables import TABLES

RA = "DIS1"
CONCEPTS = pd.DataFrame(
    [
        (RA, "disease", "类风湿关节炎", "rheumatoid arthritis"),
        ("SYM1", "symptom", "肿痛", "swelling and pain"),
        ("SYM2", "symptom", "晨僵", "morning stiffness"),
        ("TRT1", "treatment", "甲氨蝶呤", "methotrexate"),
        ("TRT2", "treatment", "来氟米特, 片", 'leflunomide "tablet" <b>'),
        ("BDP1", "body_part", "双腕", "wrists"),
        ("AGG1", "aggravating_factor", "受凉", "cold"),
        ("MIT1", "mitigation_factor", "休息", "rest"),
        ("LAB1", "lab_test", "血沉", "ESR"),
        ("IMG1", "imaging_test", "双手X线", "hand radiography"),
        ("PEX1", "physical_examination", "压痛", "tenderness"),
        ("SYM9", "symptom", "无人提及", "never mentioned"),
    ],
    columns=["concept_id", "type", "name_zh", "name_en"],
)

# head, relation, tail, records by month
SUPPORT: list[tuple[str, str, str, dict[str, int]]] = [
    (RA, "disease_symptom", "SYM1", {"2018-03": 5, "2018-05": 4}),
    (RA, "disease_symptom", "SYM2", {"2018-03": 6}),
    (RA, "disease_treatment", "TRT1", {"2018-03": 6, "2018-05": 6}),
    (RA, "disease_treatment", "TRT2", {"2018-03": 8}),
    (RA, "disease_lab_test", "LAB1", {"2018-03": 7}),
    (RA, "disease_imaging_test", "IMG1", {"2018-03": 7}),
    (RA, "disease_physical_examination", "PEX1", {"2018-03": 7}),
    ("BDP1", "body_part_symptom", "SYM1", {"2018-03": 8}),
    ("BDP1", "body_part_physical_examination", "PEX1", {"2018-03": 6}),
    ("AGG1", "aggravating_factor_symptom", "SYM1", {"2018-05": 6}),
    ("MIT1", "mitigation_factor_symptom", "SYM2", {"2018-05": 6}),
    ("TRT1", "treatment_improved", "SYM1", {"2018-03": 9}),
    ("TRT1", "treatment_improved", RA, {"2018-03": 6}),
    ("TRT2", "treatment_not_improved", "SYM1", {"2018-03": 6}),
]


@dataclass(frozen=True)
class Input:
    """What a graph is built from."""

    filtered: pd.DataFrame
    support: pd.DataFrame

    def build(self, model: str = "m1", words: str = "d1") -> Graph:
        return build_graph(self.filtered, CONCEPTS, Provenance(self.support, model, words))


def made_from(rows: Sequence[tuple[str, str, str, dict[str, int]]]) -> Input:
    """Tables with the support of `rows`; a concept's records are those of its best triple."""
    types = CONCEPTS.set_index("concept_id")["type"]
    named: dict[str, int] = {}
    for head, _, tail, months in rows:
        for end in (head, tail):
            named[end] = max(named.get(end, 0), sum(months.values()))
    filtered = pd.DataFrame(
        [
            (h, types[h], r, t, types[t], sum(m.values()), sum(m.values()) + 1, named[h], named[t])
            for h, r, t, m in rows
        ],
        columns=TABLES["filtered_triples"].column_names,
    )
    support = pd.DataFrame(
        [(h, r, t, month, n) for h, r, t, months in rows for month, n in months.items()],
        columns=["head_id", "relation", "tail_id", "month", "records"],
    )
    return Input(filtered, support)


@pytest.fixture
def tables() -> Input:
    return made_from(SUPPORT)


@pytest.fixture
def graph(tables: Input) -> Graph:
    return tables.build()


@pytest.fixture(scope="session", autouse=True)
def _font_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """matplotlib keeps its cache where the process was told to, or in a folder of this test."""
    patch = pytest.MonkeyPatch()
    patch.setenv("MPLCONFIGDIR", str(tmp_path_factory.mktemp("matplotlib")))
    yield
    patch.undo()


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    return tmp_path / "graph" / "rakg.lbug"
