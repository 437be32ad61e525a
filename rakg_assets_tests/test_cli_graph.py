from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from rakg_assets.graph.content import Graph
from rakg_assets.graph.export import write_export
from rakg_assets.graph.named_reads import READS
from rakg_assets_tests.commands import empty_folder, rakg, usage_error
from rakg_assets_tests.graph.conftest import SUPPORT, made_from
from rakg_assets_tests.neo4j_server import TestServer

__all__ = ["empty_folder"]


@pytest.fixture
def graph() -> Graph:
    return made_from(SUPPORT).build()


@pytest.fixture
def loaded(tmp_path: Path, graph: Graph) -> Path:
    """A home whose graph was loaded from its exports."""
    home = tmp_path / "home"
    write_export(graph, home / "exports")
    done = rakg("graph", "load", "--from-export", "--home", home)
    assert done.exit_code == 0, done.output
    return home


def test_an_export_is_loaded_and_loaded_again_changes_nothing(
    tmp_path: Path, loaded: Path, graph: Graph
) -> None:
    moved = tmp_path / "moved"
    (loaded / "exports").rename(moved)
    done = rakg("graph", "load", "--from-export", moved, "--home", loaded)
    assert done.exit_code == 0, done.output
    counts, written = done.stdout.splitlines()
    assert counts == f"nodes: {len(graph.nodes)}, relationships: {len(graph.edges)}"
    assert written.endswith("rakg.lbug: wrote 0 nodes and 0 relationships, deleted 0 and 0")


def test_a_configured_neo4j_is_loaded_and_asked(
    tmp_path: Path, graph: Graph, server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAKG_NEO4J_URI", server.address.uri)
    monkeypatch.setenv("RAKG_NEO4J_PASSWORD", server.address.password)
    write_export(graph, tmp_path / "exports")
    done = rakg("graph", "load", "--from-export", tmp_path / "exports", "--home", tmp_path)
    assert done.exit_code == 0, done.output
    wrote = f"wrote {len(graph.nodes)} nodes and {len(graph.edges)} relationships"
    assert [wrote in line for line in done.stdout.splitlines()] == [False, True, True]
    (tmp_path / "graph" / "rakg.lbug").unlink()
    asked = rakg("graph", "query", "top_treatments", "--format", "json", "--home", tmp_path)
    assert [answer["records"] for answer in json.loads(asked.stdout)] == [12, 8]


def test_loading_needs_its_source() -> None:
    assert "say where the graph comes from" in usage_error(rakg("graph", "load"))
    result = rakg("graph", "load", "--from-export", "--home", "home")
    assert result.exit_code == 1
    assert "nodes.parquet: no such file; name the folder" in result.stderr


def test_answers_are_a_table_unless_told(loaded: Path) -> None:
    done = rakg("graph", "query", "top_treatments", "--home", loaded)
    assert done.exit_code == 0, done.output
    header, _, first, second = done.stdout.splitlines()
    assert header.split()[:3] == ["rank", "id", "type"]
    assert first.split()[:4] == ["1", "TRT1", "treatment", "甲氨蝶呤"]
    assert {"60.0%", "2018-03:6"} <= set(first.split())
    assert "40.0%" in second


def test_answers_as_json_and_csv_are_for_programs(loaded: Path) -> None:
    command = ["graph", "query", "improved_by", "--concept", "甲氨蝶呤", "--home", loaded]
    answers = json.loads(rakg(*command, "--format", "json").stdout)
    assert [(answer["id"], answer["share"]) for answer in answers] == [("SYM1", 0.6), ("DIS1", 0.4)]
    rows = list(csv.DictReader(io.StringIO(rakg(*command, "--format", "csv").stdout)))
    assert [row["id"] for row in rows] == ["SYM1", "DIS1"]
    limited = json.loads(rakg(*command, "--format", "json", "--limit", 1).stdout)
    assert limited == answers[:1]


def test_a_subgraph_has_a_depth(loaded: Path) -> None:
    command = ["graph", "query", "subgraph", "--concept", "MIT1", "--format", "json"]
    assert len(json.loads(rakg(*command, "--home", loaded).stdout)) == 1
    assert len(json.loads(rakg(*command, "--depth", 2, "--home", loaded).stdout)) == 2


def test_why_nothing_is_answered_is_said_beside_the_answers(loaded: Path) -> None:
    command = ["graph", "query", "treatments_of", "--format", "json", "--home", loaded]
    result = rakg(*command, "--concept", "肿痛")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == []
    assert "肿痛 is a symptom; treatments_of asks about a disease" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "nothing: choose one of top_treatments, treatments_of"),
        (["treatments_of"], "treatments_of takes concept, limit"),
        (["treatments_of", "--concept", "DIS1", "--depth", "2"], "treatments_of takes"),
        (["subgraph", "--concept", "DIS1", "--depth", "9"], "less than or equal to 3"),
        (["top_treatments", "--format", "word"], "choose one of table, json, csv"),
        (["top_treatments", "--limit", "0"], "greater than or equal to 1"),
    ],
)
def test_a_wrong_question_is_a_usage_error(words: list[str], said: str) -> None:
    assert said in usage_error(rakg("graph", "query", *words, "--home", "home"))


def test_without_a_graph_it_says_what_to_do() -> None:
    result = rakg("graph", "query", "top_treatments", "--home", "home")
    assert result.exit_code == 1
    assert "materialise knowledge_graph first" in result.stderr


def test_reads_are_listed_with_their_cypher_if_wished() -> None:
    listed = rakg("graph", "reads").stdout
    assert all(f"{name}(" in listed for name in READS)
    assert "MATCH" not in listed
    assert rakg("graph", "reads", "--cypher").stdout.count("```cypher") == len(READS)
