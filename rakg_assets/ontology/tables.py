"""Every stored table, declared once: columns, types, meaning, partition.

The writer, the checks, the tests, the Dagster column schemas and the README all read this
declaration. Does not belong here: how a table is computed (the stage folders) or stored
(`orchestration/storage.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

ENTITY = pa.struct(
    [
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("label", pa.string()),
        ("text", pa.string()),
        ("assertion", pa.string()),
    ]
)
RELATION = pa.struct([("label", pa.string()), ("head", pa.int64()), ("tail", pa.int64())])
CANDIDATE = pa.struct(
    [("concept_id", pa.string()), ("name_zh", pa.string()), ("score", pa.float64())]
)


@dataclass(frozen=True)
class Column:
    """One column: name, Arrow type, meaning; `optional` columns may hold nulls."""

    name: str
    type: pa.DataType
    meaning: str
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """One table. `key` columns identify a row; `monthly` tables are stored by admission month.

    Rows are stored by key, or as they come where their order says something (`ranked`).
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    monthly: bool = False
    ranked: bool = False

    @property
    def arrow_schema(self) -> pa.Schema:
        """The schema its Parquet files carry."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.optional) for c in self.columns])

    @property
    def column_names(self) -> list[str]:
        """Column names in stored order."""
        return [c.name for c in self.columns]


_TEXT, _INT, _REAL, _BOOL = pa.string(), pa.int64(), pa.float64(), pa.bool_()

_RECORD = Column("record_id", _TEXT, "id of the admission, as given or made from its content")
_MONTH = Column("month", _TEXT, "admission month, YYYY-MM")
_PLACE = (
    Column("note", _TEXT, "入院记录, 出院记录 or 病历"),
    Column("section", _TEXT, "section of the note"),
)
_SPAN = (
    Column("start", _INT, "first code point in the section text"),
    Column("end", _INT, "one past the last code point"),
)
_ORIGIN = Column("origin", _TEXT, "gold where the record is annotated, else model")
_MENTION = (
    _RECORD,
    _MONTH,
    *_PLACE,
    *_SPAN,
    Column("label", _TEXT, "entity type"),
    Column("text", _TEXT, "the mention, text[start:end]"),
    Column("assertion", _TEXT, "present, absent, possible or family"),
    Column("score", _REAL, "probability of the span, 0..1; 1 for gold"),
    _ORIGIN,
)
_TRIPLE = (
    Column("head_id", _TEXT, "concept id of the head"),
    Column("head_type", _TEXT, "entity type of the head"),
    Column("relation", _TEXT, "relation key"),
    Column("tail_id", _TEXT, "concept id of the tail"),
    Column("tail_type", _TEXT, "entity type of the tail"),
)
_SUPPORT = (
    Column("records", _INT, "distinct records that support it"),
    Column("mentions", _INT, "mentions that support it"),
)
_ANNOTATED_SECTION = (
    _RECORD,
    Column("admission", pa.date32(), "admission date", optional=True),
    Column("discharge", pa.date32(), "discharge date", optional=True),
    *_PLACE,
    Column("text", _TEXT, "section text, the one that offsets count"),
    Column("entities", pa.list_(ENTITY), "labelled entities in order of position"),
    Column("relations", pa.list_(RELATION), "labelled relations; head and tail index `entities`"),
    Column("annotator", _TEXT, "who annotated it"),
    Column("source", _TEXT, "file it was read from"),
)

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        Table(
            "inbox_manifest",
            "every file and record of the inbox, once",
            ("file", "entry"),
            (
                Column("file", _TEXT, "path relative to the inbox"),
                Column(
                    "entry", _INT, "position of the record in its file, from 0; -1 for the file"
                ),
                Column("place", _TEXT, "line, row or sheet and row, for a person to find it"),
                Column("sha256", _TEXT, "SHA-256 of the file's bytes; empty if not read"),
                Column("size", _INT, "bytes"),
                Column("format", _TEXT, "reader that took it; empty if none"),
                Column("outcome", _TEXT, "accepted, quarantined or ignored"),
                Column("reason", _TEXT, "reason code when not accepted", optional=True),
                Column("detail", _TEXT, "what is wrong and the remedy; no record text"),
                Column("record_id", _TEXT, "id of the record", optional=True),
                Column("admission", pa.date32(), "admission date", optional=True),
                Column("discharge", pa.date32(), "discharge date", optional=True),
                Column("month", _TEXT, "admission month of an accepted record", optional=True),
                Column("content_sha256", _TEXT, "SHA-256 of dates and sections", optional=True),
            ),
        ),
        Table(
            "quarantined_files",
            "what was refused, why, where its copy lies",
            ("file", "entry"),
            (
                Column("file", _TEXT, "path relative to the inbox"),
                Column("entry", _INT, "position of the record in its file; -1 for the file"),
                Column("place", _TEXT, "line, row or sheet and row"),
                Column("reason", _TEXT, "reason code"),
                Column("detail", _TEXT, "what is wrong and the remedy; no record text"),
                Column("copy", _TEXT, "path of the copy, relative to the home"),
            ),
        ),
        Table(
            "raw_records",
            "one row a section, de-identified, length kept",
            ("record_id", "note", "section"),
            (
                _RECORD,
                _MONTH,
                Column("admission", pa.date32(), "admission date"),
                Column("discharge", pa.date32(), "discharge date", optional=True),
                *_PLACE,
                Column("text", _TEXT, "section text, identifying text masked with ＊"),
                Column("source", _TEXT, "file of the inbox it came from"),
            ),
            monthly=True,
        ),
        Table(
            "sentences",
            "one row a sentence",
            ("record_id", "note", "section", "start"),
            (
                _RECORD,
                _MONTH,
                *_PLACE,
                Column("start", _INT, "offset of the sentence in its section"),
                Column("text", _TEXT, "the sentence, section text[start:start+len]"),
                Column("text_hash", _TEXT, "SHA-256 of the text, the key of the prediction cache"),
            ),
            monthly=True,
        ),
        Table(
            "annotations",
            "one row an annotated section, with its entities and relations",
            ("record_id", "note", "section", "annotator"),
            _ANNOTATED_SECTION,
        ),
        Table(
            "labeled_splits",
            "annotated sections with the split of their record",
            ("record_id", "note", "section"),
            (*_ANNOTATED_SECTION, Column("split", _TEXT, "train, dev or test")),
        ),
        Table(
            "predicted_entities",
            "entity mentions of every record, from the annotation or the model",
            ("record_id", "note", "section", "start", "end"),
            _MENTION,
            monthly=True,
        ),
        Table(
            "predicted_relations",
            "learned relations between mentions of a sentence",
            ("record_id", "note", "section", "head_start", "tail_start", "label"),
            (
                _RECORD,
                _MONTH,
                *_PLACE,
                Column("label", _TEXT, "relation key"),
                Column("head_start", _INT, "start of the head mention"),
                Column("head_end", _INT, "end of the head mention"),
                Column("tail_start", _INT, "start of the tail mention"),
                Column("tail_end", _INT, "end of the tail mention"),
                Column("score", _REAL, "probability of the relation, 0..1; 1 for gold"),
                _ORIGIN,
            ),
            monthly=True,
        ),
        Table(
            "linked_entities",
            "mentions with the concept they name",
            ("record_id", "note", "section", "start", "end"),
            (
                *_MENTION,
                Column("concept_id", _TEXT, "concept in the dictionary", optional=True),
                Column("name_zh", _TEXT, "preferred Chinese name", optional=True),
                Column("name_en", _TEXT, "preferred English name", optional=True),
                Column(
                    "laterality", _TEXT, "left, right, both, none; body parts only", optional=True
                ),
                Column("numbers", _TEXT, "numbered parts, e.g. 2,3,4", optional=True),
                Column("method", _TEXT, "exact, alias, similarity, override or unlinked"),
                Column("link_score", _REAL, "score of the link, 0..1"),
                Column("dictionary_version", _TEXT, "state of the type's dictionary that gave it"),
            ),
            monthly=True,
        ),
        Table(
            "review_queue",
            "unlinked surface forms, most frequent first",
            ("type", "mention"),
            (
                Column("type", _TEXT, "entity type"),
                Column("mention", _TEXT, "surface form"),
                *_SUPPORT,
                Column("candidates", pa.list_(CANDIDATE), "nearest concepts, best first"),
            ),
            ranked=True,
        ),
        Table(
            "triples",
            "triples of a month with their support",
            ("head_id", "relation", "tail_id"),
            (
                *_TRIPLE,
                _MONTH,
                *_SUPPORT,
                Column("record_ids", pa.list_(_TEXT), "ids of the supporting records, sorted"),
            ),
            monthly=True,
        ),
        Table(
            "filtered_triples",
            "triples of all months above the frequency threshold",
            ("head_id", "relation", "tail_id"),
            (
                *_TRIPLE,
                *_SUPPORT,
                Column("head_records", _INT, "distinct records that name the head"),
                Column("tail_records", _INT, "distinct records that name the tail"),
            ),
        ),
        Table(
            "treatment_ranking",
            "treatments of RA by share of records",
            ("concept_id",),
            (
                Column("rank", _INT, "1 is the most frequent"),
                Column("concept_id", _TEXT, "concept id"),
                Column("name_zh", _TEXT, "Chinese name"),
                Column("name_en", _TEXT, "English name"),
                Column("records", _INT, "records in which RA is treated with it"),
                Column("share", _REAL, "records / records of all treatments, 0..1"),
            ),
            ranked=True,
        ),
        Table(
            "expert_evaluation",
            "means of the experts' scores by indicator",
            ("layer", "indicator"),
            (
                Column("layer", _TEXT, "data, schema or application"),
                Column("indicator", _TEXT, "one of the paper's eight indicators"),
                Column("mean", _REAL, "mean score, 1..5"),
                Column("raters", _INT, "number of raters"),
                Column("paper", _REAL, "the paper's mean"),
            ),
            ranked=True,
        ),
    )
}
