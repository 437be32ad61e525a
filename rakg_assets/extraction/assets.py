"""Assets of stage 3: the encoder, the models, their benchmarks, and what they predict.

torch is imported inside the functions that need it: definitions load without it.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg
import pandas as pd
from pydantic import Field

from rakg_assets.extraction.curves import curve_chart
from rakg_assets.extraction.shelf import Shelf
from rakg_assets.extraction.zoo import NER_MODELS, RELATION_MODELS
from rakg_assets.orchestration.declare import GPU, picture, plain_asset, table_asset
from rakg_assets.orchestration.freshness import Recipe, hash_files
from rakg_assets.orchestration.progress import progress_bar
from rakg_assets.orchestration.resources import Settings

if TYPE_CHECKING:
    from rakg_assets.extraction.inference import Extractor

GROUP = "extraction"
KINDS = ("ner", "relation")
BENCHMARK_SEEDS = tuple(map(str, range(5)))


class PretrainingConfig(dg.Config):
    """What a pre-training run may be told in the launchpad."""

    overrides: dict[str, Any] = Field({}, description="Values of the pre-training config by name")


class TrainingConfig(PretrainingConfig):
    """What a training run may be told in the launchpad."""

    retrain: bool = Field(False, description="Train again although the inputs did not change")


def shelf_of(settings: Settings) -> Shelf:
    """The models of the home, else those that ship."""
    return Shelf(settings.place.models, settings.released)


def missing_models(settings: Settings) -> Sequence[str]:
    """The training assets to run before anything can be predicted."""
    return [f"{kind}_model" for kind in KINDS if not shelf_of(settings).has(kind)]


@dg.asset(**plain_asset("domain_encoder", GROUP, {"pytorch", "transformers"}, pool=GPU))
def domain_encoder(
    config: PretrainingConfig, settings: Settings, sentences: pd.DataFrame
) -> dg.MaterializeResult:
    """An encoder trained further by masked language modelling on the records' sentences."""
    from rakg_assets.extraction.pretraining import PretrainConfig, pretrain_encoder

    texts, folder = sentences["text"].drop_duplicates(), settings.place.models / "encoder"
    chosen = PretrainConfig(encoder=settings.encoder or None, **config.overrides)
    bar = progress_bar("domain encoder", "step")
    report = pretrain_encoder(list(texts), chosen, folder, bar)
    return dg.MaterializeResult(metadata=report.to_json())


@dg.asset(**plain_asset("ner_model", GROUP, {"pytorch"}, pool=GPU))
def ner_model(
    config: TrainingConfig, settings: Settings, labeled_splits: pd.DataFrame
) -> dg.MaterializeResult:
    """The model that finds entities; keeps the one in use while its inputs stand."""
    return dg.MaterializeResult(metadata=_train("ner", config, settings, labeled_splits))


@dg.asset(**plain_asset("relation_model", GROUP, {"pytorch"}, pool=GPU))
def relation_model(
    config: TrainingConfig, settings: Settings, labeled_splits: pd.DataFrame
) -> dg.MaterializeResult:
    """The model that finds relations; keeps the one in use while its inputs stand."""
    return dg.MaterializeResult(metadata=_train("relation", config, settings, labeled_splits))


@dg.asset(
    **table_asset("predicted_entities", GROUP, deps=["ner_model"], kinds={"pytorch", "parquet"})
)
def predicted_entities(
    context: dg.AssetExecutionContext,
    settings: Settings,
    raw_records: pd.DataFrame,
    sentences: pd.DataFrame,
    annotations: pd.DataFrame,
) -> pd.DataFrame:
    from rakg_assets.extraction.predictions import gold_sections, predict_entities

    gold = gold_sections(annotations, raw_records)
    bar = progress_bar("entities", "sentence")
    return predict_entities(raw_records, sentences, gold, extractor_of(settings, context), bar)


@dg.asset(
    **table_asset(
        "predicted_relations", GROUP, deps=["relation_model"], kinds={"pytorch", "parquet"}
    )
)
def predicted_relations(
    context: dg.AssetExecutionContext,
    settings: Settings,
    raw_records: pd.DataFrame,
    predicted_entities: pd.DataFrame,
    annotations: pd.DataFrame,
) -> pd.DataFrame:
    from rakg_assets.extraction.predictions import gold_sections, predict_relations

    gold = gold_sections(annotations, raw_records)
    return predict_relations(raw_records, predicted_entities, gold, extractor_of(settings, context))


def _benchmark_partitions(models: Mapping[str, Any]) -> dg.MultiPartitionsDefinition:
    return dg.MultiPartitionsDefinition(
        {
            "model": dg.StaticPartitionsDefinition(list(models)),
            "seed": dg.StaticPartitionsDefinition(list(BENCHMARK_SEEDS)),
        }
    )


@dg.asset(
    **plain_asset("ner_benchmark", GROUP, {"pytorch"}, pool=GPU),
    partitions_def=_benchmark_partitions(NER_MODELS),
)
def ner_benchmark(
    context: dg.AssetExecutionContext, settings: Settings, labeled_splits: pd.DataFrame
) -> dg.MaterializeResult:
    """Strict F1 of one NER model and seed on the test split: a cell of the paper's Table 3."""
    return dg.MaterializeResult(metadata=_benchmark("ner", context, settings, labeled_splits))


@dg.asset(
    **plain_asset("relation_benchmark", GROUP, {"pytorch"}, pool=GPU),
    partitions_def=_benchmark_partitions(RELATION_MODELS),
)
def relation_benchmark(
    context: dg.AssetExecutionContext, settings: Settings, labeled_splits: pd.DataFrame
) -> dg.MaterializeResult:
    """F1 of one relation model and seed on the test split: a cell of the paper's Table 6."""
    return dg.MaterializeResult(metadata=_benchmark("relation", context, settings, labeled_splits))


def extractor_of(
    settings: Settings, context: dg.AssetExecutionContext | None = None
) -> "Extractor":
    """The models in use; a home without models trains the starter models first.

    Within a run (`context`) such a training counts as a materialisation of the model's asset.
    """
    from rakg_assets.extraction.inference import Extractor
    from rakg_assets.extraction.workshop import Workshop

    shelf, words = shelf_of(settings), settings.words
    for kind in KINDS:
        bar = progress_bar(f"starter {kind} model", "batch")
        trained = Workshop(shelf, words).ensure(
            kind, settings.annotation_source, settings.split_seed, bar
        )
        if trained and context:
            made = {"version": shelf.version(kind), "starter": True}
            context.log_event(dg.AssetMaterialization(f"{kind}_model", metadata=made))
    return Extractor.load(shelf, words, settings.place.cache / "predictions.sqlite")


def _train(
    kind: str, config: TrainingConfig, settings: Settings, labelled: pd.DataFrame
) -> dict[str, Any]:
    """Train a model and describe it: version, figures and curves."""
    from rakg_assets.extraction.workshop import Workshop

    workshop = Workshop(shelf_of(settings), settings.words)
    bar = progress_bar(f"{kind} model", "batch")
    chosen = ({"encoder": settings.encoder} if settings.encoder else {}) | config.overrides
    metrics = workshop.train(kind, labelled, chosen, config.retrain, bar)
    epochs = metrics["training"]["epochs"]
    return {
        "version": metrics["version"],
        "dev": dg.MetadataValue.json(metrics["dev"]),
        "curves": picture(curve_chart(epochs)),
        "epochs": dg.MetadataValue.json(epochs),
    }


def _benchmark(
    kind: str, context: dg.AssetExecutionContext, settings: Settings, labelled: pd.DataFrame
) -> dict[str, Any]:
    from rakg_assets.extraction.benchmark import benchmark_cell

    cell = context.partition_key.keys_by_dimension
    folder = settings.place.reports / "benchmarks"
    encoder = settings.encoder or settings.place.models / "encoder"
    model, seed = cell["model"], int(cell["seed"])
    bar = progress_bar(f"{model} {seed}", "batch")
    scores = benchmark_cell(kind, model, seed, labelled, settings.words, encoder, folder, bar)
    return {"f1": scores["overall"]["f1"], "scores": dg.MetadataValue.json(scores)}


def _ner_inputs(settings: Settings, month: str | None) -> str:
    cues = hash_files(settings.words / "cues")
    return f"{shelf_of(settings).version('ner')} {cues}"


RECIPES = [
    Recipe("predicted_entities", ("sentences", "annotations"), extras=_ner_inputs),
    Recipe(
        "predicted_relations",
        ("predicted_entities",),
        extras=lambda settings, month: shelf_of(settings).version("relation"),
    ),
]
