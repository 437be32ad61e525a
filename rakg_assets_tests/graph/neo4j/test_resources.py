"""The resource of `graph/resources.py`, the asset and its check, with a real server."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from rakg_assets.graph.assets import store_of
from rakg_assets.graph.checks import CHECKS
from rakg_assets.graph.content import Graph
from rakg_assets.graph.resources import Neo4jResource
from rakg_assets.orchestration.resources import Settings, SettingsError
from rakg_assets_tests.neo4j_server import PASSWORD, TestServer
from rakg_assets_tests.promises import CheckedHome


@pytest.fixture
def home(tmp_path: Path, server: TestServer, monkeypatch: pytest.MonkeyPatch) -> CheckedHome:
    monkeypatch.setenv("RAKG_NEO4J_PASSWORD", PASSWORD)
    home = CheckedHome(tmp_path / "home", neo4j_uri=server.address.uri)
    home.put("filtered_triples")
    return home


def test_an_asset_of_somebody_else_reads_the_graph(home: CheckedHome, graph: Graph) -> None:
    @dg.asset
    def strongest(neo4j: Neo4jResource) -> str:
        with neo4j.store() as store:
            store.synchronise(graph)
            return store.query("MATCH (t:Treatment) RETURN t.id AS id ORDER BY t.records DESC")[0][
                "id"
            ]

    result = dg.materialize([strongest], resources={"neo4j": Neo4jResource.of(home.settings)})
    assert result.output_for_node("strongest") == "TRT1"


def test_a_password_can_come_from_a_variable_of_ones_own(
    server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_SECRET", PASSWORD)

    @dg.asset
    def digest(neo4j: Neo4jResource) -> None:
        with neo4j.store() as store:
            assert store.digest() is None

    mine = Neo4jResource(uri=server.address.uri, password=dg.EnvVar("MY_SECRET"))
    assert dg.materialize([digest], resources={"neo4j": mine}).success


def test_without_password_it_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RAKG_NEO4J_PASSWORD", raising=False)
    settings = Settings(home=str(tmp_path), neo4j_uri="bolt://127.0.0.1:1")
    resource = Neo4jResource.of(settings)
    assert resource.is_configured
    with pytest.raises(SettingsError, match="set RAKG_NEO4J_PASSWORD"), resource.store():
        pass
    (tmp_path / "neo4j").mkdir()
    (tmp_path / "neo4j" / "password").write_text("from-a-file\n", "ascii")
    assert resource.address().password == "from-a-file"


def drift(home: CheckedHome) -> dict[str, str]:
    broken = home.broken(CHECKS, "knowledge_graph")
    return {name: level for name, level in broken.items() if name.startswith("neo4j")}


def test_drift_warns_until_the_next_synchronisation(
    home: CheckedHome, server: TestServer, graph: Graph
) -> None:
    store_of(home.settings).synchronise(graph)
    with Neo4jResource.of(home.settings).store() as store:
        store.synchronise(graph)
        assert drift(home) == {}
        server.run("MATCH (n:RakgConcept {id: 'TRT1'}) SET n.name_zh = 'x'")
        assert drift(home) == {"neo4j_not_drifted": "WARN"}
        store.synchronise(graph)
        assert drift(home) == {}


def test_without_neo4j_there_is_no_drift(tmp_path: Path, graph: Graph) -> None:
    home = CheckedHome(tmp_path / "home")
    home.put("filtered_triples")
    store_of(home.settings).synchronise(graph)
    assert drift(home) == {}
