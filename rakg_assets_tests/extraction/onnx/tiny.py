"""Tiny trained models and their release folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.ner import NerConfig, NerModel, load_ner
from rakg_assets.extraction.ner_training import train_ner
from rakg_assets.extraction.onnx.export import export_ner, export_relation
from rakg_assets.extraction.relation import (
    RelationConfig,
    RelationModel,
    load_relation,
    train_relation,
)
from rakg_assets_tests.extraction.toy_relations import CUES

LEXICON = Lexicon({"symptom": ["肿痛", "晨僵"], "treatment": ["甲氨蝶呤"]})
CONFIG = NerConfig(
    epochs=25,
    device="cpu",
    hidden_size=32,
    feature_size=16,
    character_size=32,
    dropout=0.0,
    learning_rate=1e-2,
    exchange=0,
)


def train_release(
    config: NerConfig, documents: Sequence[Document], folder: Path
) -> tuple[NerModel, Path]:
    """The model, trained on documents, and the folder it was exported to."""
    train_ner(documents, [], config, folder / "torch", lexicon=LEXICON)
    model = load_ner(folder / "torch", "cpu")
    export_ner(model, folder / "onnx")
    return model, folder / "onnx"


def train_relation_release(
    config: RelationConfig, documents: Sequence[Document], folder: Path
) -> tuple[RelationModel, Path]:
    """The model of relations, trained on documents, and the folder it was exported to."""
    train_relation(documents, [], config, folder / "torch", cues=CUES)
    model = load_relation(folder / "torch", "cpu")
    export_relation(model, folder / "onnx")
    return model, folder / "onnx"
