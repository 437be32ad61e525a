"""Progress bars for long work, on the error stream so that output stays clean."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tqdm import tqdm

Progress = Callable[[int, int], None]


def progress_bar(label: str, unit: str) -> Progress:
    """A callback `(done, total)` that draws one bar; logs that are no terminal get few lines."""
    bar = tqdm(
        desc=label, unit=unit, file=sys.stderr, mininterval=0.2 if sys.stderr.isatty() else 5
    )

    def update(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)
        if done >= total:
            bar.refresh()
            bar.close()

    return update
