from __future__ import annotations

from collections.abc import Callable

import pytest
from neo4j.exceptions import (
    ConfigurationError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from rakg_assets.graph.neo4j.connection import Neo4jAddress, answers, told, worth_retrying
from rakg_assets.graph.store import StoreError
from rakg_assets_tests.neo4j_server import free_port

ADDRESS = Neo4jAddress("bolt://127.0.0.1:1", password="secret")


@pytest.mark.parametrize("make", [IncompleteCommit, ServiceUnavailable, SessionExpired])
def test_a_lost_server_is_worth_another_try(make: Callable[[], Exception]) -> None:
    assert worth_retrying(make())


def test_a_deadlock_is_worth_another_try_and_a_mistake_is_not() -> None:
    assert worth_retrying(TransientError())
    assert not worth_retrying(Neo4jError())
    assert not worth_retrying(ValueError())


def test_no_answer_is_no_error() -> None:
    assert not answers(Neo4jAddress(f"bolt://127.0.0.1:{free_port()}", password="secret"))


@pytest.mark.parametrize(
    "error", [ServiceUnavailable("gone"), ConfigurationError("odd"), Neo4jError("x")]
)
def test_every_error_names_the_server_and_a_remedy(error: Exception) -> None:
    with pytest.raises(StoreError, match=r"^bolt:.*1: .*(;|, then) ") as said, told(ADDRESS):
        raise error
    assert "secret" not in str(said.value)


def test_errors_of_others_pass() -> None:
    with pytest.raises(KeyError), told(ADDRESS):
        raise KeyError


def test_the_password_is_in_no_text() -> None:
    assert "secret" not in f"{ADDRESS} {ADDRESS!r}"
