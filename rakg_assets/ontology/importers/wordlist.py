"""Lists of words with their frequency, like those of THUOCL: names and nothing else.

Belongs here: words and how often they were seen. Does not belong here: lists with codes.
"""

from __future__ import annotations

from pathlib import Path

from rakg_assets.ontology.importers.terms import (
    Entries,
    Format,
    ReadOptions,
    Skipped,
    Term,
    TermListError,
    clean,
)
from rakg_assets.ontology.importers.textfile import separated_rows
from rakg_assets.ontology.schema import EntityType


def _read(path: Path, options: ReadOptions) -> Entries:
    """The words of a file `word<TAB>frequency` (THUOCL's README), or of one word a line."""
    for row in separated_rows(path):
        word, count = (clean(c) for c in (*row.cells, "", "")[:2])
        if not word and not count:
            continue
        if not word:
            yield Skipped("no word", row.place, count)
        elif count and not count.isdecimal():
            yield Skipped("the frequency is no whole number", row.place, f"{word} | {count}")
        elif options.least and not count:
            raise TermListError(f"{row.place}: no frequency; leave the least frequency out")
        elif count and int(count) < options.least:
            yield Skipped("seen too rarely")
        else:
            yield Term("", word, row.place)


FORMAT = Format("words", "", frozenset(EntityType), _read, frozenset({"least"}))
