"""The table of `make bench-extraction`.

Belongs here: loading what is compared and putting the measures into Markdown. Does not belong
here: timing (`timing.py`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tabulate import tabulate

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.onnx.export import torch_twin
from rakg_assets.extraction.onnx.ner import load_onnx_ner
from rakg_assets.extraction.speed.rivals import rivals
from rakg_assets.extraction.speed.timing import (
    ROUNDS,
    WARM_UP,
    Contender,
    Speed,
    Stopwatch,
    measure,
)
from rakg_assets.extraction.tagging import segments
from rakg_assets.extraction.training import cpu_threads

#: What the table calls the model that ships, and its weights in torch as `rakg` runs them.
OURS, TWIN = "rakg", "rakg with its weights in torch, fp32"


def speed_table(
    folder: Path, documents: Sequence[Document], threads: int | None = None, rounds: int = ROUNDS
) -> str:
    """The release model of a folder beside its weights in pipelines of transformers, on the CPU.

    `threads` None means one a core. Raises `ModelError` where there is no release model.
    """
    count = threads or os.cpu_count() or 1
    ours, twin = load_onnx_ner(folder, count), torch_twin(folder)
    twin.config = replace(twin.config, threads=count)
    # No reader has to cut a text.
    pieces = segments(documents, twin.limit, keep_entities=False)
    texts = [Document("", piece.text, section=piece.section) for piece in pieces]
    with cpu_threads(count):
        others = rivals(twin, texts[:WARM_UP])
        watch = ours.network = Stopwatch(ours.network)
        torch_watch = twin.network.emissions = Stopwatch(twin.network.emissions)
        contenders = {OURS: Contender(ours, watch), TWIN: Contender(twin, torch_watch)}
        contenders |= {title: Contender(rival, torch_watch) for title, rival in others.items()}
        speeds = measure(contenders, texts, TWIN, rounds)
    return _table(speeds, texts, count)


def _table(speeds: Sequence[Speed], texts: Sequence[Document], threads: int) -> str:
    """A row a reader, and how much faster ours is than the fastest rival."""
    count, characters = len(texts), sum(len(text.text) for text in texts)
    ours = next(speed for speed in speeds if speed.title == OURS)
    best = min((s for s in speeds if s.title not in (OURS, TWIN)), key=lambda s: s.seconds)
    head = (
        f"{count:,} sentences, {characters:,} characters, {threads} CPU threads",
        *("texts/s", "characters/s", "ours is", "network alone, texts/s", "ours is"),
        "F1 against torch",
    )
    rows = [
        (
            *(s.title, f"{count / s.seconds:,.0f}", f"{characters / s.seconds:,.0f}"),
            *(f"{s.seconds / ours.seconds:.1f}×", f"{count / s.network_seconds:,.0f}"),
            *(f"{s.network_seconds / ours.network_seconds:.1f}×", f"{s.agreement:.2f}"),
        )
        for s in speeds
    ]
    table = tabulate(rows, head, tablefmt="github", disable_numparse=True)
    ratio = best.seconds / ours.seconds
    return f"{table}\n\n{OURS} is {ratio:.2f} times as fast as the fastest rival ({best.title})."
