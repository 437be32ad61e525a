"""Promises of stage 2 to the next: offsets hold, labels follow the guideline, splits are apart."""

from __future__ import annotations

import pandas as pd

from rakg_assets.corpus.annotations import read_annotations
from rakg_assets.corpus.consistency import check_consistency, read_exceptions
from rakg_assets.corpus.guideline import check_records
from rakg_assets.ontology.schema import EntityType
from rakg_assets.orchestration.quality import Inspection, Promise, always_zero, checks_of, every_row

_PLACE = ["record_id", "note", "section"]


def _sentence_offsets(seen: Inspection) -> pd.DataFrame:
    """Whether each sentence is what its section holds at its offset."""
    sentences = seen.table("sentences")
    texts = seen.table("raw_records").set_index(_PLACE)["text"].to_dict()
    keys = sentences[_PLACE].itertuples(index=False, name=None)
    return pd.DataFrame(
        {
            "same": [
                texts.get(key, "")[start : start + len(text)] == text
                for key, start, text in zip(
                    keys, sentences["start"], sentences["text"], strict=True
                )
            ]
        }
    )


def _labels(seen: Inspection) -> pd.DataFrame:
    """One row a labelled entity: its type, and whether its offsets give its text."""
    annotations = seen.table("annotations")
    rows = [
        (entity["label"], text[entity["start"] : entity["end"]] == entity["text"])
        for text, entities in zip(annotations["text"], annotations["entities"], strict=True)
        for entity in entities
    ]
    return pd.DataFrame(rows, columns=["label", "same"])


def _reading(seen: Inspection) -> pd.DataFrame:
    """One row: `problems` (unreadable files, broken rules), `doubts` (places unlike their kind)."""
    source = seen.settings.annotation_source
    records, problems = read_annotations(source)
    doubts = check_consistency(records, read_exceptions(source))
    return pd.DataFrame(
        {"problems": [len(problems) + len(check_records(records))], "doubts": [len(doubts)]}
    )


def _splits_of_records(seen: Inspection) -> pd.DataFrame:
    """In how many splits each record stands."""
    labelled = seen.table("labeled_splits")
    return labelled.groupby("record_id")["split"].nunique().to_frame("splits").reset_index()


CHECKS = [
    checks_of(
        "sentences",
        [
            every_row(
                "offsets_hold",
                "Section text at the offset is the sentence.",
                "same",
                _sentence_offsets,
            ),
            Promise(
                "sentences_unique",
                "No two sentences of a section begin at the same place.",
                "ExpectCompoundColumnsToBeUnique",
                {"column_list": [*_PLACE, "start"]},
            ),
        ],
    ),
    checks_of(
        "annotations",
        [
            every_row(
                "offsets_hold",
                "Section text at the offsets is the mention.",
                "same",
                _labels,
            ),
            always_zero(
                "guideline_followed",
                "Every file can be read and no rule of the guideline is broken.",
                "problems",
                _reading,
                truth=False,
            ),
            always_zero(
                "like_words_labelled_alike",
                "No form is marked here and bare there, none has two types in a kind of section.",
                "doubts",
                _reading,
                truth=False,
            ),
            Promise(
                "every_type_seen",
                "Every entity type is labelled somewhere.",
                "ExpectColumnDistinctValuesToContainSet",
                {"column": "label", "value_set": [kind.value for kind in EntityType]},
                truth=False,
                view=_labels,
            ),
        ],
    ),
    checks_of(
        "labeled_splits",
        [
            Promise(
                "records_in_one_split",
                "A record stands in one split only.",
                "ExpectColumnValuesToBeBetween",
                {"column": "splits", "min_value": 1, "max_value": 1},
                view=_splits_of_records,
            ),
            Promise(
                "every_split_filled",
                "There are records to train, tune and test on.",
                "ExpectColumnDistinctValuesToContainSet",
                {"column": "split", "value_set": ["train", "dev", "test"]},
                truth=False,
            ),
        ],
    ),
]
