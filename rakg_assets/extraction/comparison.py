"""Results of the benchmarks side by side, as text: what `rakg bench` prints.

Belongs here: means over seeds, beside what the paper published. Does not belong here: how a
result comes about (`benchmark.py`).
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

_TITLES = {
    "ner": "entities, strict spans, F1 in percent",
    "relation": "relations on gold entities, F1 in percent",
}
# Abstract of doi 10.21037/qims-22-1158: mean F1 on records that are not public.
PUBLISHED = {
    "ner": ("paper: MC-BERT-BiLSTM-CRF", 92.96),
    "relation": ("paper: MC-BERT + FFNN", 95.29),
}
_NAME = 28


def comparison_table(results: Sequence[Mapping[str, Any]]) -> str:
    """One line a model: mean and sample standard deviation of F1 over its seeds, their number.

    `results` are those of `benchmark_cell`. The paper's own model stands below, for scale: it was
    trained and tested on other records.
    """
    lines: list[str] = []
    for kind, title in _TITLES.items():
        scores: dict[str, list[float]] = {}
        for result in results:
            if result["kind"] == kind:
                scores.setdefault(result["model"], []).append(result["overall"]["f1"])
        if scores:
            lines += [title, *(_line(model, values) for model, values in scores.items())]
            name, published = PUBLISHED[kind]
            lines.append(f"  {name:<{_NAME}} {published:6.2f}")
    return "\n".join(lines)


def _line(model: str, scores: Sequence[float]) -> str:
    spread = f"± {statistics.stdev(scores):5.2f}" if len(scores) > 1 else "       "
    return f"  {model:<{_NAME}} {statistics.fmean(scores):6.2f} {spread}  seeds: {len(scores)}"
