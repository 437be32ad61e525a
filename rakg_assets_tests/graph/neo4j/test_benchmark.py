"""The benchmark as users run it, on small graphs."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir

import pytest

from rakg_assets.graph.neo4j.benchmark import (
    GONE_MONTH,
    NEW_MONTH,
    NO_CHANGE,
    PLAIN,
    TOUCHED,
    WARM,
    Measure,
    Sizes,
    measure,
)
from rakg_assets.graph.neo4j.made_up import make_up


@pytest.fixture(scope="module")
def measures(jars: Path) -> dict[str, Measure]:
    sizes = Sizes(paper=(200, 500), large=(300, 900), row_by_row=50, rounds=1)
    return {m.title: m for m in measure(jars, sizes)}


def test_every_way_writes_the_whole_graph(measures: dict[str, Measure]) -> None:
    whole = {title for title, m in measures.items() if m.rows == 700}
    assert whole == {
        WARM,
        f"{WARM}, cold server",
        PLAIN,
        f"{PLAIN}, cold server",
        "UNWIND of 1,000, MERGE, not sorted",
        "neo4j-admin import, server stopped",
    }
    assert measures["MERGE row by row"].rows == 50
    assert measures[f"{WARM}, 900 relationships"].rows == 1_200


def test_a_synchronisation_writes_what_differs(measures: dict[str, Measure]) -> None:
    made_up = make_up(200, 500)
    assert measures[NO_CHANGE].rows == measures[TOUCHED].rows == 0
    assert measures[NEW_MONTH].rows == measures[GONE_MONTH].rows > 0
    gone = len(made_up.whole.edges) - len(made_up.without_last_month.edges)
    assert gone < measures[NEW_MONTH].rows < 700


def test_times_are_of_both_programs(measures: dict[str, Measure]) -> None:
    for measured in measures.values():
        assert measured.seconds > 0
        assert measured.server_cpu >= 0  # the clock of a process ticks a hundred times a second
    assert measures[f"{WARM}, cold server"].server_cpu > 0
    assert measures[WARM].client_cpu > 0


def test_nothing_is_left(measures: dict[str, Measure]) -> None:
    assert measures
    assert not list(Path(gettempdir()).glob("rakg-neo4j-*"))
