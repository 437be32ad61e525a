"""Timing the store beside other ways to fill a database, on a server that is there for it alone.

Belongs here: what is timed, in which order and how. Does not belong here: the other ways
(`rivals.py`), the graphs (`made_up.py`) or the table (`benchmark_report.py`).
"""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from neo4j import Driver

from rakg_assets.graph.content import Graph
from rakg_assets.graph.export import write_export
from rakg_assets.graph.neo4j.connection import Neo4jAddress
from rakg_assets.graph.neo4j.made_up import MadeUp, make_up
from rakg_assets.graph.neo4j.manifest import Manifest
from rakg_assets.graph.neo4j.rivals import admin_import, merge_row_by_row, merge_unwound
from rakg_assets.graph.neo4j.server import JavaServer, Ports
from rakg_assets.graph.neo4j.store import Neo4jStore, require_schema

#: How large the graph of the paper is: concepts and triples.
PAPER = (6_465, 15_268)
LARGE = (100_000, 1_000_000)
# So often everything is done before a server, which compiles what runs often, counts as warm.
_WARM_UP = 3
_PATIENCE_SECONDS = 600

#: Titles of the rows that the goals are about.
WARM, PLAIN, NO_CHANGE = "first load", "UNWIND of 2,000, MERGE", "nothing changed"
NEW_MONTH, GONE_MONTH = "one month more", "one month less"
TOUCHED = "nothing changed, but others wrote"


@dataclass(frozen=True)
class Sizes:
    """What to time: concepts and triples of a graph, rows for the slowest way, times a load."""

    paper: tuple[int, int] = PAPER
    large: tuple[int, int] | None = None
    row_by_row: int = 20_000
    rounds: int = 3


@dataclass(frozen=True)
class Measure:
    """Rows written or deleted, seconds passed, and seconds of CPU of this program and of Java."""

    title: str
    rows: int
    seconds: float
    client_cpu: float
    server_cpu: float


class OwnServer:
    """A server that is there for one benchmark, and a stopwatch on it and on this program."""

    def __init__(self, java: JavaServer, jars: Path) -> None:
        """Starts it; `jars` is where its jars lie. Raises `StoreError`."""
        self.java, self.jars = java, jars
        password = secrets.token_urlsafe(24)
        status = java.start(password)
        self.address = Neo4jAddress(status.uri, password=password)
        self._process = psutil.Process(int(status.process.split()[-1]))

    def time(self, title: str, work: Callable[[], int]) -> Measure:
        """Do work that says how many rows it wrote or deleted, with its times."""
        client, server, start = time.process_time(), self._server_cpu(), time.perf_counter()
        rows = work()
        took = time.perf_counter() - start
        return Measure(title, rows, took, time.process_time() - client, self._server_cpu() - server)

    def _server_cpu(self) -> float:
        """Of the server while it runs, and of Java programs of ours that have ended."""
        mine = psutil.Process().cpu_times()
        ended = mine.children_user + mine.children_system
        if not self._process.is_running():
            return ended
        java = self._process.cpu_times()
        return ended + java.user + java.system


def measure(
    jars: Path, sizes: Sizes | None = None, tell: Callable[[str], None] = lambda _: None
) -> list[Measure]:
    """Time everything in one run; `tell` hears the title of what begins.

    Each server lives in a temporary folder and is stopped and removed. Raises `StoreError`.
    """
    sizes = sizes or Sizes()
    paper = make_up(*sizes.paper)
    measures = list(_cold_rival(jars, paper.whole, tell))
    with _own_server(jars) as server, _store(server) as store:
        timed = partial(_timed, server, tell)
        measures.insert(0, timed(f"{WARM}, cold server", partial(_sync, store, paper.whole)))
        _sync(store, Graph.empty())
        measures[:0] = _loads(server, store, paper.whole, sizes.rounds, tell)
        measures += _changes(server, store, paper, tell, sizes.rounds)
        _sync(store, Graph.empty())
        by_row = partial(merge_row_by_row, graph=paper.whole, most=sizes.row_by_row)
        with server.address.driver(0) as driver:
            measures.append(timed("MERGE row by row", partial(by_row, driver)))
        large = make_up(*sizes.large) if sizes.large else None
        if large:
            _sync(store, Graph.empty())
            measures.append(timed(f"{WARM}{_of(large)}", partial(_sync, store, large.whole)))
            measures += _changes(server, store, large, tell, of=_of(large))
        server.java.stop()
        measures.append(_import(server, paper, tell))
        if large:
            measures.append(_import(server, large, tell, _of(large)))
    return measures


def _store(server: OwnServer) -> Neo4jStore:
    """As runs use it, with its manifest beside the server's data."""
    return Neo4jStore(server.address, manifest=Manifest(server.java.root / "manifest"))


def _cold_rival(jars: Path, graph: Graph, tell: Callable[[str], None]) -> Iterator[Measure]:
    """The plain way on a server of its own, which has done nothing yet."""
    with _own_server(jars) as server, server.address.driver(0) as driver:
        work = partial(_unwound, driver, graph, 2_000)
        yield _timed(server, tell, f"{PLAIN}, cold server", work)


def _loads(
    server: OwnServer,
    store: Neo4jStore,
    graph: Graph,
    rounds: int,
    tell: Callable[[str], None],
) -> list[Measure]:
    """Each way into an empty database, turn by turn; the median of each on a warm server."""
    with server.address.driver(0) as driver:
        ways: dict[str, Callable[[Graph], int]] = {
            WARM: partial(_sync, store),
            PLAIN: partial(_unwound, driver, size=2_000),
            "UNWIND of 1,000, MERGE, not sorted": partial(
                _unwound, driver, size=1_000, shuffled=True
            ),
        }
        found: dict[str, list[Measure]] = {title: [] for title in ways}
        for _ in range(_WARM_UP + rounds):
            for title, way in ways.items():
                found[title].append(_timed(server, tell, title, partial(way, graph)))
                _sync(store, Graph.empty())
    return [_median(each[_WARM_UP:]) for each in found.values()]


def _changes(
    server: OwnServer,
    store: Neo4jStore,
    made_up: MadeUp,
    tell: Callable[[str], None],
    rounds: int = 0,
    of: str = "",
) -> list[Measure]:
    """What comes after a first load; the database holds the whole graph before and after.

    Before each the database is checked, as it is after every materialisation. With `rounds` the
    median on a warm server, else what the first time takes.
    """
    _sync(store, made_up.whole)
    graphs = {
        NO_CHANGE: made_up.whole,
        GONE_MONTH: made_up.without_last_month,
        NEW_MONTH: made_up.whole,
        TOUCHED: made_up.whole,
    }
    before = made_up.whole
    found: dict[str, list[Measure]] = {title: [] for title in graphs}
    for _ in range(_WARM_UP + rounds if rounds else 1):
        for title, graph in graphs.items():
            store.plan(before)
            if title == TOUCHED:
                with server.address.driver(0) as somebody:
                    somebody.execute_query("CREATE (:SomebodyElse)")
            work = partial(_sync, store, graph)
            found[title].append(_timed(server, tell, f"{title}{of}", work))
            before = graph
    return [_median(each[-rounds:]) for each in found.values()]


def _median(measures: Sequence[Measure]) -> Measure:
    return sorted(measures, key=lambda m: m.seconds)[len(measures) // 2]


def _import(
    server: OwnServer, made_up: MadeUp, tell: Callable[[str], None], of: str = ""
) -> Measure:
    graph, export = made_up.whole, server.java.root / "export"
    write_export(graph, export)

    def work() -> int:
        admin_import(export, server.java.root, server.jars)
        return len(graph.nodes) + len(graph.edges)

    return _timed(server, tell, f"neo4j-admin import, server stopped{of}", work)


def _timed(
    server: OwnServer, tell: Callable[[str], None], title: str, work: Callable[[], int]
) -> Measure:
    tell(title)
    return server.time(title, work)


def _sync(store: Neo4jStore, graph: Graph) -> int:
    """Rows that a synchronisation changed; the graph is digested anew, as for each run."""
    result = store.synchronise(Graph(graph.nodes, graph.edges))
    return result.nodes_written + result.nodes_deleted + result.edges_written + result.edges_deleted


def _unwound(driver: Driver, graph: Graph, size: int, shuffled: bool = False) -> int:
    with driver.session() as session:
        require_schema(session)
    merge_unwound(driver, graph, size, shuffled)
    return len(graph.nodes) + len(graph.edges)


@contextmanager
def _own_server(jars: Path) -> Iterator[OwnServer]:
    with TemporaryDirectory(prefix="rakg-neo4j-") as folder:
        java = JavaServer(Path(folder), _free_ports(), jars, _PATIENCE_SECONDS)
        try:
            yield OwnServer(java, jars)
        finally:
            java.stop()


def _free_ports() -> Ports:
    with ExitStack() as both:
        probes = [both.enter_context(socket.socket()) for _ in range(2)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return Ports(*(probe.getsockname()[1] for probe in probes))


def _of(made_up: MadeUp) -> str:
    return f", {len(made_up.whole.edges):,} relationships"
