"""The table of `make bench-relations`.

Belongs here: loading what is compared and putting the measures into Markdown. Does not belong
here: the clock and the plain classifier (`relations.py`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.encoders.encoder import BertEncoder, load_encoder
from rakg_assets.extraction.onnx.relation import load_onnx_relation
from rakg_assets.extraction.pairs import candidate_pairs
from rakg_assets.extraction.relation import RelationConfig, RelationModel, build_network
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets.extraction.speed.relations import (
    ROUNDS,
    SENTENCES,
    PairSpeed,
    measure,
    plain_classifiers,
    sentences_with_pairs,
)
from rakg_assets.extraction.speed.texts import SpeedError
from rakg_assets.extraction.training import cpu_threads
from rakg_assets.extraction.zoo import RELATION_MODELS

#: What the table calls our ways.
SHIPPED = "rakg, the model that ships (int8 BiLSTM)"
ALONE, PACKED = "rakg, one pass a pair", "rakg, packed"

# Both as the benchmark of relations trains them.
_ALONE, _PACKED = "encoder-ffnn", "encoder-ffnn-packed"


def relation_speed_table(
    encoder: Path,
    released: Path,
    records: Path,
    sentences: int = SENTENCES,
    threads: int | None = None,
    rounds: int = ROUNDS,
) -> str:
    """Pairs a second on the sentences of annotated records, on the CPU; last layers untrained.

    One pass a pair, packed pairs and the classifier of transformers have the weights of `encoder`;
    the model that ships, of folder `released`, its own. `threads` None means one a core. Raises
    `EncoderError`, `ModelError` where a folder holds none, `SpeedError`.
    """
    count = threads or os.cpu_count() or 1
    backbone = load_encoder(str(encoder)).eval()
    if not isinstance(backbone, BertEncoder):
        raise SpeedError(f"{encoder.name}: not BERT-like; give another encoder")
    alone, packed = (_untrained(name, backbone) for name in (_ALONE, _PACKED))
    writer = alone.reader.writer
    documents = sentences_with_pairs(records, writer, sentences)
    with cpu_threads(count):
        contenders = {
            SHIPPED: load_onnx_relation(released, count),
            PACKED: packed,
            ALONE: alone,
            **plain_classifiers(backbone, writer, documents),
        }
        speeds = measure(contenders, documents, rounds)
    pairs = sum(1 for _ in candidate_pairs(documents, writer))
    return _table(speeds, documents, pairs, count)


def _untrained(name: str, encoder: BertEncoder) -> RelationModel:
    """A model of the zoo on an encoder, told no facts: without training none are known."""
    config = RelationConfig(**{**RELATION_MODELS[name], "encoder": "", "facts": False})
    return RelationModel(config, build_network(config, encoder, ()), RelationCues({}), ())


def _table(
    speeds: Sequence[PairSpeed], documents: Sequence[Document], pairs: int, threads: int
) -> str:
    """A row a way, and how much faster packed pairs are than one pass a pair."""
    seconds = {speed.title: speed.seconds for speed in speeds}
    characters = sum(len(document.text) for document in documents)
    head = (
        f"{pairs:,} pairs in {len(documents):,} sentences, {characters:,} characters, "
        f"{threads} CPU threads",
        *("pairs/s", "sentences/s", "packed is"),
    )
    rows = [
        (
            *(s.title, f"{pairs / s.seconds:,.0f}", f"{len(documents) / s.seconds:,.1f}"),
            f"{s.seconds / seconds[PACKED]:.1f}×",
        )
        for s in speeds
    ]
    table = tabulate(rows, head, tablefmt="github", disable_numparse=True)
    plain = min((s for s in speeds if s.title not in (SHIPPED, PACKED, ALONE)), key=_by_seconds)
    return (
        f"{table}\n\nPacked pairs are {seconds[ALONE] / seconds[PACKED]:.1f} times as fast as one "
        f"pass a pair, {plain.seconds / seconds[PACKED]:.1f} times as the fastest plain classifier "
        f"({plain.title})."
    )


def _by_seconds(speed: PairSpeed) -> float:
    return speed.seconds
