"""A store that holds the small graph, once for each kind: tests read all of them alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from rakg_assets.graph.embedded import EmbeddedStore
from rakg_assets.graph.neo4j.store import Limits, Neo4jStore
from rakg_assets_tests.graph.conftest import SUPPORT, made_from
from rakg_assets_tests.neo4j_server import PATIENCE, TestServer

# What somebody else keeps in the same database: our labels, our names, edges at our concepts.
FOREIGN = """
MATCH (ra:RakgConcept {id: 'DIS1'}), (drug:RakgConcept {id: 'TRT1'})
CREATE (mine:Disease {id: 'MINE', name_zh: '类风湿关节炎', type: 'disease'}),
  (other:Treatment {id: 'OTHER', name_zh: '甲氨蝶呤', records: 99}),
  (:Symptom {title: '肿痛'}),
  (mine)-[:DISEASE_TREATMENT {records: 99}]->(other),
  (mine)-[:DISEASE_TREATMENT {records: 99}]->(drug),
  (ra)-[:DISEASE_TREATMENT {records: 99, relation: 'mine'}]->(other),
  (ra)-[:LIKES {records: 99}]->(drug)
"""


@dataclass(frozen=True)
class Browser:
    """A Neo4j that is asked as Neo4j Browser does: the text of a statement as it stands."""

    server: TestServer

    def query(
        self, cypher: str, parameters: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        return self.server.run(cypher, **(parameters or {}))


@pytest.fixture(scope="module", params=["embedded", "neo4j", "browser"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """A store with the graph of `SUPPORT`; a server holds nodes of somebody else as well."""
    if request.param == "embedded":
        yield embedded(tmp_path_factory.mktemp("graph"))
        return
    running: TestServer = request.getfixturevalue("running")
    folder: Path = request.getfixturevalue("common")
    with FileLock(folder / "turn.lock"), Neo4jStore(running.address, Limits(PATIENCE)) as store:
        running.start()
        running.empty()
        store.synchronise(made_from(SUPPORT).build())
        running.run(FOREIGN)
        yield store if request.param == "neo4j" else Browser(running)


def embedded(folder: Path) -> EmbeddedStore:
    store = EmbeddedStore(folder / "rakg.lbug")
    store.synchronise(made_from(SUPPORT).build())
    return store
