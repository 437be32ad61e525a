"""Results of benchmarks over seeds: mean, deviation, and whether two rows differ.

Belongs here: statistics of results. Does not belong here: how a result comes about
(`benchmark.py`) or how the tables look (`result_tables.py`).
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rakg_assets.extraction.cells import Result

MISSING = "–"


@dataclass(frozen=True)
class Spread:
    """One figure of a row, in percent, by seed."""

    values: Mapping[int, float] = field(default_factory=dict)

    @property
    def mean(self) -> float | None:
        """The mean over seeds; None without any."""
        return statistics.fmean(self.values.values()) if self.values else None

    @property
    def deviation(self) -> float | None:
        """The sample standard deviation over seeds; None for fewer than two."""
        return statistics.stdev(self.values.values()) if len(self.values) > 1 else None

    def __str__(self) -> str:
        if self.mean is None:
            return MISSING
        spread = "" if self.deviation is None else f" ± {self.deviation:.2f}"
        return f"{self.mean:.2f}{spread}"

    def p_against(self, other: Spread) -> float | None:
        """Two-sided p of Student's paired t-test over the seeds that both have.

        t = mean(d) / (stdev(d) / sqrt(n)) of the differences d, n - 1 degrees of freedom
        (`scipy.stats.ttest_rel`); not corrected for the number of rows. None for fewer than two
        seeds in common, and where all differences are equal, for which t is not defined.
        """
        from scipy.stats import ttest_rel

        both = sorted(self.values.keys() & other.values.keys())
        ours, theirs = [self.values[s] for s in both], [other.values[s] for s in both]
        differences = {round(a - b, 6) for a, b in zip(ours, theirs, strict=True)}
        return float(ttest_rel(ours, theirs).pvalue) if len(differences) > 1 else None


def spread_of(
    results: Iterable[Result], path: tuple[str, ...] = ("overall",), figure: str = "f1"
) -> Spread:
    """A figure over results of one row; `path` leads to it, e.g. ("predicted", "overall").

    Results that do not have it are left out.
    """
    values = {}
    for result in results:
        found = result
        for step in path:
            found = found.get(step, {})
        if figure in found:
            values[result["seed"]] = found[figure]
    return Spread(values)
