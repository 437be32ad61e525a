"""An import from list to file: a new dictionary, or a dictionary folder with the list in it.

Belongs here: what is written where, and that it keeps the rules. Does not belong here: reading
lists (the formats) or merging them (`merge.py`).
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from rakg_assets.ontology.codes import CODE_PATTERNS
from rakg_assets.ontology.dictionaries import (
    AMBIGUOUS_MARK,
    REQUIRED_COLUMNS,
    Concept,
    Dictionary,
    dictionary_of,
    load_dictionary,
)
from rakg_assets.ontology.dictionary_rules import validate
from rakg_assets.ontology.files import write_folder, write_text
from rakg_assets.ontology.importers.merge import Merger
from rakg_assets.ontology.importers.registry import check_request
from rakg_assets.ontology.importers.report import Report
from rakg_assets.ontology.importers.terms import Format, ReadOptions, TermListError


def import_terms(
    format: Format,
    source: Path,
    options: ReadOptions,
    out: Path,
    into: Path | None = None,
    english: bool = False,
) -> Report:
    """Write the dictionary of `options.kind` in the folder `out`, with a report beside it.

    With `into`, a dictionary folder, the list is merged into its concepts, and a new `out` gets
    the rest of that folder too; `into` itself changes only if it is `out`. The same list again
    gives the same ids.

    Raises `TermListError` for a list that cannot be read or has no entry, for a folder that holds
    something else, and for a dictionary that breaks a rule; `DictionaryError` for one that cannot
    be read.
    """
    check_request(format, options)
    _check_out(options, out, into)
    base: Sequence[Concept] = ()
    if into:
        before = load_dictionary(options.kind, into)
        _check_rules(before)
        base = before.concepts
    merger = Merger(options.kind, base, format.system, english)
    concepts = merger.merge(format.read(source, options))
    report = merger.report
    if not report.merged + report.added:
        raise TermListError(f"{source}: no entry could be used; {_why(report)}")
    _check_rules(dictionary_of(options.kind, concepts, f"{options.kind.value}.csv"))
    files = {
        f"{options.kind.value}.csv": dictionary_csv(concepts),
        f"{options.kind.value}.{format.key}.report.csv": report.as_csv(),
    }
    _write(files, out, into)
    return report


def dictionary_csv(concepts: Sequence[Concept]) -> str:
    """The text of a dictionary file, with the columns of the codes that some concept has."""
    systems = [s for s in CODE_PATTERNS if any(s in c.codes for c in concepts)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*REQUIRED_COLUMNS, *systems])
    for concept in concepts:
        aliases = "|".join(_written_aliases(concept))
        writer.writerow(
            [
                *(concept.concept_id, concept.name_zh, concept.name_en, aliases, concept.parent),
                *(concept.codes.get(system, "") for system in systems),
            ]
        )
    return text.getvalue()


def _written_aliases(concept: Concept) -> Iterator[str]:
    yield from concept.aliases
    yield from (AMBIGUOUS_MARK + alias for alias in concept.ambiguous)


def _check_out(options: ReadOptions, out: Path, into: Path | None) -> None:
    """Raise `TermListError` where writing would lose something."""
    file = out / f"{options.kind.value}.csv"
    if out.exists() and not out.is_dir():
        raise TermListError(f"{out}: no folder; name a folder to write to")
    if into is None:
        if file.exists():
            raise TermListError(f"{file}: exists; to bring it up to date give --into {out}")
    elif out.resolve() != into.resolve():
        if out.exists() and any(out.iterdir()):
            raise TermListError(f"{out}: not empty; name a new folder, or give --into {out}")
        if into.resolve() in out.resolve().parents:
            raise TermListError(f"{out}: lies in {into}, which is copied; name another folder")


def _check_rules(dictionary: Dictionary) -> None:
    problems = validate({dictionary.type: dictionary})
    if problems:
        more = f" (and {len(problems) - 1} more)" if problems[1:] else ""
        raise TermListError(f"{problems[0]}{more}; nothing was written")


def _why(report: Report) -> str:
    if report.remarks:
        first = report.remarks[0]
        return f"{first.place}: {first.reason}; check the format and the columns"
    reasons = ", ".join(sorted(report.skipped)) or "it is empty"
    return f"{reasons}; check the file and what was asked for"


def _write(files: dict[str, str], out: Path, into: Path | None) -> None:
    def fill(folder: Path) -> None:
        if into:
            shutil.copytree(into, folder, dirs_exist_ok=True)
        for name, text in files.items():
            write_text(folder / name, text)

    if into and out.resolve() != into.resolve():
        write_folder(out, fill)
    else:
        for name, text in files.items():
            write_text(out / name, text)
