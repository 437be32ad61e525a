"""Trains the models of the shelf from labelled sections.

Belongs here: which data and words a training gets, and when one is not needed. Does not belong
here: the training loop (`training.py`), the models, or where they stand (`shelf.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock

from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.parts import Parts
from rakg_assets.corpus.splits import split_source
from rakg_assets.extraction.artifacts import METRICS, encoder_content, model_version
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.ner import NerConfig
from rakg_assets.extraction.ner_training import train_ner
from rakg_assets.extraction.relation import RelationConfig, train_relation
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets.extraction.shelf import Shelf

Config = NerConfig | RelationConfig
Terms = Lexicon | RelationCues
Progress = Callable[[int, int], None]
CONFIGS: Mapping[str, type[Config]] = {"ner": NerConfig, "relation": RelationConfig}


class ConfigError(ValueError):
    """A value that a model's config does not have; the message lists those it has."""


@dataclass(frozen=True)
class Workshop:
    """Trains for one shelf, with the terms of one dictionary folder."""

    shelf: Shelf
    dictionaries: Path

    def train(
        self,
        kind: str,
        labelled: pd.DataFrame,
        overrides: Mapping[str, Any] | None = None,
        retrain: bool = False,
        progress: Progress | None = None,
    ) -> Mapping[str, Any]:
        """Train a model ("ner" or "relation") on `labeled_splits` and put it in use.

        A model trained from the same inputs is kept unless `retrain`. Returns its metrics:
        version, curves, figures on dev. Raises `ConfigError` for an unknown override.
        """
        config = configured(kind, overrides or {})
        with self._turn(kind):
            self._train(kind, config, labelled, retrain, progress)
            folder = self.shelf.folder(kind)
            metrics = json.loads((folder / METRICS).read_text("utf-8"))
        return {"version": folder.name, **metrics}

    def ensure(
        self, kind: str, annotations: Path, seed: int, progress: Progress | None = None
    ) -> bool:
        """Train the starter model where the shelf has none; returns whether it did."""
        if self.shelf.has(kind):
            return False
        with self._turn(kind):
            if self.shelf.has(kind):
                return False
            labelled = split_source(annotations, seed)
            self._train(kind, configured(kind, {}), labelled, False, progress)
        return True

    def _turn(self, kind: str) -> FileLock:
        """Two runs that both lack a model: the second waits, then finds it."""
        self.shelf.root.mkdir(parents=True, exist_ok=True)
        return FileLock(self.shelf.root / f"{kind}.lock")

    def _train(
        self,
        kind: str,
        config: Config,
        labelled: pd.DataFrame,
        retrain: bool,
        progress: Progress | None,
    ) -> None:
        parts, terms = Parts.of(labelled), terms_of(config, self.dictionaries)
        inputs = inputs_of(config, (parts.train, parts.dev), terms)
        if retrain or self.shelf.trained_from(kind) != inputs:
            self.shelf.train(
                kind,
                inputs,
                lambda folder: fit(config, parts.train, parts.dev, folder, terms, progress),
                model_version,
            )


def configured(kind: str, overrides: Mapping[str, Any]) -> Config:
    """The default config of a kind of model with some values changed. Raises `ConfigError`."""
    default = CONFIGS[kind]()
    known = {field.name for field in fields(default)}
    if unknown := sorted(overrides.keys() - known):
        raise ConfigError(f"{kind}: no setting is named {unknown}; choose of {sorted(known)}")
    return replace(default, **overrides)


def terms_of(config: Config, dictionaries: Path) -> Terms | None:
    """The words that a training with this config reads; None if it reads none."""
    if isinstance(config, RelationConfig):
        return RelationCues.load(dictionaries)
    return Lexicon.load(dictionaries) if config.lexicon else None


def fit(
    config: Config,
    learn: Sequence[Document],
    tune: Sequence[Document],
    folder: Path,
    terms: Terms | None = None,
    progress: Progress | None = None,
) -> None:
    """Train the model that a config describes and write it to `folder`."""
    train = train_ner if isinstance(config, NerConfig) else train_relation
    train(learn, tune, config, folder, progress, terms)


def inputs_of(config: Config, parts: Iterable[Sequence[Document]], terms: Terms | None) -> str:
    """A hash of what a result depends on but the program: config, encoder, documents, words.

    The encoder counts by its content, so that a home may move.
    """
    return _hash([_chosen(config), digest_of(parts), terms and terms.terms])


def setting_of(config: Config, found: Sequence[Document], terms: Terms | None) -> str:
    """A hash of what trainings that differ by seed and records have in common.

    `found` are the documents as another model found them, if the result depends on them.
    """
    return _hash([_chosen(config) | {"seed": None}, digest_of([found]), terms and terms.terms])


def _chosen(config: Config) -> dict[str, Any]:
    return config.to_json() | {"encoder": encoder_content(config.encoder)}


def digest_of(parts: Iterable[Sequence[Document]]) -> str:
    """A hash of labelled documents by part."""
    return _hash([[d.to_json() for d in part] for part in parts])


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
