"""The commands `rakg dictionaries …`: thin, late imports.

Does not belong here: the other commands (`cli.py`) or what they do (`ontology/`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rakg_assets.cli_messages import said_plainly, term_format
from rakg_assets.cli_options import settings_of
from rakg_assets.ontology.schema import EntityType

dictionaries_app = typer.Typer(no_args_is_help=True, help="Check dictionaries, import term lists.")


@dictionaries_app.command("check")
@said_plainly
def dictionaries_check() -> None:
    """Validate the dictionaries; exits 1 if anything is wrong."""
    from rakg_assets.fusion.overrides import read_overrides
    from rakg_assets.ontology.dictionaries import load_dictionaries
    from rakg_assets.ontology.dictionary_rules import validate

    words = settings_of().words
    dictionaries = load_dictionaries(words)
    read_overrides(words, dictionaries)
    problems = validate(dictionaries)
    for problem in problems:
        typer.echo(str(problem))
    for kind, dictionary in dictionaries.items():
        typer.echo(f"{kind.value}: {len(dictionary.concepts)} concepts")
    raise typer.Exit(1 if problems else 0)


@dictionaries_app.command("import")
@said_plainly
def dictionaries_import(
    format: Annotated[
        str,
        typer.Argument(
            callback=term_format,
            help="icd10, icd9cm3, nmpa, insurance, meddra, snomed, loinc, words",
        ),
    ],
    source: Annotated[Path, typer.Argument(exists=True, help="File, or folder of a release")],
    type: Annotated[EntityType, typer.Option(help="Entity type that the list fills")],
    out: Annotated[Path, typer.Option(help="Folder to write to")],
    into: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Dictionaries to merge into")
    ] = None,
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook; else all that fit")] = "",
    under: Annotated[
        list[str] | None, typer.Option(help="Only what lies under this code; may be repeated")
    ] = None,
    least: Annotated[int, typer.Option(min=0, help="Leave out words seen less often")] = 0,
    english: Annotated[
        bool, typer.Option("--english", help="Take entries without Chinese name too")
    ] = False,
) -> None:
    """Make a dictionary of an official term list, or merge the list into dictionaries."""
    from rakg_assets.ontology.importers.registry import FORMATS
    from rakg_assets.ontology.importers.target import import_terms
    from rakg_assets.ontology.importers.terms import ReadOptions

    options = ReadOptions(type, sheet, tuple(under or ()), least)
    report = import_terms(FORMATS[format], source, options, out, into, english)
    for line in report.lines():
        typer.echo(line)
    typer.echo(f"written: {out / type.value}.csv")
    if report.remarks:
        typer.echo(f"told one by one: {out / type.value}.{format}.report.csv")


@dictionaries_app.command("calibrate")
@said_plainly
def dictionaries_calibrate() -> None:
    """Fit anew how likely a similar name is the right one; after large changes of names."""
    from rakg_assets.fusion.calibrating import fit_curves
    from rakg_assets.fusion.calibration import FILE_NAME, write_calibration
    from rakg_assets.fusion.linking import WORD_LISTS
    from rakg_assets.fusion.normalise import Normaliser
    from rakg_assets.ontology.dictionaries import load_dictionaries

    words = settings_of().words
    lists = words / WORD_LISTS
    write_calibration(lists, fit_curves(load_dictionaries(words), Normaliser(lists)))
    typer.echo(f"curves of {len(EntityType)} types in {lists / FILE_NAME}")
