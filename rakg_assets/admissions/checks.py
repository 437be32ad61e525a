"""Promises of stage 1 to the next: nothing is dropped, months fit, nobody can be recognised."""

from __future__ import annotations

import pandas as pd

from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.quality import Inspection, Promise, always_zero, checks_of, every_row
from rakg_assets.orchestration.storage import table_path

_OUTCOMES = ("accepted", "partial", "quarantined", "ignored")


def _balance(seen: Inspection) -> pd.DataFrame:
    """How many files of the inbox, listed anew, have no outcome; one row.

    What came after the manifest was made waits for the next run.
    """
    from rakg_assets.admissions.manifest import file_report
    from rakg_assets.admissions.sources import open_inbox

    place, manifest = seen.settings.place, seen.table("inbox_manifest")
    made = table_path(place.tables, TABLES["inbox_manifest"]).stat().st_mtime
    inbox = open_inbox(seen.settings.inbox or str(place.sample_inbox), [place.root])
    listed = {source.name for source in inbox.sources() if source.modified < made}
    judged = {entry["file"] for entry in file_report(manifest) if entry["outcome"] in _OUTCOMES}
    return pd.DataFrame({"unaccounted": [len(listed - judged)]})


def _refused_copies(seen: Inspection) -> pd.DataFrame:
    """One row a refused file or record that could be read: whether its copy lies in quarantine."""
    refused = seen.table("quarantined_files")
    readable = refused[refused["reason"] != "unreadable"]
    root = seen.settings.place.root
    return pd.DataFrame({"kept": [(root / copy).is_file() for copy in readable["copy"]]})


def _months(seen: Inspection) -> pd.DataFrame:
    """Sections with the month of their admission beside the month they are stored under."""
    raw = seen.table("raw_records")
    admission = pd.to_datetime(raw["admission"]).dt.strftime("%Y-%m")
    return pd.DataFrame({"same": (admission == raw["month"]).tolist()})


def _identifiers(seen: Inspection) -> pd.DataFrame:
    """How many identifiers each section holds after masking."""
    from rakg_assets.admissions.deidentify import find_identifiers

    texts = seen.table("raw_records")["text"]
    return pd.DataFrame({"identifiers": [len(find_identifiers(text)) for text in texts]})


CHECKS = [
    checks_of(
        "inbox_manifest",
        [
            always_zero(
                "quarantine_balance",
                "Files in = accepted + partial + quarantined + ignored.",
                "unaccounted",
                _balance,
            ),
            Promise(
                "entries_unique",
                "Every file and record stands in the manifest once.",
                "ExpectCompoundColumnsToBeUnique",
                {"column_list": ["file", "entry"]},
            ),
        ],
    ),
    checks_of(
        "quarantined_files",
        [
            every_row(
                "copies_kept",
                "Whatever was refused and can be read lies in quarantine.",
                "kept",
                _refused_copies,
            ),
        ],
    ),
    checks_of(
        "raw_records",
        [
            Promise(
                "sections_unique",
                "A record has each section of a note once.",
                "ExpectCompoundColumnsToBeUnique",
                {"column_list": ["record_id", "note", "section"]},
            ),
            every_row(
                "months_inside_partition",
                "A record is stored under the month of its admission.",
                "same",
                _months,
            ),
            always_zero(
                "no_identifying_text",
                "No id number, phone or e-mail address is left in any section.",
                "identifiers",
                _identifiers,
            ),
            Promise(
                "records_arrive",
                "The months of the run hold records.",
                "ExpectTableRowCountToBeBetween",
                {"min_value": 1},
                truth=False,
            ),
        ],
    ),
]
