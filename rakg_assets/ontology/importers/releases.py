"""Releases that are folders of files: finding a file by its name, reading columns by theirs.

Belongs here: what MedDRA, SNOMED CT and LOINC share. Does not belong here: what a file means.
"""

from __future__ import annotations

from pathlib import Path

from rakg_assets.ontology.importers.terms import TermListError


def release_folder(source: Path, what: str) -> Path:
    """The folder of a release. Raises `TermListError` for a file."""
    if not source.is_dir():
        raise TermListError(f"{source}: no folder; unpack the release and give {what}")
    return source


def release_files(folder: Path, pattern: str) -> list[Path]:
    """The files of a release that match a pattern, wherever they lie, in the order of their names.

    Upper and lower case are one: archives differ in it.
    """
    wanted = pattern.casefold()
    return sorted(
        (path for path in folder.rglob("*") if path.is_file() and _matches(path, wanted)),
        key=lambda path: (path.name, str(path)),
    )


def release_file(folder: Path, pattern: str) -> Path:
    """The one file that matches. Raises `TermListError` if there is none or several."""
    found = release_files(folder, pattern)
    if not found:
        raise TermListError(f"{folder}: no file {pattern}; give the folder of the whole release")
    if len(found) > 1:
        names = " and ".join(str(path.relative_to(folder)) for path in found[:2])
        raise TermListError(f"{folder}: {names} are both {pattern}; give the folder of one release")
    return found[0]


def _matches(path: Path, pattern: str) -> bool:
    return Path(path.name.casefold()).match(pattern)
