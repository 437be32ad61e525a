from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from rakg_assets.corpus.annotations import annotation_table, read_annotations
from rakg_assets.corpus.documents import Document
from rakg_assets.extraction import ablation, trials
from rakg_assets.extraction.ablation import (
    ABLATIONS,
    BASE,
    SELF_TRAINING,
    ablate,
    ablation_table,
)
from rakg_assets.extraction.ner import NerConfig
from rakg_assets.extraction.trials import BenchmarkError, Supplies
from rakg_assets.extraction.zoo import NER_MODELS

ROOT = Path(__file__).parents[2]
RECORDS = ROOT / "rakg_assets" / "sample" / "records"


@pytest.fixture
def split() -> pd.DataFrame:
    records, _ = read_annotations(RECORDS)
    table = annotation_table(records[:4])
    names = sorted(table["record_id"].unique())
    parts = dict(zip(names, ("train", "train", "dev", "test"), strict=True))
    return table.assign(split=table["record_id"].map(parts))


def test_every_method_changes_what_a_config_has() -> None:
    known = set(NerConfig.__dataclass_fields__)
    assert all(changes.keys() <= known for changes in ABLATIONS.values())
    assert ablation._MODEL in NER_MODELS


def test_runs_differ_in_one_method_and_are_done_once(
    split: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[NerConfig] = []

    def fit(config: NerConfig, learn: list[Document], *_: object) -> None:
        assert len({d.id for d in learn}) == 1
        seen.append(config)

    class Silent:
        def annotate(self, documents: list[Document]) -> list[Document]:
            return documents

    monkeypatch.setattr(trials, "fit", fit)
    monkeypatch.setitem(trials._LOAD, "ner", lambda folder: Silent())
    plain = "no averaged weights"
    methods, supplies = (BASE, plain), Supplies(ROOT / "dictionaries", "some/encoder")
    for _ in range(2):
        figures = ablate(split, 1, 2, supplies, tmp_path, methods)
    assert figures == {BASE: [100.0, 100.0], plain: [100.0, 100.0]}
    averaged = [(c.average > 0, c.seed) for c in seen]
    assert averaged == [(True, 0), (False, 0), (True, 1), (False, 1)]
    ablate(split, 1, 1, replace(supplies, encoder="other/encoder"), tmp_path, (BASE,))
    assert [c.encoder for c in seen[4:]] == ["other/encoder"]


def test_self_training_reads_the_records_that_are_left_over(
    split: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt: list[list[Document]] = []

    class Sure:
        def annotate(self, documents: list[Document]) -> list[Document]:
            sure = (tuple(replace(e, score=1.0) for e in d.entities) for d in documents)
            return [replace(d, entities=e) for d, e in zip(documents, sure, strict=True)]

    monkeypatch.setattr(trials, "fit", lambda _, learn, *rest: learnt.append(learn))
    monkeypatch.setitem(trials._LOAD, "ner", lambda folder: Sure())
    monkeypatch.setattr(ablation, "load_ner", lambda folder: Sure())
    supplies = Supplies(ROOT / "dictionaries", "some/encoder")
    ablate(split, 1, 1, supplies, tmp_path, (SELF_TRAINING,), epochs=1)
    teacher, student = learnt
    assert len({d.id for d in teacher}) == 1
    assert {d.id for d in student} == set(split[split["split"] == "train"]["record_id"])


def test_an_ablation_needs_all_splits(split: pd.DataFrame, tmp_path: Path) -> None:
    supplies = Supplies(ROOT / "dictionaries", "e/f")
    with pytest.raises(BenchmarkError, match="train, dev and test"):
        ablate(split[split["split"] != "dev"], 1, 1, supplies, tmp_path)


def test_the_table_says_how_far_each_method_is_from_all() -> None:
    table = ablation_table({BASE: [90.0, 92.0], "no CRF": [89.0, 90.0], "with R-Drop": [91.5, 92]})
    assert table.splitlines() == [
        "  all methods                       91.00 ±  1.41",
        "  no CRF                            89.50 ±  0.71  -1.50",
        "  with R-Drop                       91.75 ±  0.35  +0.75",
    ]
