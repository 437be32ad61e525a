"""The relation model that ships: trained, measured, written for ONNX Runtime.

Belongs here: the order of the steps. Does not belong here: training (`relation.py`), the format
(`export.py`), the model's card (`cards.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.artifacts import METRICS, write_json
from rakg_assets.extraction.assertion import AssertionRules
from rakg_assets.extraction.calibration import distance
from rakg_assets.extraction.cross_prediction import Finder, cross_predicted
from rakg_assets.extraction.inference import EntityModel, Extractor
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.ner import NerConfig, load_ner
from rakg_assets.extraction.ner_training import train_ner
from rakg_assets.extraction.onnx.cards import relation_card
from rakg_assets.extraction.onnx.export import CARD, check_target, export_relation
from rakg_assets.extraction.onnx.relation import load_onnx_relation
from rakg_assets.extraction.onnx.release import ReleaseData
from rakg_assets.extraction.relation import (
    RelationConfig,
    RelationModel,
    load_relation,
    train_relation,
)
from rakg_assets.extraction.relation_cues import RelationCues
from rakg_assets.extraction.scoring import rightness, score_relations
from rakg_assets.extraction.training import Progress, TrainingReport
from rakg_assets.ontology.files import write_text

Parts = Mapping[str, Sequence[Document]]


def release_relation(
    data: ReleaseData,
    config: RelationConfig,
    folder: Path,
    working: Path,
    ner: EntityModel,
    dictionaries: Path,
    progress: Progress | None = None,
    searchers: Sequence[NerConfig] = (),
) -> dict[str, Any]:
    """Train a model in `working`, write its int8 form and its card to `folder`.

    It learns from gold entities and, with `searchers`, from what these find: each is trained on
    the records that the others search, and searches its own part. Returns the figures: scores of
    the float32 and of the int8 model, between gold entities and between those that `ner` finds, on
    dev and test. A run that was cut short goes on with the training it was in. Raises what
    training and export raise, `ExportError` before any work if `folder` holds other files.
    """
    check_target(folder)
    trained, cues = working / "relation", RelationCues.load(dictionaries)
    found = found_sentences(data, searchers, working, dictionaries, progress)
    learn = [*data.train, *found]
    report = train_relation(learn, data.dev, config, trained, progress, cues)
    model = load_relation(trained)
    return write_relation_release(model, report, data, folder, ner, dictionaries, len(found))


def found_sentences(
    data: ReleaseData,
    searchers: Sequence[NerConfig],
    working: Path,
    dictionaries: Path,
    progress: Progress | None = None,
) -> list[Document]:
    """Sentences of the training records as NER models find them that have not learnt from them.

    A searcher that was trained before, in `working`, is not trained again.
    """
    rules, lexicon = AssertionRules.load(dictionaries), Lexicon.load(dictionaries)

    def finder(fold: int, others: Sequence[Document]) -> Finder:
        config, place = searchers[fold], working / f"searcher-{fold}"
        if not (place / METRICS).is_file():
            train_ner(others, data.dev, config, place, progress, lexicon)
        model = load_ner(place)
        return lambda documents: [rules.classify(d) for d in model.annotate(documents)]

    return cross_predicted(data.train, len(searchers), finder)


def write_relation_release(
    model: RelationModel,
    report: TrainingReport,
    data: ReleaseData,
    folder: Path,
    ner: EntityModel,
    dictionaries: Path,
    added: int = 0,
) -> dict[str, Any]:
    """Write a trained model's int8 form and its card; returns the figures as `release_relation`.

    `added` sentences were learnt as models found them. Raises `ExportError`.
    """
    export_relation(model, folder)
    extractor = Extractor(ner, model, AssertionRules.load(dictionaries))
    gold: Parts = {"dev": data.dev, "test": data.test}
    found = {part: extractor.entities(documents) for part, documents in gold.items()}
    figures = {
        "seed": model.config.seed,
        "training": report.to_json(),
        "records": len({d.id for d in data.train}),
        "found_sentences": added,
        "float32": _scores(extractor, gold, found),
        "int8": _scores(replace(extractor, relation=load_onnx_relation(folder)), gold, found),
    }
    write_json(folder / METRICS, figures)
    base = Path(model.config.encoder or "").name
    write_text(folder / CARD, relation_card(figures, base, data.origin))
    return figures


def _scores(extractor: Extractor, gold: Parts, found: Parts) -> dict[str, Any]:
    """Figures by the entities that relations are looked for between, and by split."""
    return {
        entities: {
            part: _figures(gold[part], extractor.relations(documents))
            for part, documents in parts.items()
        }
        for entities, parts in (("gold", gold), ("predicted", found))
    }


def _figures(gold: Sequence[Document], predicted: Sequence[Document]) -> dict[str, Any]:
    """Scores, and how far the relations' own scores can be trusted: shares from 0 to 1."""
    sure, right = np.array(rightness(gold, predicted), dtype=float).reshape(-1, 2).T
    trust = {
        "mean_score": round(float(sure.mean()), 4) if len(sure) else 0.0,
        "share_right": round(float(right.mean()), 4) if len(right) else 0.0,
        "calibration_error": round(distance(sure, right), 4),
    }
    return {**score_relations(gold, predicted).to_json(), "trust": trust}
