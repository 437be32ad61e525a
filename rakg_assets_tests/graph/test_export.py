from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pandas as pd
import pyarrow.parquet as pq
import pytest

from rakg_assets.graph import export
from rakg_assets.graph.content import EDGE_SCHEMA, NODE_SCHEMA, Graph, GraphError
from rakg_assets.graph.export import EXPORTS, read_export, write_export
from rakg_assets_tests.graph.conftest import RA


@pytest.fixture
def folder(tmp_path: Path, graph: Graph) -> Path:
    target = tmp_path / "exports"
    write_export(graph, target)
    return target


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_exactly_the_named_files_are_there(folder: Path) -> None:
    assert {p.name for p in folder.iterdir()} == set(EXPORTS)
    assert [p.name for p in folder.parent.iterdir()] == ["exports"]


def test_nodes_are_in_the_import_format(folder: Path, graph: Graph) -> None:
    rows = rows_of(folder / "nodes.csv")
    assert list(rows[0]) == ["id:ID", "type", "name_zh", "name_en", "records:long", ":LABEL"]
    row = next(row for row in rows if row["id:ID"] == "TRT2")
    assert row["name_en"] == 'leflunomide "tablet" <b>'
    assert (row["records:long"], row[":LABEL"]) == ("8", "Treatment;RakgConcept")
    assert len(rows) == len(graph.nodes)


def test_an_empty_name_is_told_from_none(tmp_path: Path, graph: Graph) -> None:
    nameless = Graph(graph.nodes.assign(name_en=""), graph.edges)
    write_export(nameless, tmp_path)
    line = (tmp_path / "nodes.csv").read_text("utf-8").splitlines()[1]
    assert line == '"AGG1","aggravating_factor","受凉","",6,"AggravatingFactor;RakgConcept"'


def test_relationships_are_in_the_import_format(folder: Path, graph: Graph) -> None:
    rows = rows_of(folder / "relationships.csv")
    assert {":START_ID", ":END_ID", ":TYPE", "records:long", "mentions:long"} <= set(rows[0])
    row = next(r for r in rows if r[":START_ID"] == RA and r[":END_ID"] == "SYM1")
    assert (row[":TYPE"], row["records:long"]) == ("DISEASE_SYMPTOM", "9")
    assert row["support"] == '{"2018-03":5,"2018-05":4}'
    assert len(rows) == len(graph.edges)
    ids = {r["id:ID"] for r in rows_of(folder / "nodes.csv")}
    assert {end for r in rows for end in (r[":START_ID"], r[":END_ID"])} <= ids


def test_parquet_gives_the_graph_back(folder: Path, graph: Graph) -> None:
    assert pq.read_schema(folder / "nodes.parquet").equals(NODE_SCHEMA)
    assert pq.read_schema(folder / "relationships.parquet").equals(EDGE_SCHEMA)
    back = Graph(*(pd.read_parquet(folder / f"{n}.parquet") for n in ("nodes", "relationships")))
    assert back.digest() == graph.digest()
    assert read_export(folder).digest() == graph.digest()


def test_an_export_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"nodes\.parquet: no such file; name the folder"):
        read_export(tmp_path)


def test_a_file_that_is_no_export_is_told(folder: Path) -> None:
    pd.DataFrame({"head": ["DIS1"]}).to_parquet(folder / "relationships.parquet")
    with pytest.raises(GraphError, match=r"relationships\.parquet: lacks columns of an export"):
        read_export(folder)
    (folder / "nodes.parquet").write_bytes(b"text")
    with pytest.raises(GraphError, match=r"nodes\.parquet: lacks columns of an export or is none"):
        read_export(folder)


@pytest.mark.parametrize(
    ("file", "column", "value"),
    [
        ("relationships", "tail", "NOBODY"),
        ("relationships", "relation", "likes"),
        ("relationships", "relation", "body_part_symptom"),
        ("nodes", "type", "drug"),
        ("nodes", "id", RA),
    ],
)
def test_files_that_the_ontology_does_not_allow_are_refused(
    folder: Path, file: str, column: str, value: str
) -> None:
    path = folder / f"{file}.parquet"
    pd.read_parquet(path).assign(**{column: value}).to_parquet(path)
    with pytest.raises(GraphError, match="that the ontology does not allow, or are of two exports"):
        read_export(folder)


def test_graphml_can_be_read(folder: Path, graph: Graph) -> None:
    back = nx.read_graphml(folder / "graph.graphml", force_multigraph=True)
    assert back.number_of_nodes() == len(graph.nodes)
    assert back.number_of_edges() == len(graph.edges)
    assert back.nodes["SYM1"]["name_zh"] == "肿痛"
    assert next(iter(back["TRT1"]["SYM1"].values()))["relation"] == "treatment_improved"


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path, folder: Path, graph: Graph) -> None:
    again = write_export(graph, tmp_path / "again")
    assert [p.read_bytes() for p in again] == [(folder / p.name).read_bytes() for p in again]


def test_writing_again_touches_nothing(folder: Path, graph: Graph) -> None:
    before = {p.name: (p.stat().st_ino, p.stat().st_mtime_ns) for p in folder.iterdir()}
    write_export(graph, folder)
    assert {p.name: (p.stat().st_ino, p.stat().st_mtime_ns) for p in folder.iterdir()} == before


def test_an_empty_graph_has_headers(tmp_path: Path) -> None:
    write_export(Graph.empty(), tmp_path / "none")
    assert rows_of(tmp_path / "none" / "nodes.csv") == []
    assert nx.read_graphml(tmp_path / "none" / "graph.graphml").number_of_nodes() == 0


def test_a_failed_export_leaves_the_old_files(
    folder: Path, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def fail(graph: Graph, path: Path) -> None:
        raise OSError("disk full")

    writers: dict[str, Callable[[Graph, Path], None]] = {**EXPORTS, "graph.graphml": fail}
    monkeypatch.setattr(export, "EXPORTS", writers)
    with pytest.raises(OSError, match="disk full"):
        write_export(Graph.empty(), folder)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    monkeypatch.undo()
    write_export(graph, folder)
    assert [p.name for p in folder.parent.iterdir()] == ["exports"]
