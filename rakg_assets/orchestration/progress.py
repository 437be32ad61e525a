"""Progress bars for long work, on the error stream so that output stays clean."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tqdm import tqdm

Progress = Callable[[int, int], None]


def progress_bar(label: str, unit: str) -> Progress:
    """A callback `(done, total)` that draws a bar; logs that are no terminal get few lines.

    The bar appears with the first call and ends when all is done; a call after that begins anew.
    """
    bar: tqdm | None = None

    def update(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            seconds = 0.2 if sys.stderr.isatty() else 5
            bar = tqdm(desc=label, unit=unit, total=total, file=sys.stderr, mininterval=seconds)
        bar.total = total
        bar.update(done - bar.n)
        if done >= total:
            bar.refresh()
            bar.close()
            bar = None

    return update
