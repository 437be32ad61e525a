"""The command line: `rakg …`. Commands are thin; what they need is imported when they run.

Errors that a person can mend are said in one sentence and exit 1; a usage error exits 2.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
inbox_app = typer.Typer(no_args_is_help=True, help="Look at an inbox before it is ingested.")
annotations_app = typer.Typer(no_args_is_help=True, help="Check and convert annotations.")
dictionaries_app = typer.Typer(no_args_is_help=True, help="Check the dictionaries.")
app.add_typer(inbox_app, name="inbox")
app.add_typer(annotations_app, name="annotations")
app.add_typer(dictionaries_app, name="dictionaries")

Home = Annotated[Path | None, typer.Option(help="Folder of all output; else $RAKG_HOME, .rakg")]
MaxBytes = Annotated[int | None, typer.Option(min=1, help="Larger files are quarantined")]
Month = Annotated[
    str | None, typer.Option(metavar="YYYY-MM", help="Month of records without any date")
]
Mapping = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="TOML file with column names")
]
InFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
Out = Annotated[Path, typer.Option("--out", help="File to write")]


def _said_plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Turn an error that names its remedy into one line; our messages never hold record text."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except OSError as error:
            _fail(f"{error.filename or 'file'}: {error.strerror or type(error).__name__}")
        except Exception as error:
            # Only our own errors promise to hold no record text.
            ours = type(error).__module__.startswith("rakg_assets")
            if isinstance(error, typer.Exit):
                raise
            _fail(str(error) if ours else f"unexpected {type(error).__name__}; see the run's log")

    return run


def _fail(message: str) -> None:
    typer.echo(f"rakg: {message}", err=True)
    raise typer.Exit(1)


def _settings(home: Path | None = None, **values: Any) -> Any:
    from rakg_assets.orchestration.resources import Settings

    settings = Settings.from_environment(home=str(home) if home else None, **values)
    settings.place.activate()
    return settings


@inbox_app.command("check")
@_said_plainly
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
    from rakg_assets.orchestration.progress import progress_bar
    from rakg_assets.orchestration.resources import Settings
    from rakg_assets.orchestration.storage import write_atomically

    values = _inbox_values(max_file_bytes, default_month, mapping)
    settings = Settings.from_environment(**values)
    bar = progress_bar("inbox", "file")
    files = file_report(build_manifest(folder, inbox_settings(settings), None, None, bar))
    text = json.dumps(files, ensure_ascii=False, indent=1)
    write_atomically(report, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    for outcome, count in sorted(Counter(file["outcome"] for file in files).items()):
        typer.echo(f"{outcome}: {count}")


@app.command("run")
@_said_plainly
def run(
    inbox: Annotated[str | None, typer.Option(help="Folder or fsspec URL of records")] = None,
    home: Home = None,
    through: Annotated[str | None, typer.Option(help="Last asset to materialise")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Failing checks fail the run")] = False,
    max_file_bytes: MaxBytes = None,
    default_month: Month = None,
    mapping: Mapping = None,
) -> None:
    """Bring everything up to date with the inbox, for every month touched."""
    values = _inbox_values(max_file_bytes, default_month, mapping)
    _launch(strict, through, home=_text(home), inbox=inbox, **values)


@app.command("demo")
@_said_plainly
def demo(home: Home = None) -> None:
    """Run the whole pipeline on the sample inbox and sum it up."""
    from rakg_assets.graph.overview import overview
    from rakg_assets.ontology.tables import TABLES
    from rakg_assets.orchestration.storage import read_table

    _launch(False, None, home=_text(home), inbox="")
    place = _settings(home).place
    tables = {name: read_table(place.tables, table) for name, table in TABLES.items()}
    typer.echo(overview(tables))
    typer.echo(f"report   {place.reports / 'graph.html'}")
    typer.echo(f"graph    {place.graph / 'rakg.lbug'}")
    typer.echo(f"UI       rakg ui --home {place.root}   (opens http://127.0.0.1:3000)")


@app.command("ui")
@_said_plainly
def ui(home: Home = None, port: int = 3000) -> None:
    """Open the Dagster UI on loopback, with the daemon, for one home."""
    import os

    place = _settings(home).place
    os.environ.update(DAGSTER_HOME=str(place.prepare_dagster()), RAKG_HOME=str(place.root))
    dagster = str(Path(sys.executable).with_name("dagster"))
    location = ["-m", "rakg_assets.definitions", "-h", "127.0.0.1", "-p", str(port)]
    os.execv(dagster, [dagster, "dev", *location])


@app.command("link")
@_said_plainly
def link(source: InFile, out: Out) -> None:
    """Link mentions (columns type, mention) to the concepts of the dictionaries."""
    from rakg_assets.fusion.linking import Linker, link_file

    link_file(source, out, Linker.load(_settings().words))


@app.command("extract")
@_said_plainly
def extract(source: InFile, out: Out, home: Home = None) -> None:
    """Entities, assertions, learned relations and concepts of each line of JSON Lines."""
    from rakg_assets.extraction.assets import extractor_of
    from rakg_assets.fusion.extract import extract_file
    from rakg_assets.fusion.linking import Linker

    settings = _settings(home)
    extract_file(source, out, extractor_of(settings), Linker.load(settings.words))


@app.command("benchmark")
@_said_plainly
def benchmark(
    train: Annotated[Path, typer.Option(exists=True, dir_okay=False)],
    dev: Annotated[Path, typer.Option(exists=True, dir_okay=False)],
    test: Annotated[Path, typer.Option(exists=True, dir_okay=False)],
    out: Out,
    seeds: Annotated[int, typer.Option(min=1)] = 1,
    model: str = "bilstm-crf-features",
    home: Home = None,
) -> None:
    """Train a NER model on labelled JSON Lines and score it, strict spans in percent."""
    from rakg_assets.extraction.benchmark import benchmark_files

    settings = _settings(home)
    result = benchmark_files(train, dev, test, model, seeds, settings.words, settings.encoder)
    out.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")


@annotations_app.command("check")
@_said_plainly
def annotations_check(
    source: Annotated[Path | None, typer.Argument(help="File or folder; else the sample")] = None,
) -> None:
    """Read annotations and test the rules of the guideline; exits 1 if any is broken."""
    from rakg_assets.corpus.annotations import read_annotations
    from rakg_assets.corpus.guideline import check_records

    records, problems = read_annotations(source or _settings().annotation_source)
    found = [*problems, *check_records(records)]
    for problem in found:
        typer.echo(str(problem))
    typer.echo(f"{len(records)} records, {len(found)} problems")
    raise typer.Exit(1 if found else 0)


@annotations_app.command("convert")
@_said_plainly
def annotations_convert(
    source: Annotated[Path, typer.Argument(exists=True)],
    target: Path,
    format: Annotated[str, typer.Option(help="markup, brat, label_studio or doccano")],
) -> None:
    """Read annotations of any format and write them in another; says what was lost."""
    from rakg_assets.corpus.annotations import read_annotations, write_annotations

    records, problems = read_annotations(source)
    for line in [*map(str, problems), *write_annotations(records, format, target)]:
        typer.echo(line, err=True)
    typer.echo(f"{len(records)} records written to {target}")


@dictionaries_app.command("check")
@_said_plainly
def dictionaries_check() -> None:
    """Validate the dictionaries; exits 1 if anything is wrong."""
    from rakg_assets.ontology.dictionaries import load_dictionaries, validate

    dictionaries = load_dictionaries(_settings().words)
    problems = validate(dictionaries)
    for problem in problems:
        typer.echo(str(problem))
    for kind, dictionary in dictionaries.items():
        typer.echo(f"{kind.value}: {len(dictionary.concepts)} concepts")
    raise typer.Exit(1 if problems else 0)


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

    outcome = build_launcher(lambda line: typer.echo(line, err=True), **values).run(through)
    for check in outcome.broken_checks:
        typer.echo(f"check failed: {check}", err=True)
    for failure in outcome.failures:
        typer.echo(f"failed: {failure}; see the run in `rakg ui`", err=True)
    typer.echo(f"materialised {len(set(outcome.materialised))} assets")
    if outcome.failures or (strict and outcome.broken_checks):
        raise typer.Exit(1)
