"""The commands `rakg review …` and `rakg bench-linking`: thin, late imports.

Does not belong here: the other commands (`cli.py`) or what they do (`fusion/`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rakg_assets.cli_messages import review_format, said_plainly
from rakg_assets.cli_options import Home, settings_of

review_app = typer.Typer(no_args_is_help=True, help="Let a clinician decide what was not linked.")


@review_app.command("export")
@said_plainly
def review_export(
    target: Annotated[Path, typer.Argument(dir_okay=False, help="File to write")],
    format: Annotated[
        str, typer.Option(callback=review_format, help="csv or label_studio")
    ] = "csv",
    limit: Annotated[int | None, typer.Option(min=1, help="Only the most frequent forms")] = None,
    home: Home = None,
) -> None:
    """Write the review queue as a file to fill in: no text of a record but the mention itself."""
    from rakg_assets.fusion.review_files import EXPORTS
    from rakg_assets.ontology.tables import TABLES
    from rakg_assets.orchestration.storage import read_table, table_path

    settings = settings_of(home)
    table, tables = TABLES["review_queue"], settings.place.tables
    if not table_path(tables, table).exists():
        raise typer.BadParameter(f"{settings.place.root} has no review queue; run `rakg run` first")
    if target.exists():
        raise typer.BadParameter(f"{target} exists; apply its answers or name another file")
    queue = read_table(tables, table)
    queue = queue.head(len(queue) if limit is None else limit)
    for file in EXPORTS[format](queue, target):
        typer.echo(f"{len(queue)} surface forms: {file}")


@review_app.command("apply")
@said_plainly
def review_apply(
    answers: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Filled-in CSV, Label Studio JSON")
    ],
) -> None:
    """Add answers to overrides.csv of $RAKG_DICTIONARIES; the next run applies them."""
    from rakg_assets.fusion.overrides import FILE_NAME, add_decisions
    from rakg_assets.fusion.review_files import read_decisions
    from rakg_assets.ontology.dictionaries import load_dictionaries

    words = settings_of().words
    decisions = read_decisions(answers)
    if not decisions:
        raise typer.BadParameter(f"{answers}: no answer is filled in; put ids into concept_id")
    add_decisions(words, decisions, load_dictionaries(words))
    typer.echo(f"answers: {len(decisions)}, added to {words / FILE_NAME}")


@said_plainly
def bench_linking(
    speed: Annotated[bool, typer.Option(help="Measure throughput too")] = True,
) -> None:
    """Score the linker on pairs it was not tuned on, and time it, beside other matchers."""
    from rakg_assets.fusion.benchmark.pairs import read_pairs
    from rakg_assets.fusion.benchmark.report import accuracy_tables, throughput_table
    from rakg_assets.fusion.benchmark.throughput import MENTIONS, TERMS, large_dictionary, measure
    from rakg_assets.fusion.calibration import read_calibration
    from rakg_assets.fusion.linking import WORD_LISTS, Linker
    from rakg_assets.fusion.normalise import Normaliser
    from rakg_assets.ontology.dictionaries import load_dictionaries
    from rakg_assets.ontology.schema import EntityType

    words = settings_of().words
    dictionaries = load_dictionaries(words)
    pairs = Path(__file__).with_name("sample") / "linking"
    tuning, test = (read_pairs(pairs / f"{name}.tsv") for name in ("tuning", "test"))
    typer.echo(accuracy_tables(Linker.load(words), dictionaries, tuning, test))
    if speed:
        lists = words / WORD_LISTS
        curve = read_calibration(lists)[EntityType.DISEASE]
        speeds = measure(large_dictionary(dictionaries), Normaliser(lists), curve)
        typer.echo("\n" + throughput_table(speeds, TERMS, MENTIONS))
