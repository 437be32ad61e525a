"""The models in use, for the assets of this stage and for others', and for commands.

torch is imported inside the function that trains: what ships runs without it. Does not belong
here: trainings that are asked for (`assets.py`), where models stand (`shelf.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import dagster as dg

from rakg_assets.extraction.extras import training_packages
from rakg_assets.extraction.shelf import Shelf
from rakg_assets.orchestration.progress import progress_bar
from rakg_assets.orchestration.resources import Settings

if TYPE_CHECKING:
    from rakg_assets.extraction.inference import Extractor

KINDS = ("ner", "relation")


def shelf_of(settings: Settings) -> Shelf:
    """The models of the home, else those that ship."""
    return Shelf(settings.place.models, settings.released)


def missing_models(settings: Settings) -> Sequence[str]:
    """The training assets to run before anything can be predicted."""
    return [f"{kind}_model" for kind in KINDS if not shelf_of(settings).has(kind)]


def extractor_of(settings: Settings, context: dg.AssetExecutionContext | None = None) -> Extractor:
    """The models in use; a home without models trains the starter models first.

    Within a run (`context`) such a training counts as a materialisation of the model's asset.
    """
    from rakg_assets.extraction.inference import Extractor

    shelf = shelf_of(settings)
    for kind in KINDS:
        if not shelf.has(kind) and _train_starter(kind, settings) and context:
            made = {"version": shelf.version(kind), "starter": True}
            context.log_event(dg.AssetMaterialization(f"{kind}_model", metadata=made))
    return Extractor.load(shelf, settings.words, settings.place.cache / "predictions.sqlite")


@training_packages()
def _train_starter(kind: str, settings: Settings) -> bool:
    """Whether this run trained it; another that runs beside it may have."""
    from rakg_assets.extraction.workshop import Workshop

    bar = progress_bar(f"starter {kind} model", "batch")
    workshop = Workshop(shelf_of(settings), settings.words)
    return workshop.ensure(kind, settings.annotation_source, settings.split_seed, bar)
