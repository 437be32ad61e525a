"""The NER model that ships: trained from an encoder, measured, written for ONNX Runtime.

Belongs here: the order of the steps. Does not belong here: training (`ner_training.py`), the
format (`export.py`), the model's card (`cards.py`), the encoder (`encoders/`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.parts import Parts
from rakg_assets.extraction.artifacts import METRICS, write_json
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.ner import NerConfig, NerModel, load_ner
from rakg_assets.extraction.ner_training import train_ner
from rakg_assets.extraction.onnx.cards import entity_card
from rakg_assets.extraction.onnx.export import CARD, check_target, export_ner
from rakg_assets.extraction.onnx.ner import load_onnx_ner
from rakg_assets.extraction.scoring import score_entities
from rakg_assets.extraction.self_training import Annotator, sure_sentences
from rakg_assets.extraction.training import Progress, TrainingReport
from rakg_assets.extraction.unseen import sentences_of
from rakg_assets.ontology.files import write_text


@dataclass(frozen=True)
class ReleaseData(Parts):
    """Labelled documents by their use, and texts without labels to learn more from.

    `origin` tells the card's reader what the labelled records are and under which licence.
    """

    unlabelled: Sequence[Document] = ()
    origin: str = ""


def release_ner(
    data: ReleaseData,
    config: NerConfig,
    folder: Path,
    working: Path,
    lexicon: Lexicon | None = None,
    base: str = "",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Train a model in `working`, write its int8 form and its card to `folder`.

    With texts without labels a first model labels those sentences that it is sure of, and a
    second one learns from them too; what stands in dev or test is left out. Returns the figures:
    strict scores of the float32 and of the int8 model on dev and test. A run that was cut short
    goes on with the training it was in. `base` names the encoder in the card. Raises what training
    and export raise, `ExportError` before any work if `folder` holds other files.
    """
    check_target(folder)
    learn, added = list(data.train), 0
    if data.unlabelled:
        train_ner(learn, data.dev, config, working / "teacher", progress, lexicon)
        sure = sure_sentences(load_ner(working / "teacher"), data.unlabelled)
        held = sentences_of([*data.dev, *data.test])
        kept = [document for document in sure if document.text not in held]
        learn, added = [*learn, *kept], len(kept)
    report = train_ner(learn, data.dev, config, working / "model", progress, lexicon)
    return write_release(load_ner(working / "model"), report, data, folder, base, added)


def write_release(
    model: NerModel,
    report: TrainingReport,
    data: ReleaseData,
    folder: Path,
    base: str = "",
    added: int = 0,
) -> dict[str, Any]:
    """Write a trained model's int8 form and its card; `added` sentences were labelled by a model.

    Returns the figures, as `release_ner` does. Raises `ExportError`.
    """
    figures: dict[str, Any] = {
        "seed": model.config.seed,
        "training": report.to_json(),
        "records": len({d.id for d in data.train}),
        "sure_sentences": added,
        "float32": _scores(model, data),
    }
    export_ner(model, folder)
    figures["int8"] = _scores(load_onnx_ner(folder), data)
    write_json(folder / METRICS, figures)
    write_text(folder / CARD, entity_card(figures, base, data.origin))
    return figures


def _scores(model: Annotator, data: ReleaseData) -> dict[str, Any]:
    parts = {"dev": data.dev, "test": data.test}
    scores = {name: score_entities(gold, model.annotate(gold)) for name, gold in parts.items()}
    return {name: score.to_json() for name, score in scores.items()}
