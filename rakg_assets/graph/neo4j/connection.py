"""Where a Neo4j database is, and what is said when it does not do as asked.

Belongs here: the driver's settings, and its errors turned into `StoreError` with reason and
remedy. Does not belong here: statements, or what a store does. No message holds the password.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from neo4j import Driver, GraphDatabase, NotificationMinimumSeverity
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    ConstraintError,
    CypherSyntaxError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from rakg_assets.graph.store import StoreError

_CONNECT_SECONDS = 10
_RATE_LIMIT = "Neo.ClientError.Security.AuthenticationRateLimit"
_NO_DATABASE = "Neo.ClientError.Database.DatabaseNotFound"
_TIMED_OUT = {
    f"Neo.ClientError.Transaction.{reason}"
    for reason in (
        "LockClientStopped",
        "TransactionTimedOut",
        "TransactionTimedOutClientConfiguration",
    )
}
_READ_ONLY = "Neo.ClientError.Statement.AccessMode"
_SCHEMA = (
    "Neo.ClientError.Schema",
    "Neo.DatabaseError.Schema",
)


@dataclass(frozen=True)
class Neo4jAddress:
    """A database of a Neo4j server and who asks for it."""

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str = "neo4j"

    def driver(self, wait_seconds: float) -> Driver:
        """A driver that retries reads for `wait_seconds`; nothing is sent before it is used.

        Raises `StoreError` for an address that is none.
        """
        try:
            return GraphDatabase.driver(
                self.uri,
                auth=(self.user, self.password),
                connection_timeout=_CONNECT_SECONDS,
                max_transaction_retry_time=wait_seconds,
                notifications_min_severity=NotificationMinimumSeverity.OFF,
                telemetry_disabled=True,
            )
        except (ConfigurationError, DriverError, ValueError) as error:
            raise StoreError(
                f"{self.uri}: {error}; correct RAKG_NEO4J_URI, like bolt://127.0.0.1:7687"
            ) from None


def answers(address: Neo4jAddress) -> bool:
    """Whether the database can be used now. Raises `StoreError` for a lasting refusal."""
    with told(address), address.driver(0) as driver:
        try:
            with driver.session(database=address.database) as session:
                session.run("RETURN 1").consume()
        except (DriverError, Neo4jError) as error:
            if not worth_retrying(error):
                raise
            return False
    return True


def worth_retrying(error: Exception) -> bool:
    """Whether the same work may succeed later: a deadlock, a lost or a missing server.

    A commit whose answer was lost counts too, because a synchronisation reads before it writes.
    """
    if isinstance(error, IncompleteCommit | ServiceUnavailable | SessionExpired):
        return True
    return isinstance(error, DriverError | Neo4jError) and error.is_retryable()


@contextmanager
def told(address: Neo4jAddress) -> Iterator[None]:
    """Turn what the driver raises into `StoreError`, which says what, why and what to do."""
    try:
        yield
    except (DriverError, Neo4jError, ConfigurationError) as error:
        raise StoreError(f"{address.uri}: {_reason(error, address)}") from error


def _reason(error: Exception, address: Neo4jAddress) -> str:
    code = getattr(error, "code", None) or ""
    if isinstance(error, AuthError) or code == _RATE_LIMIT:
        return (
            f"the server refuses user {address.user} (wrong user or password, or too many "
            "attempts); correct RAKG_NEO4J_USER and RAKG_NEO4J_PASSWORD, then run again"
        )
    if code == _NO_DATABASE:
        return f"there is no database {address.database}; correct RAKG_NEO4J_DATABASE"
    if isinstance(error, Neo4jError):
        return _refusal(error, code)
    if isinstance(error, ServiceUnavailable | SessionExpired):
        return (
            "no Neo4j server answers, or it went away; start it (`rakg neo4j start`) or correct "
            "RAKG_NEO4J_URI, then run again"
        )
    return f"{type(error).__name__}: {error}; correct RAKG_NEO4J_URI, like bolt://127.0.0.1:7687"


def _refusal(error: Neo4jError, code: str) -> str:
    """What the server refused; its words name labels, properties and concept ids only."""
    said = " ".join((error.message or code).split()).rstrip(". ")
    if code in _TIMED_OUT:
        return (
            "another synchronisation has not ended in time, or the server was told to end ours; "
            "wait for it or end it, then run again"
        )
    if code == _READ_ONLY:
        return "the statement writes, and only reading is allowed; correct the statement"
    if isinstance(error, ConstraintError) or code.startswith(_SCHEMA):
        return (
            f"nodes or a schema of somebody else stand in the way ({said}); give those nodes "
            "another label or id, or name another database, then run again"
        )
    if isinstance(error, CypherSyntaxError | ClientError):
        return f"{said} ({code}); correct the statement"
    return f"{said} ({code}); see the server's log, then run again"
