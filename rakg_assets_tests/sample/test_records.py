"""The hand-written records: enough of everything, each of its own making."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations

import pytest

from rakg_assets.corpus.annotated import AnnotatedRecord
from rakg_assets.corpus.annotations import annotation_table, read_annotations
from rakg_assets.corpus.splits import split_records
from rakg_assets.ontology.schema import Assertion, EntityType, Relation
from rakg_assets_tests.conftest import SAMPLE

_RA = re.compile(r"类风湿|RA\b")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DIAGNOSES = {"初步诊断", "出院诊断"}


@pytest.fixture(scope="module")
def everything() -> list[AnnotatedRecord]:
    return read_annotations(SAMPLE)[0]


@pytest.fixture(scope="module")
def settled(everything: list[AnnotatedRecord]) -> list[AnnotatedRecord]:
    return [record for record in everything if not record.annotator]


def names_ra(record: AnnotatedRecord) -> bool:
    """Whether a diagnosis of the record is rheumatoid arthritis, proven or possible."""
    return any(
        _RA.search(e.text) and e.assertion in (Assertion.PRESENT, Assertion.POSSIBLE)
        for d in record.sections
        if d.section in _DIAGNOSES
        for e in d.entities
        if e.label == EntityType.DISEASE
    )


def is_stock(record: AnnotatedRecord) -> bool:
    """Whether it is one of those in the stock phrases of a ward's everyday prose."""
    return record.id > "S160"


def test_there_are_208_of_which_60_have_no_ra(settled: list[AnnotatedRecord]) -> None:
    assert [record.id for record in settled] == [f"S{n:03}" for n in range(1, 209)]
    assert sum(not names_ra(record) for record in settled) == 60


def test_each_has_the_length_of_a_record(settled: list[AnnotatedRecord]) -> None:
    for record in settled:
        size = sum(len(_HAN.findall(d.text)) for d in record.sections)
        assert (300 if is_stock(record) else 700) <= size <= 1500, record.id


def test_the_rare_types_are_not_rare(settled: list[AnnotatedRecord]) -> None:
    documents = [d for record in settled for d in record.sections]
    entities = Counter(e.label for d in documents for e in d.entities)
    relations = Counter(r.label for d in documents for r in d.relations)

    assert entities[EntityType.AGGRAVATING_FACTOR] >= 500
    assert entities[EntityType.MITIGATION_FACTOR] >= 300
    assert relations[Relation.TREATMENT_NOT_IMPROVED] >= 400
    assert relations[Relation.TREATMENT_IMPROVED] >= 1200


def test_no_two_share_a_skeleton(settled: list[AnnotatedRecord]) -> None:
    """Without their entities, no two records have a twentieth of their phrases in common, and of
    those in stock phrases no two a fifth."""
    phrases = [(record, frame_of(record)) for record in settled]
    for (one, first), (other, second) in combinations(phrases, 2):
        most = 0.2 if is_stock(one) or is_stock(other) else 0.05
        assert len(first & second) <= most * min(len(first), len(second)), (one.id, other.id)


def frame_of(record: AnnotatedRecord) -> set[str]:
    """Runs of eight characters, mostly Chinese, of the text in which every entity is one sign."""
    text = ""
    for document in record.sections:
        position = 0
        for entity in sorted(document.entities, key=lambda e: e.start):
            text += document.text[position : entity.start] + "\0"
            position = entity.end
        text += document.text[position:] + "\n"
    runs = (text[i : i + 8] for i in range(len(text) - 7))
    return {run for run in runs if len(_HAN.findall(run)) >= 5}


def test_24_were_annotated_twice(everything: list[AnnotatedRecord]) -> None:
    twice = Counter(record.annotator for record in everything)

    assert (twice["first"], twice["second"]) == (24, 24)


def test_they_are_split_by_record(everything: list[AnnotatedRecord]) -> None:
    labelled = split_records(annotation_table(everything), 2023)

    counts = labelled.groupby("split")["record_id"].nunique().to_dict()
    assert counts == {"train": 185, "dev": 9, "test": 14}
