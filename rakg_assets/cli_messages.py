"""What the command line says when something is wrong.

An error that a person can mend is said in one sentence and exits 1; a usage error exits 2. No
message holds text of a record. Does not belong here: the commands (`cli.py`).
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

import typer

from rakg_assets.extraction.extras import training_packages


def said_plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Turn an error of a command into one line that names place, reason and remedy."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            with training_packages():
                command(*args, **kwargs)
        except (typer.Exit, typer.BadParameter):
            raise
        except OSError as error:
            reason = error.strerror or type(error).__name__
            remedy = "check the path, its permissions and the space on the disk"
            _fail(f"{error.filename or 'file'}: {reason}; {remedy}")
        except Exception as error:
            # Only our own errors promise to hold no record text.
            ours = type(error).__module__.startswith("rakg_assets")
            _fail(str(error) if ours else _fault(error))

    return run


def _fail(message: str) -> None:
    typer.echo(f"rakg: {message}", err=True)
    raise typer.Exit(1)


def _fault(error: Exception) -> str:
    """Name the place of an error that nobody foresaw, without its words: they may be a record's."""
    package = Path(__file__).parent
    frames = traceback.extract_tb(error.__traceback__)
    frame = [frame for frame in frames if package in Path(frame.filename).parents][-1]
    place = Path(frame.filename).relative_to(package.parent)
    kind = type(error).__name__
    return f"{place}, line {frame.lineno}: unexpected {kind}; a fault of rakg: report this line"


def month(value: str | None) -> str | None:
    """An option that is a month YYYY-MM. Raises `typer.BadParameter`."""
    from rakg_assets.orchestration.partitions import is_month

    if value is not None and not is_month(value):
        raise typer.BadParameter("write the month as YYYY-MM")
    return value


def ner_model(value: str) -> str:
    """An option that names a NER model. Raises `typer.BadParameter`."""
    from rakg_assets.extraction.zoo import NER_MODELS

    return one_of(value, NER_MODELS)


def annotation_format(value: str) -> str:
    """An option that names a format of annotations. Raises `typer.BadParameter`."""
    from rakg_assets.corpus.formats import FORMATS

    return one_of(value, FORMATS)


def term_format(value: str) -> str:
    """An argument that names a format of term lists. Raises `typer.BadParameter`."""
    from rakg_assets.ontology.importers.registry import FORMATS

    return one_of(value, FORMATS)


def review_format(value: str) -> str:
    """An option that names a format of the review queue. Raises `typer.BadParameter`."""
    from rakg_assets.fusion.review_files import EXPORTS

    return one_of(value, EXPORTS)


def one_of(value: str, names: Iterable[str]) -> str:
    """A value that is among some names. Raises `typer.BadParameter`, which lists them."""
    if value not in names:
        raise typer.BadParameter(f"{value}: choose one of {', '.join(names)}")
    return value
