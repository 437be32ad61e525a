"""The command `rakg extract-text`: thin, what it needs is imported when it runs.

Does not belong here: the other commands (`cli.py`) or what it shows (`fusion/extract_text.py`).
"""

from __future__ import annotations

import io
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rakg_assets.cli_messages import said_plainly
from rakg_assets.cli_options import Home, keep_apart, settings_of

if TYPE_CHECKING:
    from rakg_assets.fusion.linking import LinksMentions

_STANDARD_INPUT = Path("-")
_WIDTH = 160  # columns of a table that goes into a file or pipe


class TextFormat(StrEnum):
    """How the answer is written."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


@said_plainly
def extract_text(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A record as plain text under any headings or none, in UTF-8, GB18030 or UTF-16; "
            "or any other format of the inbox; - reads standard input",
        ),
    ],
    format: Annotated[
        TextFormat, typer.Option(help="A table, a line of JSON a section, or one HTML page")
    ] = TextFormat.TABLE,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; else standard output")
    ] = None,
    home: Home = None,
) -> None:
    """Show what is found in one text: entities, assertions, learned relations, concepts.

    Names, ids, phones and addresses are masked with ＊ first, as in a run; no admission date is
    asked for. Masking goes by rule: treat the answer as confidential.
    """
    from rakg_assets.admissions.assets import inbox_settings
    from rakg_assets.extraction.resources import extractor_of
    from rakg_assets.fusion.extract_text import extract_sections, read_sections
    from rakg_assets.fusion.linking import Linker
    from rakg_assets.ontology.files import write_text

    keep_apart(source, out)
    settings = settings_of(home)
    limit, options = settings.max_file_bytes, inbox_settings(settings).read_options
    name = "standard input" if source == _STANDARD_INPUT else source.name
    file = read_sections(name, _bytes(source, limit + 1), options, limit)
    for refused in file.refused:
        typer.echo(f"rakg: {refused}", err=True)
    settings.place.activate()
    linker = Linker.load(settings.words)
    rows = extract_sections(file.sections, extractor_of(settings), linker)
    if out:
        write_text(out, _written(rows, format, linker))
    elif format == TextFormat.TABLE:
        _print_table(rows)
    else:
        sys.stdout.buffer.write(_written(rows, format, linker).encode("utf-8"))


def _bytes(source: Path, count: int) -> bytes:
    """The first bytes of the file. Raises `typer.BadParameter` if it cannot be read."""
    if source == _STANDARD_INPUT:
        return sys.stdin.buffer.read(count)
    if source.is_dir():
        raise typer.BadParameter(f"{source}: is a folder; name one file, or run `rakg run --inbox`")
    try:
        with source.open("rb") as file:
            return file.read(count)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        remedy = "check the path and its permissions, or give - to read standard input"
        raise typer.BadParameter(f"{source}: {reason}; {remedy}") from None


def _written(rows: list[Any], format: TextFormat, linker: LinksMentions) -> str:
    from rakg_assets.fusion.extract_text import rows_as_json, rows_as_page

    if format == TextFormat.JSON:
        return rows_as_json(rows)
    if format == TextFormat.HTML:
        return rows_as_page(rows, linker)
    return _table(rows)


def _table(rows: list[Any]) -> str:
    from rich.console import Console

    from rakg_assets.fusion.text_table import print_tables

    text = io.StringIO()
    print_tables(rows, Console(file=text, width=_WIDTH))
    return "".join(line.rstrip() + "\n" for line in text.getvalue().split("\n")[:-1])


def _print_table(rows: list[Any]) -> None:
    """In colour and the width of the terminal, if it is one."""
    from rich.console import Console

    from rakg_assets.fusion.text_table import print_tables

    if sys.stdout.isatty():
        print_tables(rows, Console())
    else:
        typer.echo(_table(rows), nl=False)
