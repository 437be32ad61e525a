from dataclasses import dataclass

import pandas as pd

from rakg_assets.corpus.annotations import annotation_table
from rakg_assets.corpus.annotations import read_annotations as read
from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.parts import Parts, some_records
from rakg_assets.orchestration.resources import Settings


@dataclass(frozen=True)
class Named(Parts):
    name: str = ""


def labelled() -> pd.DataFrame:
    """Four records of the sample: two to train, one to tune, one to test."""
    table = annotation_table(read(Settings().annotation_source)[0][:4])
    names = sorted(table["record_id"].unique())
    parts = dict(zip(names, ("train", "train", "dev", "test"), strict=True))
    return table.assign(split=table["record_id"].map(parts))


def test_every_record_is_in_its_part() -> None:
    table = labelled()
    parts = Parts.of(table)
    assert parts.records == {"train": 2, "dev": 1, "test": 1}
    assert parts.empty == []
    assert sum(map(len, parts.each)) == len(table)
    for name, documents in zip(("train", "dev", "test"), parts.each, strict=True):
        assert {d.id for d in documents} == set(table[table["split"] == name]["record_id"])


def test_a_part_without_records_is_named() -> None:
    table = labelled()
    assert Parts.of(table[table["split"] == "train"]).empty == ["dev", "test"]


def test_a_class_with_more_fields_is_made_of_the_same_table() -> None:
    data = Named.of(labelled(), name="sample")
    assert (data.name, data.records["train"]) == ("sample", 2)


def test_fewer_records_to_train_leave_the_rest_as_it_is() -> None:
    parts = Parts.of(labelled())
    few = parts.with_train_records(1)
    assert few.records == {"train": 1, "dev": 1, "test": 1}
    assert (few.dev, few.test) == (parts.dev, parts.test)


def test_the_same_records_are_chosen_whenever_asked_and_others_with_another_seed() -> None:
    documents = [Document(f"R{i % 40}", "痛", section=str(i)) for i in range(80)]
    chosen = some_records(documents, 20)
    assert len(chosen) == 40
    assert chosen == some_records(documents, 20)
    assert chosen != some_records(documents, 20, seed=1)
    assert some_records(documents, 41) == documents
