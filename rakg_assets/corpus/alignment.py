"""Gold labels laid over the records that are stored, which are de-identified.

Masking keeps length, so offsets stand where the annotated text and the stored one are equal
outside the masks. Does not belong here: which sections are annotated or what gold is used for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from rakg_assets.admissions.deidentify.masking import MASK
from rakg_assets.corpus.splits import one_annotator


def align_gold(
    annotations: pd.DataFrame, raw_records: pd.DataFrame
) -> tuple[pd.DataFrame, list[str]]:
    """Annotated sections that fit the stored ones, on the stored text, and what did not fit.

    Returns rows of the table `annotations` (one annotator a record) whose text, offsets and
    mentions are those of `raw_records`; space around a section may differ. A mention that was
    masked is left out with its relations. Sections without counterpart, with other text, or with
    masked mentions are named by record id and section, never by text.
    """
    keys = raw_records[["record_id", "note", "section"]].itertuples(index=False, name=None)
    stored = dict(zip(keys, raw_records["text"], strict=True))
    rows, doubts = [], []
    for row in one_annotator(annotations).to_dict("records"):
        place = f"{row['record_id']} {row['note']}/{row['section']}"
        text = stored.get((row["record_id"], row["note"], row["section"]))
        shift = None if text is None else _shift(row["text"], text)
        if text is None:
            doubts.append(f"{place}: annotated, but no such section is stored")
        elif shift is None:
            doubts.append(f"{place}: the stored text is another; annotate this section again")
        else:
            moved = _moved(row, text, shift)
            masked = len(row["entities"]) - len(moved["entities"])
            if masked:
                doubts.append(f"{place}: {masked} mentions are masked in the stored text")
            rows.append(moved)
    return pd.DataFrame(rows, columns=annotations.columns), doubts


def _shift(annotated: str, stored: str) -> int | None:
    """What to add to an offset of the annotated text; None if the texts differ."""
    ours, theirs = annotated.strip(), stored.strip()
    if len(ours) != len(theirs):
        return None
    if any(a != b and b != MASK for a, b in zip(ours, theirs, strict=True)):
        return None
    return _lead(stored) - _lead(annotated)


def _lead(text: str) -> int:
    return len(text) - len(text.lstrip())


def _moved(row: dict[str, Any], text: str, shift: int) -> dict[str, Any]:
    """The row on the stored text, without mentions that the mask touched."""
    kept: dict[int, int] = {}
    entities = []
    for i, entity in enumerate(row["entities"]):
        start, end = int(entity["start"]) + shift, int(entity["end"]) + shift
        if text[start:end] == entity["text"]:
            kept[i] = len(entities)
            entities.append(dict(entity) | {"start": start, "end": end})
    relations = list(_kept_relations(row["relations"], kept))
    return row | {"text": text, "entities": entities, "relations": relations}


def _kept_relations(
    relations: Iterable[dict[str, Any]], kept: dict[int, int]
) -> Iterator[dict[str, Any]]:
    for relation in relations:
        if relation["head"] in kept and relation["tail"] in kept:
            ends = {"head": kept[relation["head"]], "tail": kept[relation["tail"]]}
            yield dict(relation) | ends
