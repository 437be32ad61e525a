"""Assets of stage 3: the encoder, the models, their benchmarks, and what they predict.

torch is imported inside the functions that need it: definitions load without it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import dagster as dg
import pandas as pd

from rakg_assets.corpus.splits import held_out
from rakg_assets.extraction.cells import CURVE_RECORDS, Cell, records_key
from rakg_assets.extraction.curves import curve_chart
from rakg_assets.extraction.extras import training_packages
from rakg_assets.extraction.resources import KINDS, extractor_of, missing_models, shelf_of
from rakg_assets.extraction.result_tables import tables_text
from rakg_assets.extraction.zoo import MODELS, QUICK, SEEDS, started_from
from rakg_assets.ontology.files import write_text
from rakg_assets.orchestration.declare import GPU, picture, plain_asset, table_asset
from rakg_assets.orchestration.freshness import Recipe, hash_files
from rakg_assets.orchestration.progress import progress_bar
from rakg_assets.orchestration.resources import Settings
from rakg_assets.orchestration.run_configs import (
    BenchmarkConfig,
    CurveConfig,
    DomainEncoderConfig,
    TrainingConfig,
)

if TYPE_CHECKING:
    from rakg_assets.extraction.sample_pages import SamplePage

GROUP = "extraction"
BENCHMARKS = [f"{kind}_{what}" for what in ("benchmark", "learning_curve") for kind in KINDS]


@dg.asset(**plain_asset("domain_encoder", GROUP, {"pytorch", "transformers"}, pool=GPU))
def domain_encoder(
    config: DomainEncoderConfig,
    settings: Settings,
    sentences: pd.DataFrame,
    annotations: pd.DataFrame,
) -> dg.MaterializeResult:
    """An encoder trained further by masked language modelling on the records and other texts.

    Annotated records that models are tuned and tested on are left out.
    """
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
    kept_back = held_out(annotations, settings.split_seed)
    records = {"sentences": sentences, "annotated sections": annotations}
    sets = [
        *(
            TextSet(name, tuple(table.loc[~table["record_id"].isin(kept_back), "text"].unique()))
            for name, table in records.items()
        ),
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
    from rakg_assets.extraction.sample_pages import sample_pages

    gold, extractor = gold_sections(annotations, raw_records), extractor_of(settings, context)
    bar = progress_bar("entities", "sentence")
    found = predict_entities(raw_records, sentences, gold, extractor, bar)
    if not settings.inbox:  # of other inboxes no text is shown
        _show_sample(context, settings, sample_pages(raw_records, found, gold, extractor))
    return found


def _show_sample(
    context: dg.AssetExecutionContext, settings: Settings, pages: "Iterable[SamplePage]"
) -> None:
    """Pages as files, and in the metadata of their months."""
    for page in pages:
        path = settings.place.reports / "marked_text" / f"{page.month}.html"
        write_text(path, page.html)
        shown = {
            "marked_text": dg.MetadataValue.path(path),
            "marked_record": dg.MetadataValue.md(page.markdown),
        }
        context.add_asset_metadata(shown, partition_key=page.month)


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


def _in_cells(name: str, dimension: str, keys: Iterable[str]) -> dict[str, Any]:
    """Keyword arguments of `@dg.asset` for a benchmark: a cell for each key and seed."""
    rows = dg.StaticPartitionsDefinition(list(keys))
    seeds = dg.StaticPartitionsDefinition([str(seed) for seed in SEEDS])
    cells = dg.MultiPartitionsDefinition({dimension: rows, "seed": seeds})
    return plain_asset(name, GROUP, {"pytorch"}, pool=GPU, partitions_def=cells)


@dg.asset(**_in_cells("ner_benchmark", "model", MODELS["ner"]))
def ner_benchmark(
    context: dg.AssetExecutionContext,
    config: BenchmarkConfig,
    settings: Settings,
    labeled_splits: pd.DataFrame,
) -> dg.MaterializeResult:
    """Strict F1 of one NER model and seed on the test split: a cell of the paper's Table 3."""
    return _benchmark(Cell.of("ner", _keys(context)), config, settings, labeled_splits)


@dg.asset(**_in_cells("relation_benchmark", "model", MODELS["relation"]))
def relation_benchmark(
    context: dg.AssetExecutionContext,
    config: BenchmarkConfig,
    settings: Settings,
    labeled_splits: pd.DataFrame,
) -> dg.MaterializeResult:
    """F1 of one relation model and seed on the test split: a cell of the paper's Tables 4 to 6."""
    cell = Cell.of("relation", _keys(context))
    return _benchmark(cell, config, settings, labeled_splits)


@dg.asset(**_in_cells("ner_learning_curve", "records", map(records_key, CURVE_RECORDS)))
def ner_learning_curve(
    context: dg.AssetExecutionContext,
    config: CurveConfig,
    settings: Settings,
    labeled_splits: pd.DataFrame,
) -> dg.MaterializeResult:
    """Strict F1 of a NER model that was trained on some records, chosen by the seed."""
    cell = Cell.of("ner", _keys(context), config.model or QUICK["ner"])
    return _benchmark(cell, config, settings, labeled_splits)


@dg.asset(**_in_cells("relation_learning_curve", "records", map(records_key, CURVE_RECORDS)))
def relation_learning_curve(
    context: dg.AssetExecutionContext,
    config: CurveConfig,
    settings: Settings,
    labeled_splits: pd.DataFrame,
) -> dg.MaterializeResult:
    """F1 of a relation model that was trained on some records, chosen by the seed."""
    cell = Cell.of("relation", _keys(context), config.model or QUICK["relation"])
    return _benchmark(cell, config, settings, labeled_splits)


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


def _keys(context: dg.AssetExecutionContext) -> Mapping[str, str]:
    return context.partition_key.keys_by_dimension


@training_packages()
def _benchmark(
    cell: Cell, config: BenchmarkConfig, settings: Settings, labelled: pd.DataFrame
) -> dg.MaterializeResult:
    from rakg_assets.extraction.benchmark import benchmark_cell
    from rakg_assets.extraction.inference import Extractor
    from rakg_assets.extraction.trials import Supplies

    folder, shelf = settings.place.benchmarks, shelf_of(settings)
    encoders = settings.place.models / "encoders"
    supplies = Supplies(settings.words, settings.best_encoder, encoders, config.epochs)
    between_found = cell.kind == "relation" and not missing_models(settings)
    finder = Extractor.load(shelf, settings.words) if between_found else None
    bar = progress_bar(cell.name, "batch")
    scores = benchmark_cell(cell, labelled, supplies, folder, finder, config.retrain, bar)
    return dg.MaterializeResult(
        metadata={
            "f1": scores["overall"]["f1"],
            "scores": dg.MetadataValue.json(dict(scores)),
            "tables": dg.MetadataValue.md(tables_text(folder, "github")),
        }
    )


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
