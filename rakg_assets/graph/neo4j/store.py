"""The Neo4j store: the graph in a database that others may use as well, kept by difference.

Belongs here: one synchronisation from lock to commit, its retries, and reading. Does not belong
here: statements (`statements.py`) or what is to be written (`plan.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from secrets import token_hex
from typing import Any, TypeVar

from neo4j import READ_ACCESS, Bookmarks, Driver, ManagedTransaction, Session, Transaction

from rakg_assets.graph.content import Graph
from rakg_assets.graph.neo4j import statements
from rakg_assets.graph.neo4j.connection import Neo4jAddress, told, worth_retrying
from rakg_assets.graph.neo4j.content import Content, read_content
from rakg_assets.graph.neo4j.manifest import Manifest, State
from rakg_assets.graph.neo4j.plan import Batch, Plan, batches, packed, plan_changes
from rakg_assets.graph.neo4j.scope import own
from rakg_assets.graph.reads import count_all
from rakg_assets.graph.store import Counts, StoreError, SyncResult

# Stored beside the digest: what was written in another layout is compared anew.
LAYOUT = "2"
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
        """What `synchronise` would change, by all that is there; writes nothing to the database.

        Notes in the manifest whether that is this graph. Raises `StoreError`.
        """
        with told(self.address):
            state = self._state()
            plan = plan_changes(self._read(read_content_in, state), Content.of(graph))
        self._note(graph, state, plan)
        return plan

    def query(
        self, cypher: str, parameters: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Rows of a reading statement, by column name.

        A node pattern with one of our labels means our nodes only (`scope.own`).
        """
        with told(self.address):
            return self._read(lambda tx: tx.run(own(cypher), dict(parameters or {})).data())

    def counts(self) -> Counts:
        """Nodes by type and edges by relation, counted in the database."""
        return count_all(self)

    def digest(self) -> str | None:
        """Digest written last; None if there is none or a synchronisation is not finished."""
        with told(self.address):
            return self._state().digest or None

    def content(self) -> Graph:
        """The graph in the database; empty if there is none."""
        with told(self.address):
            return self._read(read_content_in).graph()

    def _read(
        self, work: Callable[[ManagedTransaction], _Result], state: State | None = None
    ) -> _Result:
        """What a transaction reads; given a state, not before the server has come so far."""
        after = Bookmarks.from_raw_values(state.bookmarks) if state else None
        reading = {"default_access_mode": READ_ACCESS, "bookmarks": after}
        with self._session(**reading) as session:
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
        if self._is_known(graph, self._state()):
            return SyncResult(graph.digest(), unchanged=True)
        with self._session() as session:
            require_schema(session)
        with self._locked() as lock:
            # Asked before reading: what others commit meanwhile makes it an old one.
            state = self._state()
            plan = plan_changes(self._stored(state), Content.of(graph))
            self._note(graph, state, plan)
            if plan.is_empty and state.digest == graph.digest():
                return SyncResult(graph.digest(), unchanged=True)
            self._write(plan, lock)
            values = {"digest": graph.digest(), "layout": LAYOUT, "token": token_hex()}
            lock.run(statements.WRITE_META, values=values).consume()
            lock.commit()
        return plan.result(graph.digest())

    def _state(self) -> State:
        """What was committed last, by whomever; in a cluster the leader knows."""
        with self._session() as session:
            with session.begin_transaction() as transaction:
                meta = read_meta(transaction)
                transaction.commit()
            bookmarks = sorted(session.last_bookmarks().raw_values)
        finished = meta.get("layout") == LAYOUT
        digest = meta.get("digest") if finished else None
        return State(tuple(bookmarks), meta.get("token") or "", digest or "")

    def _is_known(self, graph: Graph, state: State) -> bool:
        """Whether the database is known to hold this graph."""
        same = state.digest == graph.digest()
        return same and self._manifest is not None and self._manifest.knows(state)

    def _stored(self, state: State) -> Content:
        """What the database holds: as the manifest knows, else read back in full."""
        known = self._manifest.graph(state) if self._manifest else None
        return Content.of(known) if known else self._read(read_content_in, state)

    def _note(self, graph: Graph, state: State, plan: Plan) -> None:
        """Note what was found in this state: the graph, or something that no note should tell of.

        What is about to be written is not noted: others may write before our commit.
        """
        if self._manifest and plan.is_empty and state.digest == graph.digest():
            self._manifest.write(graph, state)
        elif self._manifest:
            self._manifest.forget()

    @contextmanager
    def _locked(self) -> Iterator[Transaction]:
        """A transaction that holds the lock; the server frees it should we or it be killed.

        The first transaction only waits for its turn: its time limit must not end the second.
        """
        with self._session() as session:
            with session.begin_transaction(timeout=self.limits.turn) as turn:
                turn.run(statements.TAKE_LOCK).consume()
            with session.begin_transaction() as lock:
                lock.run(statements.TAKE_LOCK).consume()
                yield lock

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
                session.execute_write(_send, pack)


def require_schema(session: Session) -> None:
    """Create what is missing of constraints and indexes, and wait until they answer.

    Raises `StoreError` where a name of ours stands for something else.
    """
    there = {name: tuple(place) for name, *place in session.run(statements.SHOW_SCHEMA)}
    missing = []
    for name, part in statements.SCHEMA.items():
        if there.get(name, part.place) != part.place:
            raise StoreError(
                f"the index {name} is not the one of {part.label}.{part.key} that rakg makes; drop "
                "it, or name another database, then run again"
            )
        if name not in there:
            missing.append(part.statement)
    for statement in missing:
        session.run(statement).consume()
    if missing:
        session.run(statements.AWAIT_INDEXES).consume()


def read_content_in(transaction: Transaction | ManagedTransaction) -> Content:
    """Everything of ours, as this transaction sees it."""
    return read_content(transaction.run)


def read_meta(transaction: Transaction | ManagedTransaction) -> dict[str, Any]:
    """What the last synchronisation left; empty if there was none."""
    return next((record["meta"] for record in transaction.run(statements.READ_META)), {})


def _send(transaction: Transaction | ManagedTransaction, parts: Iterable[Batch]) -> None:
    for part in parts:
        transaction.run(part.statement, part.parameters).consume()
