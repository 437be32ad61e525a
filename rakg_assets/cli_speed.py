"""The commands `rakg bench-extraction` and `rakg bench-ablation`: thin, late imports.

Does not belong here: the other commands (`cli.py`) or what they do (`extraction/`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rakg_assets.cli_messages import said_plainly

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
    home: Annotated[Path | None, typer.Option(help="Folder of all output")] = None,
) -> None:
    """What each method of training from few records brings, on the sample's test split."""
    from rakg_assets.corpus.splits import split_source
    from rakg_assets.extraction.ablation import ABLATIONS, ablate, ablation_table
    from rakg_assets.orchestration.resources import Settings

    if unknown := set(method or ()) - ABLATIONS.keys():
        raise typer.BadParameter(f"no method is named {unknown.pop()}; take {', '.join(ABLATIONS)}")
    settings = Settings.from_environment(home=str(home) if home else None)
    settings.place.activate()
    figures = ablate(
        split_source(settings.annotation_source, settings.split_seed),
        records,
        seeds,
        settings.words,
        encoder or settings.best_encoder,
        settings.place.reports / "ablation",
        method or tuple(ABLATIONS),
        epochs=epochs,
        tell=lambda method, f1: typer.echo(f"{method}: {f1:.2f}", err=True),
    )
    typer.echo(f"entities, strict spans, F1 in percent, {records} records, {seeds} seeds")
    typer.echo(ablation_table(figures))
