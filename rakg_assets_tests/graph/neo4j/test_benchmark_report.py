from __future__ import annotations

from rakg_assets.graph.neo4j.benchmark import NEW_MONTH, NO_CHANGE, PLAIN, WARM, Measure
from rakg_assets.graph.neo4j.benchmark_report import benchmark_report


def report(load: float, plain: float, same: tuple[int, float]) -> list[str]:
    return benchmark_report(
        [
            Measure(WARM, 20_000, load, 0.5, 0.75),
            Measure(PLAIN, 20_000, plain, 0.5, 0.75),
            Measure(NO_CHANGE, *same, 0.5, 0.25),
            Measure(NEW_MONTH, 2_000, 0.5, 0.25, 0.25),
        ]
    ).splitlines()


def test_a_row_has_times_and_rows_a_second() -> None:
    cells = [cell.strip() for cell in report(1, 3, (0, 0.5))[2].split("|")[1:-1]]
    assert cells == [WARM, "20,000", "1.00", "20,000", "0.50", "0.75"]


def test_goals_are_said_to_be_met() -> None:
    goals = report(1, 3, (0, 0.5))[-4:]
    assert goals == [
        "first load: 1.00 s (goal: under 2 s, met)",
        "first load: 3.0 times as fast as UNWIND of 2,000, MERGE (goal: 2 times, met)",
        "nothing changed: 0 rows in 0.50 s (goal: 0 rows in under 1 s, met)",
        "one month more: 10% of the rows in 50% of the time of first load",
    ]


def test_goals_are_said_to_be_missed() -> None:
    for goals in (report(2.5, 4, (0, 1.5))[-4:-1], report(2.5, 4, (3, 0.5))[-4:-1]):
        assert all(goal.endswith("missed)") for goal in goals)
