"""The table of `make bench-neo4j`, and what became of its goals.

Does not belong here: timing (`benchmark.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from tabulate import tabulate

from rakg_assets.graph.neo4j.benchmark import NEW_MONTH, NO_CHANGE, PLAIN, WARM, Measure

# Seconds of the first load on a warm server, how many times faster than the plain way, and
# seconds of a synchronisation that finds nothing to write.
_LOAD_SECONDS, _LOAD_RATIO, _NO_CHANGE_SECONDS = 2.0, 2.0, 1.0
_HEAD = ("", "rows", "seconds", "rows/s", "CPU s, client", "CPU s, server")


def benchmark_report(measures: Sequence[Measure]) -> str:
    """Markdown: a row a measure, then a line a goal."""
    rows = [
        (
            *(m.title, f"{m.rows:,}", f"{m.seconds:.2f}", _speed(m)),
            *(f"{m.client_cpu:.2f}", f"{m.server_cpu:.2f}"),
        )
        for m in measures
    ]
    table = tabulate(rows, _HEAD, tablefmt="github", disable_numparse=True)
    return "\n".join([table, "", *_goals({m.title: m for m in measures})])


def _speed(measured: Measure) -> str:
    return f"{measured.rows / measured.seconds:,.0f}" if measured.rows else ""


def _goals(found: dict[str, Measure]) -> list[str]:
    load, same, month = found[WARM], found[NO_CHANGE], found[NEW_MONTH]
    ratio = found[PLAIN].seconds / load.seconds
    return [
        f"{WARM}: {load.seconds:.2f} s (goal: under {_LOAD_SECONDS:g} s, "
        f"{_met(load.seconds < _LOAD_SECONDS)})",
        f"{WARM}: {ratio:.1f} times as fast as {PLAIN} (goal: {_LOAD_RATIO:g} times, "
        f"{_met(ratio >= _LOAD_RATIO)})",
        f"{NO_CHANGE}: {same.rows} rows in {same.seconds:.2f} s (goal: 0 rows in under "
        f"{_NO_CHANGE_SECONDS:g} s, {_met(same.rows == 0 and same.seconds < _NO_CHANGE_SECONDS)})",
        f"{NEW_MONTH}: {month.rows / load.rows:.0%} of the rows in "
        f"{month.seconds / load.seconds:.0%} of the time of {WARM}",
    ]


def _met(is_met: bool) -> str:
    return "met" if is_met else "missed"
