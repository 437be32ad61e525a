"""The commands `rakg release …`, which make the models that ship: thin, late imports.

Does not belong here: encoders (`cli_training.py`) or what the commands do (`extraction/onnx/`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rakg_assets.cli_messages import said_plainly
from rakg_assets.cli_options import Home, current_settings
from rakg_assets.cli_training import (
    Encoder,
    Epochs,
    Seed,
    ner_config,
)

if TYPE_CHECKING:
    from rakg_assets.extraction.onnx.release import ReleaseData
    from rakg_assets.orchestration.resources import Settings

release_app = typer.Typer(
    no_args_is_help=True, help="Make models that need no torch, and use them."
)
_SAMPLE = (
    "synthetic records that ship with this project, written and annotated for it (Apache-2.0; no "
    "clinician has seen them)"
)

Out = Annotated[Path, typer.Option("--out", file_okay=False, help="Folder for the model")]
Working = Annotated[
    Path | None,
    typer.Option(help="Folder of checkpoints, to go on from; else one in the home"),
]


@release_app.command("ner")
@said_plainly
def release_ner(
    out: Out,
    encoder: Encoder = "",
    unlabelled: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="JSON Lines of texts to learn more from"),
    ] = None,
    epochs: Epochs = None,
    seed: Seed = 0,
    working: Working = None,
) -> None:
    """Train the entity model on the annotated records and write it as int8 for ONNX Runtime."""
    from rakg_assets.extraction.lexicon import Lexicon
    from rakg_assets.extraction.onnx import release
    from rakg_assets.orchestration.progress import progress_bar

    settings = current_settings()
    config = ner_config(settings, encoder, epochs=epochs, seed=seed)
    figures = release.release_ner(
        _release_data(settings, unlabelled or ()),
        config,
        out,
        working or settings.place.models / "release",
        Lexicon.load(settings.words),
        Path(config.encoder or "").name,
        progress_bar("release", "batch"),
    )
    for weights in ("float32", "int8"):
        typer.echo(f"{weights:<8} strict F1: {_f1s(figures[weights])}")
    typer.echo(f"model    {out}")


@release_app.command("relation")
@said_plainly
def release_relation(
    out: Out,
    encoder: Annotated[
        str,
        typer.Option(
            help="BERT-like folder or hub id; else $RAKG_ENCODER, else a BiLSTM over characters"
        ),
    ] = "",
    epochs: Epochs = None,
    seed: Seed = 0,
    working: Working = None,
    folds: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="N",
            help="Learn also from entities as found by as many NER models, each trained without "
            "the records that it searches",
        ),
    ] = 0,
) -> None:
    """Train the relation model on the annotated records and write it as int8 for ONNX Runtime."""
    from rakg_assets.extraction.ner import NerConfig
    from rakg_assets.extraction.onnx.ner import load_onnx_ner
    from rakg_assets.extraction.onnx.relation_release import release_relation
    from rakg_assets.extraction.relation import RelationConfig
    from rakg_assets.extraction.zoo import started_from
    from rakg_assets.orchestration.progress import progress_bar

    if folds == 1:
        raise typer.BadParameter("one part leaves no record to learn from", param_hint="--folds")
    settings = current_settings()
    start = encoder or settings.encoder
    chosen = started_from("relation", start) if start else {}
    figures = release_relation(
        _release_data(settings),
        RelationConfig(**{**chosen, "epochs": epochs, "seed": seed}),
        out,
        working or settings.place.models / "release",
        load_onnx_ner(settings.released / "ner"),
        settings.words,
        progress_bar("release", "batch"),
        [NerConfig(seed=fold) for fold in range(folds)],
    )
    for weights in ("float32", "int8"):
        for entities, scores in figures[weights].items():
            typer.echo(f"{weights:<8} F1 between {entities} entities: {_f1s(scores)}")
    typer.echo(f"model    {out}")


@release_app.command("use")
@said_plainly
def release_use(
    model: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="What a release wrote")
    ],
    home: Home = None,
) -> None:
    """Put a model of entities or relations in use in a home: the next run predicts with it."""
    from rakg_assets.extraction.inference import put_in_use
    from rakg_assets.extraction.resources import shelf_of

    kind, place = put_in_use(shelf_of(current_settings(home)), model)
    typer.echo(f"{kind} model in use: {place}")


def _release_data(settings: Settings, unlabelled: Sequence[Path] = ()) -> ReleaseData:
    """The annotated records by split, and the texts of JSON Lines files to learn more from."""
    from rakg_assets.corpus.splits import split_source
    from rakg_assets.extraction.labelled_lines import read_labelled_lines
    from rakg_assets.extraction.onnx.release import ReleaseData

    table = split_source(settings.annotation_source, settings.split_seed)
    more = [d for path in unlabelled for d in read_labelled_lines(path)]
    origin = "" if settings.annotations else _SAMPLE
    return ReleaseData.of(table, unlabelled=more, origin=origin)


def _f1s(scores: Mapping[str, Any]) -> str:
    return ", ".join(f"{part} {scores[part]['overall']['f1']:.2f}" for part in ("dev", "test"))
