"""The commands `rakg bench-…` of extraction: thin, late imports.

Does not belong here: the other commands (`cli.py`) or what they do (`extraction/`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rakg_assets.cli_messages import one_of, said_plainly
from rakg_assets.cli_options import Home, current_settings

_PACKAGE = Path(__file__).parent


@said_plainly
def bench_extraction(
    texts: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="JSON Lines with text; else the sample's"),
    ] = None,
    model: Annotated[
        Path,
        typer.Option(exists=True, file_okay=False, help="A release folder of entity recognition"),
    ] = _PACKAGE / "released" / "ner",
    threads: Annotated[int | None, typer.Option(min=1, help="CPU threads; else all cores")] = None,
) -> None:
    """Time the released entity recognition beside the same weights in transformers pipelines."""
    from rakg_assets.extraction.speed.report import speed_table
    from rakg_assets.extraction.speed.texts import sentences_of_file, shipped_sentences

    sample = _PACKAGE / "sample" / "records"
    documents = sentences_of_file(texts) if texts else shipped_sentences(sample)
    typer.echo(speed_table(model, documents, threads))


@said_plainly
def bench_relations(
    encoder: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="BERT-like folder")
    ] = _PACKAGE / "released" / "encoder",
    model: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="A release folder of relations")
    ] = _PACKAGE / "released" / "relation",
    sentences: Annotated[int, typer.Option(min=8, help="Sentences of the sample")] = 120,
    threads: Annotated[int | None, typer.Option(min=1, help="CPU threads; else all cores")] = None,
) -> None:
    """Time packed pairs, one pass a pair and a plain transformers classifier, same weights."""
    from rakg_assets.extraction.speed.relations_report import relation_speed_table

    sample = _PACKAGE / "sample" / "records"
    typer.echo(relation_speed_table(encoder, model, sample, sentences, threads))


@said_plainly
def bench_ablation(
    records: Annotated[int, typer.Option(min=2, help="Records to train on")] = 30,
    seeds: Annotated[int, typer.Option(min=1, help="Trainings a method")] = 2,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Epochs; else as many as the amount of data asks for")
    ] = None,
    method: Annotated[
        list[str] | None,
        typer.Option(help="Only this row of the table; give --method again for more"),
    ] = None,
    encoder: Annotated[str, typer.Option(help="BERT-like folder; else the one that ships")] = "",
    home: Home = None,
) -> None:
    """What each method of training from few records brings, on the sample's test split."""
    from rakg_assets.corpus.splits import split_source
    from rakg_assets.extraction.ablation import ABLATIONS, ablate, ablation_table
    from rakg_assets.extraction.trials import Supplies

    methods = [one_of(name, ABLATIONS) for name in method or ABLATIONS]
    settings = current_settings(home)
    figures = ablate(
        split_source(settings.annotation_source, settings.split_seed),
        records,
        seeds,
        Supplies(settings.words, encoder or settings.best_encoder),
        settings.place.reports / "ablation",
        methods,
        epochs=epochs,
        tell=lambda method, f1: typer.echo(f"{method}: {f1:.2f}", err=True),
    )
    typer.echo(f"entities, strict spans, F1 in percent, {records} records, {seeds} seeds")
    typer.echo(ablation_table(figures))


@said_plainly
def bench_assertion(
    seeds: Annotated[int, typer.Option(min=1, help="Trainings a classifier")] = 3,
    encoder: Annotated[
        str, typer.Option(help="BERT-like folder to start from; else from nothing")
    ] = "",
    home: Home = None,
) -> None:
    """The cue rules of assertion beside learned classifiers, on the sample's test split."""
    from rakg_assets.corpus.splits import split_source
    from rakg_assets.extraction.assertion import AssertionRules
    from rakg_assets.extraction.assertion_comparison import assertion_table, compare_assertions

    settings = current_settings(home)
    scores = compare_assertions(
        split_source(settings.annotation_source, settings.split_seed),
        seeds,
        AssertionRules.load(settings.words),
        encoder or None,
        tell=lambda row, f1: typer.echo(f"{row}: {f1:.2f}", err=True),
    )
    typer.echo(f"assertion of gold entities, F1 in percent, {seeds} seeds (support)")
    typer.echo(assertion_table(scores))
