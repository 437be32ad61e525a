"""The commands `rakg annotations …`: thin, late imports.

Does not belong here: the other commands (`cli.py`) or what they do (`corpus/`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rakg_assets.cli_messages import annotation_format, said_plainly
from rakg_assets.cli_options import settings_of

annotations_app = typer.Typer(no_args_is_help=True, help="Check, count and convert annotations.")

Annotations = Annotated[
    Path | None, typer.Argument(exists=True, help="File or folder; else the sample")
]


@annotations_app.command("check")
@said_plainly
def annotations_check(source: Annotations = None) -> None:
    """Read annotations, test the rules of the guideline, and whether like words are labelled alike.

    Exits 1 if anything was found.
    """
    from rakg_assets.corpus.annotations import read_annotations
    from rakg_assets.corpus.consistency import check_consistency, read_exceptions
    from rakg_assets.corpus.guideline import check_records

    folder = source or _sample()
    records, problems = read_annotations(folder)
    found = [*problems, *check_records(records)]
    found += check_consistency(records, read_exceptions(folder))
    for problem in found:
        typer.echo(str(problem))
    typer.echo(f"{len({r.id for r in records})} records, {len(found)} problems")
    raise typer.Exit(1 if found else 0)


@annotations_app.command("summary")
@said_plainly
def annotations_summary(source: Annotations = None) -> None:
    """Count entities and relations, and say how far two annotators agree."""
    from rakg_assets.corpus.agreement import as_markdown
    from rakg_assets.corpus.annotations import read_annotations
    from rakg_assets.corpus.summary import summary

    records, _ = read_annotations(source or _sample())
    typer.echo(f"{summary(records)}\n\n{as_markdown(records)}")


@annotations_app.command("convert")
@said_plainly
def annotations_convert(
    source: Annotated[Path, typer.Argument(exists=True)],
    target: Path,
    format: Annotated[
        str, typer.Option(callback=annotation_format, help="markup, brat, label_studio, doccano")
    ],
) -> None:
    """Read annotations of any format and write them in another; says what was lost."""
    from rakg_assets.corpus.annotations import read_annotations, write_annotations

    records, problems = read_annotations(source)
    for line in [*map(str, problems), *write_annotations(records, format, target)]:
        typer.echo(line, err=True)
    typer.echo(f"{len(records)} records written to {target}")


def _sample() -> Path:
    return settings_of().annotation_source
