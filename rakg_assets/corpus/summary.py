"""What a set of annotations holds, counted: for its asset's page and the command line.

Does not belong here: how far annotators agree (`agreement.py`), whether labels are right
(`guideline.py`, `consistency.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rakg_assets.corpus.annotated import AnnotatedRecord, one_each
from rakg_assets.ontology.schema import Assertion, EntityType, Relation


def summary(records: Iterable[AnnotatedRecord]) -> str:
    """Two Markdown tables: entities by type and assertion, relations by category.

    Of several annotators of a record one is counted (`one_each`).
    """
    documents = [d for record in one_each(records) for d in record.sections]
    entities = Counter((e.label, e.assertion) for d in documents for e in d.entities)
    relations = Counter(r.label for d in documents for r in d.relations)
    rows = [["entity", *Assertion, "all"], ["---"] * (len(Assertion) + 2)]
    for kind in EntityType:
        counts = [entities[kind, assertion] for assertion in Assertion]
        rows.append([kind, *map(_figure, counts), _figure(sum(counts))])
    pairs = [["relation", "all"], ["---"] * 2]
    pairs += [[kind, _figure(relations[kind])] for kind in Relation if kind.learned]
    return "\n".join(("\n".join(map(_line, rows)), "", "\n".join(map(_line, pairs))))


def _figure(count: int) -> str:
    return f"{count:,}"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
