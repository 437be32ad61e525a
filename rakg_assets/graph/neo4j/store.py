"""The Neo4j store: the graph in a database that others may use as well, kept by difference.

Belongs here: one synchronisation from lock to commit, its retries, and reading. Does not belong
here: statements (`statements.py`) or what is to be written (`plan.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from neo4j import READ_ACCESS, Driver, ManagedTransaction, Session, Transaction

from rakg_assets.graph.content import Graph
from rakg_assets.graph.neo4j import statements
from rakg_assets.graph.neo4j.connection import Neo4jAddress, told, worth_retrying
from rakg_assets.graph.neo4j.content import Content, read_content
from rakg_assets.graph.neo4j.manifest import Manifest
from rakg_assets.graph.neo4j.plan import Batch, Plan, batches, packed, plan_changes
from rakg_assets.graph.neo4j.scope import own
from rakg_assets.graph.reads import count_all
from rakg_assets.graph.store import Counts, SyncResult

# Stored beside the digest: what was written in another layout is compared anew.
LAYOUT = "1"
_PAUSE_SECONDS = 0.5
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Limits:
    """How long to wait, in seconds, and how much to send at once, in rows.

    `server` is for a server that is late, away or in a deadlock, `turn` for another
    synchronisation to end. A change of at most `transaction` rows is written whole or not at all.
    """

    server: float = 60
    turn: float = 600
    batch: int = 10_000
    transaction: int = 50_000


@dataclass(frozen=True)
class Drift:
    """The digest that was written last, and that of what is there; None: never, or not finished."""

    written: str | None
    found: str

    @property
    def is_none(self) -> bool:
        """Whether nobody has changed the graph since."""
        return self.written == self.found


class Neo4jStore:
    """The graph in a Neo4j database; nodes without the label `RakgConcept` are never touched.

    A relationship that somebody drew to a concept goes with the concept. Close the store, or use
    it in a `with` statement.
    """

    def __init__(
        self,
        address: Neo4jAddress,
        limits: Limits | None = None,
        manifest: Manifest | None = None,
    ) -> None:
        """Nothing is sent before the first use; without a manifest all is read back each time."""
        self.address = address
        self.limits = limits or Limits()
        self._manifest = manifest
        self._driver: Driver = address.driver(self.limits.server)

    def __enter__(self) -> Neo4jStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._driver.close()

    def synchronise(self, graph: Graph) -> SyncResult:
        """Make the database hold this graph; only rows that differ are written.

        One synchronisation works at a time, others wait. One that died at any point is finished
        by the next. Raises `StoreError`.
        """
        with told(self.address):
            return self._patiently(partial(self._synchronise, graph))

    def plan(self, graph: Graph) -> Plan:
        """What `synchronise` would change; writes nothing. Raises `StoreError`."""
        return plan_changes(self._read(read_content_in), Content.of(graph))

    def drift(self) -> Drift:
        """Compare what is there, read in full, with the digest written last."""
        drift = Drift(self.digest(), self.content().digest())
        if self._manifest and not drift.is_none:
            self._manifest.forget()
        return drift

    def query(
        self, cypher: str, parameters: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Rows of a reading statement, by column name; it sees our nodes only (`scope.own`)."""
        return self._read(lambda tx: tx.run(own(cypher), dict(parameters or {})).data())

    def counts(self) -> Counts:
        """Nodes by type and edges by relation, counted in the database."""
        return count_all(self)

    def digest(self) -> str | None:
        """Digest written last; None if there is none or a synchronisation is not finished."""
        return self._digest(self._read(read_meta))

    def content(self) -> Graph:
        """The graph in the database; empty if there is none."""
        return self._read(read_content_in).graph()

    def _read(self, work: Callable[[ManagedTransaction], _Result]) -> _Result:
        with told(self.address), self._session(default_access_mode=READ_ACCESS) as session:
            return session.execute_read(work)

    def _session(self, **more: Any) -> Session:
        return self._driver.session(database=self.address.database, fetch_size=10_000, **more)

    def _patiently(self, work: Callable[[], _Result]) -> _Result:
        """Do idempotent work again after an error that may pass, until the time is over."""
        end, pause = time.monotonic() + self.limits.server, _PAUSE_SECONDS
        while True:
            try:
                return work()
            except Exception as error:
                if not worth_retrying(error) or time.monotonic() + pause > end:
                    raise
            time.sleep(pause)
            pause = min(pause * 2, 5)

    def _synchronise(self, graph: Graph) -> SyncResult:
        same = SyncResult(graph.digest(), unchanged=True)
        if self._manifest and self._manifest.digest(self._state()) == graph.digest():
            return same
        with self._session() as session:
            require_constraints(session)
        with self._locked() as (session, lock):
            state = self._state()  # asked first: what others commit while we read makes it old
            plan = plan_changes(self._stored(state, lock), Content.of(graph))
            if plan.is_empty and self._digest(read_meta(lock)) == graph.digest():
                self._remember(graph, state)
                return same
            self._write(plan, lock)
            values = {"digest": graph.digest(), "layout": LAYOUT}
            lock.run(statements.WRITE_META, values=values).consume()
            lock.commit()
            self._remember(graph, session.last_bookmarks().raw_values)
        return plan.result(graph.digest())

    def _state(self) -> Set[str]:
        """Bookmarks of what was committed last, by whomever; in a cluster the leader knows."""
        with self._session() as session:
            with session.begin_transaction() as transaction:
                transaction.run(statements.NOTHING).consume()
                transaction.commit()
            return session.last_bookmarks().raw_values

    def _stored(self, state: Set[str], lock: Transaction) -> Content:
        """What the database holds: as the manifest knows, else read back in full."""
        known = self._manifest.graph(state) if self._manifest else None
        return Content.of(known) if known else read_content_in(lock)

    def _remember(self, graph: Graph, state: Set[str]) -> None:
        if self._manifest:
            self._manifest.write(graph, state)

    def _digest(self, meta: Mapping[str, Any]) -> str | None:
        return meta.get("digest") if meta.get("layout") == LAYOUT else None

    @contextmanager
    def _locked(self) -> Iterator[tuple[Session, Transaction]]:
        """A transaction that holds the lock; the server frees it should we or it be killed.

        The first transaction only waits for its turn: its time limit must not end the second.
        """
        with self._session() as session:
            with session.begin_transaction(timeout=self.limits.turn) as turn:
                turn.run(statements.TAKE_LOCK).consume()
            with session.begin_transaction() as lock:
                lock.run(statements.TAKE_LOCK).consume()
                yield session, lock

    def _write(self, plan: Plan, lock: Transaction) -> None:
        """Write what fits in the transaction of the lock, else in several of their own."""
        parts = batches(plan, self.limits.batch)
        if plan.rows <= self.limits.transaction:
            _send(lock, parts)
            return
        with self._session() as session:
            # Until the last is written there is no digest: what is there is no whole graph.
            session.run(statements.WRITE_META, values={"digest": None}).consume()
            for pack in packed(parts, self.limits.transaction):
                with session.begin_transaction() as transaction:
                    _send(transaction, pack)
                    transaction.commit()


def require_constraints(session: Session) -> None:
    """Create what is missing of the constraints, and wait until their indexes answer."""
    there = session.run(statements.CONSTRAINT_NAMES).single(strict=True)["names"]
    missing = [s for name, s in statements.CONSTRAINTS.items() if name not in there]
    for statement in missing:
        session.run(statement).consume()
    if missing:
        session.run(statements.AWAIT_INDEXES).consume()


def read_content_in(transaction: Transaction | ManagedTransaction) -> Content:
    """Everything of ours, as this transaction sees it."""
    return read_content(transaction.run)


def read_meta(transaction: Transaction | ManagedTransaction) -> dict[str, Any]:
    """What was noted of the last synchronisation; empty if there was none."""
    return _meta(transaction.run(statements.READ_META))


def _meta(result: Any) -> dict[str, Any]:
    return next((record["meta"] for record in result), {})


def _send(transaction: Transaction, parts: Iterable[Batch]) -> None:
    for part in parts:
        transaction.run(part.statement, part.parameters).consume()
