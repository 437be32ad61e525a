"""The formats of term lists by the names they have in commands.

Belongs here: which formats there are, and whether one suits what is asked. Does not belong here:
the formats themselves, one module each.
"""

from __future__ import annotations

from rakg_assets.ontology.importers import (
    icd9cm3,
    icd10,
    insurance,
    loinc,
    meddra,
    nmpa,
    snomed,
    wordlist,
)
from rakg_assets.ontology.importers.terms import Format, ReadOptions, TermListError

_MODULES = (icd10, icd9cm3, nmpa, insurance, meddra, snomed, loinc, wordlist)
FORMATS: dict[str, Format] = {module.FORMAT.key: module.FORMAT for module in _MODULES}


def check_request(format: Format, options: ReadOptions) -> None:
    """Raise `TermListError` for a type that the list cannot fill or an option it does not have."""
    if options.kind not in format.types:
        kinds = ", ".join(sorted(format.types))
        raise TermListError(f"{format.key} holds no {options.kind.value}; choose of {kinds}")
    given = {name for name in ("sheet", "under", "least") if getattr(options, name)}
    if unknown := sorted(given - format.options):
        raise TermListError(f"{format.key} takes no --{unknown[0]}; leave it out")
