from __future__ import annotations

import re
from pathlib import Path

import pytest

from rakg_assets.fusion.rules import RA_NAME
from rakg_assets.graph import named_reads
from rakg_assets.graph.named_reads import READS, as_list, as_markdown
from rakg_assets.graph.questions import Question
from rakg_assets.graph.ranking import treatment_ranking
from rakg_assets.graph.store import GraphStore
from rakg_assets.ontology.schema import Relation
from rakg_assets_tests.graph.conftest import CONCEPTS, RA, SUPPORT, made_from
from rakg_assets_tests.graph.filled import filled

__all__ = ["filled"]
README = Path(__file__).resolve().parents[2] / "README.md"
# What each question is asked about, and the answers with their records.
ANSWERS = [
    ("top_treatments", None, {"TRT1": 12, "TRT2": 8}),
    ("treatments_of", RA, {"TRT1": 12, "TRT2": 8}),
    ("symptoms_of", RA, {"SYM1": 9, "SYM2": 6}),
    ("signs_of", RA, {"PEX1": 7}),
    ("lab_tests_of", RA, {"LAB1": 7}),
    ("imaging_tests_of", RA, {"IMG1": 7}),
    ("symptoms_of_body_part", "BDP1", {"SYM1": 8}),
    ("signs_of_body_part", "BDP1", {"PEX1": 6}),
    ("body_parts_of_symptom", "SYM1", {"BDP1": 8}),
    ("aggravating_factors_of", "SYM1", {"AGG1": 6}),
    ("mitigation_factors_of", "SYM2", {"MIT1": 6}),
    ("treatments_that_improved", "SYM1", {"TRT1": 9}),
    ("treatments_that_improved", RA, {"TRT1": 6}),
    ("treatments_that_did_not_improve", "SYM1", {"TRT2": 6}),
    ("improved_by", "TRT1", {"SYM1": 9, RA: 6}),
    ("not_improved_by", "TRT2", {"SYM1": 6}),
]


@pytest.mark.parametrize(("name", "concept", "answers"), ANSWERS)
def test_each_question_has_its_answers(
    filled: GraphStore, name: str, concept: str | None, answers: dict[str, int]
) -> None:
    found = READS[name](filled, concept=concept)
    assert {answer.id: answer.records for answer in found} == answers
    assert [answer.id for answer in found] == list(answers)
    assert sum(answer.share for answer in found) == pytest.approx(1)


def test_every_question_is_tried_above() -> None:
    questions = {name for name, read in READS.items() if isinstance(read, Question)}
    assert {name for name, _, _ in ANSWERS} == questions


def test_every_relation_is_asked_about() -> None:
    asked = " ".join(read.cypher for read in READS.values())
    assert all(f"[r:{relation.edge_type}]" in asked for relation in Relation)


def test_the_top_treatments_are_those_of_the_ranking(filled: GraphStore) -> None:
    ranking = treatment_ranking(made_from(SUPPORT).filtered, CONCEPTS, RA)
    rows = [answer.__dict__ for answer in named_reads.top_treatments(filled)]
    expected = ranking.rename(columns={"concept_id": "id"}).to_dict("records")
    assert [{key: row[key] for key in expected[0]} for row in rows] == expected


def test_names_of_reads_are_names_of_functions() -> None:
    questions = {name: read for name, read in READS.items() if isinstance(read, Question)}
    assert {name: getattr(named_reads, name) for name in questions} == questions
    assert all(key == read.name for key, read in READS.items())


def test_every_read_says_in_both_languages_what_it_asks() -> None:
    for read in READS.values():
        assert re.search(r"[\u4e00-\u9fff]", read.zh)
        assert read.en.isascii()
    assert len({read.zh for read in READS.values()}) == len(READS)


def test_the_list_names_parameters_and_defaults() -> None:
    lines = as_list().splitlines()
    assert f"top_treatments(concept={RA_NAME}, limit=15)" in lines
    assert "subgraph(concept, depth=1, limit=20)" in lines
    assert len(lines) == 2 * len(READS)


def test_the_readme_shows_exactly_these_statements() -> None:
    assert as_markdown() in README.read_text("utf-8")
