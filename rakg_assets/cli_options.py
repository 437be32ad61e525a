"""Options that several commands have, and the settings that they make.

Does not belong here: options of one command, what is said of wrong ones (`cli_messages.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rakg_assets.orchestration.resources import Settings

Home = Annotated[Path | None, typer.Option(help="Folder of all output; else $RAKG_HOME, .rakg")]


def settings_of(home: Path | None = None) -> Settings:
    """Settings of the environment, `home` another one; nothing is written."""
    from rakg_assets.orchestration.resources import Settings

    return Settings.from_environment(home=str(home) if home else None)


def current_settings(home: Path | None = None) -> Settings:
    """The same for a command that writes: temp files and caches go into the home."""
    settings = settings_of(home)
    settings.place.activate()
    return settings


def keep_apart(source: Path, out: Path | None) -> None:
    """Raises `typer.BadParameter` where a command would write over the file that it reads."""
    if out and out.exists() and source.exists() and out.samefile(source):
        raise typer.BadParameter(f"{out} is the file to read; name another", param_hint="--out")
