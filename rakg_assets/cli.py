"""The command line: `rakg …`. Commands are thin; what they need is imported when they run.

Does not belong here: what is said when something is wrong (`cli_messages.py`).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rakg_assets.cli_annotations import annotations_app
from rakg_assets.cli_dictionaries import dictionaries_app
from rakg_assets.cli_graph import graph_app
from rakg_assets.cli_linking import bench_linking, review_app
from rakg_assets.cli_messages import month, ner_model, said_plainly
from rakg_assets.cli_neo4j import bench_neo4j, neo4j_app
from rakg_assets.cli_options import Home, current_settings, keep_apart
from rakg_assets.cli_release import release_app
from rakg_assets.cli_speed import (
    bench_ablation,
    bench_assertion,
    bench_extraction,
    bench_relations,
)
from rakg_assets.cli_text import extract_text
from rakg_assets.cli_training import encoder_app

if TYPE_CHECKING:
    from rakg_assets.orchestration.launch import Outcome

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
inbox_app = typer.Typer(no_args_is_help=True, help="Look at an inbox before it is ingested.")
app.add_typer(inbox_app, name="inbox")
app.add_typer(annotations_app, name="annotations")
app.add_typer(dictionaries_app, name="dictionaries")
app.add_typer(review_app, name="review")
app.add_typer(graph_app, name="graph")
app.add_typer(encoder_app, name="encoder")
app.add_typer(release_app, name="release")
app.add_typer(neo4j_app, name="neo4j")
app.command("extract-text")(extract_text)
app.command("bench-linking")(bench_linking)
app.command("bench-extraction")(bench_extraction)
app.command("bench-ablation")(bench_ablation)
app.command("bench-assertion")(bench_assertion)
app.command("bench-relations")(bench_relations)
app.command("bench-neo4j")(bench_neo4j)

MaxBytes = Annotated[int | None, typer.Option(min=1, help="Larger files are quarantined")]
Month = Annotated[
    str | None,
    typer.Option(
        metavar="YYYY-MM",
        callback=month,
        help="Month of records without any date",
    ),
]
Mapping = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="TOML file with column names")
]
InFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
Out = Annotated[Path, typer.Option("--out", help="File to write")]


@inbox_app.command("check")
@said_plainly
def inbox_check(
    folder: Annotated[str, typer.Argument(help="Folder or fsspec URL")],
    report: Annotated[Path, typer.Option(help="JSON file to write")],
    max_file_bytes: MaxBytes = None,
    default_month: Month = None,
    mapping: Mapping = None,
) -> None:
    """Say what would become of each file; writes nothing but the report."""
    from collections import Counter

    from rakg_assets.admissions.assets import inbox_settings
    from rakg_assets.admissions.manifest import build_manifest, file_report
    from rakg_assets.ontology.files import write_text
    from rakg_assets.orchestration.progress import progress_bar
    from rakg_assets.orchestration.resources import Settings

    values = _inbox_values(max_file_bytes, default_month, mapping)
    settings = Settings.from_environment(**values)
    bar = progress_bar("inbox", "file")
    files = file_report(build_manifest(folder, inbox_settings(settings), None, None, bar))
    write_text(report, json.dumps(files, ensure_ascii=False, indent=1) + "\n")
    for outcome, count in sorted(Counter(file["outcome"] for file in files).items()):
        typer.echo(f"{outcome}: {count}")


@app.command("run")
@said_plainly
def run(
    inbox: Annotated[str | None, typer.Option(help="Folder or fsspec URL of records")] = None,
    home: Home = None,
    through: Annotated[
        str | None, typer.Option(help="Last asset to materialise; a training runs only if named")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Failing checks fail the run")] = False,
    max_file_bytes: MaxBytes = None,
    default_month: Month = None,
    mapping: Mapping = None,
) -> None:
    """Bring everything up to date with the inbox, for every month touched."""
    values = _inbox_values(max_file_bytes, default_month, mapping)
    _launch(strict, through, home=_text(home), inbox=inbox, **values)


@app.command("demo")
@said_plainly
def demo(home: Home = None) -> None:
    """Run the whole pipeline on the sample inbox and sum it up."""
    from rakg_assets.graph.overview import overview
    from rakg_assets.ontology.tables import TABLES
    from rakg_assets.orchestration.storage import read_table

    _launch(False, None, home=_text(home), inbox="")
    place = current_settings(home).place
    tables = {name: read_table(place.tables, table) for name, table in TABLES.items()}
    typer.echo(overview(tables))
    typer.echo("Most of these records are generated, for scale: no model is measured on them.")
    typer.echo(f"report   {place.reports / 'graph.html'}")
    typer.echo(f"graph    {place.graph / 'rakg.lbug'}")
    typer.echo(f"UI       rakg ui --home {place.root}   (opens http://127.0.0.1:3000)")


@app.command("sample")
@said_plainly
def sample(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="A new or an empty folder")],
    count: Annotated[int, typer.Option(min=1, help="Good records; 1 % defective files on top")] = (
        1986
    ),
    seed: Annotated[int, typer.Option(help="Another seed, other patients")] = 7,
) -> None:
    """Write an inbox of generated records, for scale and demonstration."""
    from rakg_assets.orchestration.progress import progress_bar
    from rakg_assets.sample.generator import generate

    if folder.exists() and any(folder.iterdir()):
        raise typer.BadParameter(f"{folder} is not empty; name a new folder")
    bar = progress_bar("sample", "record")
    typer.echo(str(generate(folder, count, seed, bar, current_settings().words)))


@app.command("ui")
@said_plainly
def ui(home: Home = None, port: int = 3000) -> None:
    """Open the Dagster UI on loopback, with the daemon, for one home."""
    import os

    import dagster

    from rakg_assets.orchestration.leftovers import BusyError, close_leftovers, take_lock

    place = current_settings(home).place
    try:
        lock = take_lock(place.prepare_dagster() / "daemon.lock")
    except BusyError:
        raise BusyError(f"the UI of {place.root} is already open; close that one first") from None
    with dagster.DagsterInstance.from_config(str(place.dagster)) as instance:
        close_leftovers(instance, of_launcher=False)
    os.set_inheritable(lock, True)  # the lock lasts as long as the program that takes over
    os.environ.update(DAGSTER_HOME=str(place.prepare_dagster()), RAKG_HOME=str(place.root))
    program = str(Path(sys.executable).with_name("dagster"))
    location = ["-m", "rakg_assets.definitions", "-h", "127.0.0.1", "-p", str(port)]
    os.execv(program, [program, "dev", *location])


@app.command("link")
@said_plainly
def link(source: InFile, out: Out) -> None:
    """Link mentions (columns type, mention) to the concepts of the dictionaries."""
    from rakg_assets.fusion.linking import Linker, link_file

    keep_apart(source, out)
    link_file(source, out, Linker.load(current_settings().words))


@app.command("extract")
@said_plainly
def extract(source: InFile, out: Out, home: Home = None) -> None:
    """Entities, assertions, learned relations and concepts of each line of JSON Lines."""
    from rakg_assets.extraction.resources import extractor_of
    from rakg_assets.fusion.extract import extract_file
    from rakg_assets.fusion.linking import Linker

    keep_apart(source, out)
    settings = current_settings(home)
    extract_file(source, out, extractor_of(settings), Linker.load(settings.words))


@app.command("benchmark")
@said_plainly
def benchmark(
    train: Annotated[Path, typer.Option(exists=True, dir_okay=False)],
    dev: Annotated[Path, typer.Option(exists=True, dir_okay=False)],
    test: Annotated[Path, typer.Option(exists=True, dir_okay=False)],
    out: Out,
    seeds: Annotated[int, typer.Option(min=1)] = 1,
    model: Annotated[
        str, typer.Option(callback=ner_model, help="A model of extraction/zoo.py")
    ] = "encoder-bilstm-crf-features",
    home: Home = None,
) -> None:
    """Train a NER model on labelled JSON Lines and score it, strict spans in percent."""
    from rakg_assets.extraction.benchmark import benchmark_files
    from rakg_assets.extraction.trials import BenchmarkError, Supplies
    from rakg_assets.ontology.files import write_text
    from rakg_assets.orchestration.progress import progress_bar

    settings = current_settings(home)
    bar = progress_bar(model, "batch")
    supplies = Supplies(settings.words, settings.best_encoder, settings.place.models / "encoders")
    try:
        result = benchmark_files(train, dev, test, model, seeds, supplies, bar)
    except BenchmarkError as error:
        raise typer.BadParameter(str(error), param_hint="--model") from None
    write_text(out, json.dumps(result, ensure_ascii=False, indent=1) + "\n")


@app.command("bench")
@said_plainly
def bench(
    tables: Annotated[
        bool, typer.Option("--tables", help="All models and the learning curves; takes hours")
    ] = False,
    seeds: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=5,
            help="Trainings a model; else 3, with --tables 5, but 3 of those with an encoder",
        ),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(
            min=1, help="Epochs of the models that start from an encoder; else about 1,000 steps"
        ),
    ] = None,
    home: Home = None,
) -> None:
    """Compare models on the sample's test split, over seeds; what was done before is kept.

    Without --tables only the models that need no encoder.
    """
    from rakg_assets.definitions import build_launcher
    from rakg_assets.extraction.cells import cells_to_run
    from rakg_assets.extraction.extras import require_training_packages
    from rakg_assets.extraction.result_tables import tables_text

    require_training_packages()
    launcher = build_launcher(lambda line: typer.echo(line, err=True), home=_text(home))
    cells = cells_to_run(tables, seeds or (None if tables else 3))
    outcome = launcher.run_cells(cells, {"epochs": epochs})
    typer.echo(tables_text(current_settings(home).place.benchmarks))
    _tell(outcome, strict=False)


def _inbox_values(
    max_file_bytes: int | None, default_month: str | None, mapping: Path | None
) -> dict[str, Any]:
    return {
        "max_file_bytes": max_file_bytes,
        "default_month": default_month,
        "mapping": _text(mapping),
    }


def _text(path: Path | None) -> str | None:
    return str(path) if path else None


def _launch(strict: bool, through: str | None, **values: Any) -> None:
    """Run what is stale, say what went wrong, exit 1 if something was not materialised."""
    from rakg_assets.definitions import build_launcher
    from rakg_assets.orchestration.launch import LaunchError

    launcher = build_launcher(lambda line: typer.echo(line, err=True), **values)
    try:
        outcome = launcher.run(through)
    except LaunchError as error:
        raise typer.BadParameter(str(error), param_hint="--through") from None
    _tell(outcome, strict)


def _tell(outcome: Outcome, strict: bool) -> None:
    for check in outcome.broken_checks:
        typer.echo(f"check failed: {check}", err=True)
    for failure in outcome.failures:
        typer.echo(f"failed: {failure}; see the run in `rakg ui`", err=True)
    typer.echo(f"materialised {len(set(outcome.materialised))} assets")
    if outcome.failures or (strict and outcome.broken_checks):
        raise typer.Exit(1)
