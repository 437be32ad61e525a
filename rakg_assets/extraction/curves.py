"""Pictures of a training: loss and figures on dev by epoch."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any


def curve_chart(epochs: Sequence[Mapping[str, Any]]) -> bytes:
    """PNG of the loss (left axis) and of dev F1 in percent (right axis), one point an epoch."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3), dpi=120, layout="constrained")
    left = figure.add_subplot()
    numbers = [epoch["epoch"] for epoch in epochs]
    left.plot(numbers, [epoch["loss"] for epoch in epochs], color="#8a4b08", label="loss")
    left.set(xlabel="epoch", ylabel="training loss")
    right = left.twinx()
    scored = [epoch for epoch in epochs if "f1" in epoch["dev"]]
    right.plot(
        [epoch["epoch"] for epoch in scored],
        [epoch["dev"]["f1"] for epoch in scored],
        color="#1f6f78",
        label="dev F1",
    )
    right.set(ylabel="F1 on dev, %")
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()
