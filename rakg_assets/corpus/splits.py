"""Annotated records shared out to train, dev and test.

Belongs here: the split by whole records, from a seed, styles spread. Does not belong here: what
style is (`style.py`), what is trained on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from rakg_assets.corpus.annotated import annotator_of_each
from rakg_assets.corpus.annotations import annotation_table, read_annotations
from rakg_assets.corpus.style import style_order
from rakg_assets.ontology.tables import TABLES

SPLITS = ("train", "dev", "test")
# The paper's 367 annotated records: 327 to train, 15 to tune, 25 to test.
PAPER = (327, 15, 25)


def split_records(
    annotations: pd.DataFrame, seed: int, proportions: Sequence[float] = PAPER
) -> pd.DataFrame:
    """The table `labeled_splits` of a table `annotations`, ordered by record, note and section.

    A record goes whole into one split, which depends on the records and the seed, not on the order
    of rows. Records are put in order of style and cut into as many blocks as dev and test need
    together; each block gives one, so that every manner of writing is tuned and tested on. With
    three records or more no split is empty; with fewer, train comes first, then dev. Of several
    annotators of a record one is taken (`one_annotator`). Raises ValueError if `proportions` are
    not three positive numbers.
    """
    if len(proportions) != len(SPLITS) or min(proportions) <= 0:
        raise ValueError("proportions are three positive numbers: train, dev, test")
    chosen = one_annotator(annotations)
    texts = {str(i): list(t) for i, t in chosen.groupby("record_id")["text"]}
    split = _spread(style_order(texts), _counts(len(texts), proportions), seed)
    table = chosen.assign(split=chosen["record_id"].map(split).astype(object))
    return table[TABLES["labeled_splits"].column_names]


def split_source(source: Path, seed: int) -> pd.DataFrame:
    """The table `labeled_splits` of the annotations in a file or folder, the malformed left out."""
    records, _ = read_annotations(source)
    return split_records(annotation_table(records), seed)


def held_out(annotations: pd.DataFrame, seed: int) -> frozenset[str]:
    """Ids of the annotated records that models are tuned or tested on."""
    table = split_records(annotations, seed)
    return frozenset(table.loc[table["split"] != SPLITS[0], "record_id"])


def one_annotator(annotations: pd.DataFrame) -> pd.DataFrame:
    """One annotator's rows of each record, that of `annotator_of_each`.

    Ordered by record, note and section.
    """
    keys = zip(annotations["record_id"], annotations["annotator"], strict=True)
    best = annotations["record_id"].map(annotator_of_each(keys))
    kept = annotations[annotations["annotator"] == best]
    return kept.sort_values(["record_id", "note", "section"], kind="stable", ignore_index=True)


def _spread(ordered: Sequence[str], counts: Sequence[int], seed: int) -> dict[str, str]:
    """The split of each record; `ordered` by style."""
    learn, tune, test = SPLITS
    held_out = counts[1] + counts[2]
    blocks = np.array_split(np.array(ordered, dtype=object), held_out) if held_out else []
    drawn = [min(block, key=lambda i: _rank(i, seed)) for block in blocks]
    # Blocks for dev are evenly spaced, so that it too runs from end to end of the styles.
    tuned = {drawn[(2 * n + 1) * held_out // (2 * counts[1])] for n in range(counts[1])}
    split = dict.fromkeys(ordered, learn) | dict.fromkeys(drawn, test)
    return split | dict.fromkeys(tuned, tune)


def _rank(record_id: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}:{record_id}".encode()).hexdigest()


def _counts(records: int, proportions: Sequence[float]) -> list[int]:
    """Whole numbers close to the proportions (largest remainder), none 0 where that can be."""
    if records < len(SPLITS):
        return [int(i < records) for i in range(len(SPLITS))]
    spare = records - len(SPLITS)
    whole = sum(proportions)
    # One each is given first, so that small sets leave no split empty; the rest follows the
    # proportions of what is still missing.
    missing = [max(p / whole * records - 1, 0.0) for p in proportions]
    exact = [spare * m / sum(missing) if sum(missing) else 0.0 for m in missing]
    counts = [1 + int(e) for e in exact]
    by_remainder = sorted(range(len(SPLITS)), key=lambda i: (int(exact[i]) - exact[i], i))
    for i in by_remainder[: records - sum(counts)]:
        counts[i] += 1
    return counts
