"""How far two annotators agree on the same records.

Spans have no negatives to count, so Cohen's kappa is taken over characters: whether each lies in an
entity of the type. Does not belong here: scores of a model against gold (`extraction/scoring.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

import pandas as pd

from rakg_assets.corpus.annotations import AnnotatedRecord, annotation_table
from rakg_assets.corpus.documents import Document, Entity, documents_of
from rakg_assets.ontology.schema import EntityType, Relation

COLUMNS = ["kind", "label", "first", "second", "both", "f1", "kappa"]
_ALL = "all"

Pair = tuple[Document, Document]


def agreement(
    annotations: pd.DataFrame, first: str | None = None, second: str | None = None
) -> pd.DataFrame:
    """Agreement of two annotators over the sections that both labelled on the same text.

    One row a type, relation and overall (`label` all), plus one for assertions; columns `kind`
    (entity, assertion, relation), `label`, how many `first`, `second` and `both` marked, `f1` and
    `kappa`, 0..1 and -1..1. Entities agree with both ends and type, relations with both entities;
    assertions are compared on the entities found by both. Kappa is None where it is undefined, and
    for relations. Without names, the two annotators with most sections in common are compared, but
    one without a name only if need be: what was settled on afterwards bears none. With fewer than
    two annotators the table is empty.
    """
    pair = (first, second) if first and second else _busiest_pair(annotations)
    sections = _common_sections(annotations, *pair) if pair else []
    if not sections:
        return pd.DataFrame(columns=COLUMNS)
    rows = [_entity_row(label, sections) for label in (*EntityType, _ALL)]
    rows.append(_assertion_row(sections))
    rows += [_relation_row(label, sections) for label in (*Relation, _ALL)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    named = table["label"].isin([_ALL])
    return table[named | (table["first"] + table["second"] > 0)].reset_index(drop=True)


def as_markdown(records: Iterable[AnnotatedRecord]) -> str:
    """The agreement of two annotators as a Markdown table, or a line that there is none."""
    table = agreement(annotation_table(records))
    if table.empty:
        return "No section has two annotators: there is no agreement to measure."
    lines = [" | ".join(COLUMNS), " | ".join("---" for _ in COLUMNS)]
    for row in table.itertuples(index=False):
        shown = [f"{v:.3f}" if isinstance(v, float) else v for v in row]
        lines.append(
            " | ".join("" if pd.isna(v) else str(s) for v, s in zip(row, shown, strict=True))
        )
    return "\n".join(f"| {line} |" for line in lines)


def cohen_kappa(pairs: Iterable[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa of two raters' labels; None if there are none or chance alone agrees fully."""
    table = Counter(pairs)
    total = sum(table.values())
    if not total:
        return None
    ours: Counter[Hashable] = Counter()
    theirs: Counter[Hashable] = Counter()
    for (a, b), n in table.items():
        ours[a] += n
        theirs[b] += n
    seen = sum(n for (a, b), n in table.items() if a == b) / total
    chance = sum(ours[label] * theirs[label] for label in ours) / total**2
    return None if chance == 1 else (seen - chance) / (1 - chance)


def _busiest_pair(annotations: pd.DataFrame) -> tuple[str, str] | None:
    keys = ["record_id", "note", "section", "annotator"]
    by_section: dict[tuple[str, str, str], set[str]] = {}
    for *place, annotator in annotations[keys].itertuples(index=False, name=None):
        by_section.setdefault(tuple(place), set()).add(annotator)
    common = Counter((a, b) for names in by_section.values() for a in names for b in names if a < b)
    return min(common, key=lambda pair: ("" in pair, -common[pair], pair)) if common else None


def _common_sections(annotations: pd.DataFrame, first: str, second: str) -> list[Pair]:
    ours, theirs = (
        {
            (d.id, d.note, d.section): d
            for d in documents_of(annotations[annotations["annotator"] == name])
        }
        for name in (first, second)
    )
    return [
        (ours[key], theirs[key])
        for key in sorted(ours.keys() & theirs.keys())
        if ours[key].text == theirs[key].text
    ]


def _entity_row(label: str, sections: Sequence[Pair]) -> dict[str, object]:
    counts = _counts(
        [(_spans(a, label), _spans(b, label)) for a, b in sections],
    )
    characters = (
        pair
        for a, b in sections
        for pair in zip(_character_labels(a, label), _character_labels(b, label), strict=True)
    )
    return {"kind": "entity", "label": str(label), **counts, "kappa": cohen_kappa(characters)}


def _assertion_row(sections: Sequence[Pair]) -> dict[str, object]:
    found = []
    for a, b in sections:
        theirs = {_span(e): e.assertion for e in b.entities}
        found += [(e.assertion, theirs[_span(e)]) for e in a.entities if _span(e) in theirs]
    same = sum(a == b for a, b in found)
    return {
        "kind": "assertion",
        "label": _ALL,
        "first": len(found),
        "second": len(found),
        "both": same,
        "f1": same / len(found) if found else None,
        "kappa": cohen_kappa(found),
    }


def _relation_row(label: str, sections: Sequence[Pair]) -> dict[str, object]:
    counts = _counts([(_relations(a, label), _relations(b, label)) for a, b in sections])
    return {"kind": "relation", "label": str(label), **counts, "kappa": None}


def _counts(pairs: Sequence[tuple[set[tuple], set[tuple]]]) -> dict[str, float | None]:
    ours = sum(len(a) for a, _ in pairs)
    theirs = sum(len(b) for _, b in pairs)
    both = sum(len(a & b) for a, b in pairs)
    f1 = 2 * both / (ours + theirs) if ours + theirs else None
    return {"first": ours, "second": theirs, "both": both, "f1": f1}


def _span(entity: Entity) -> tuple:
    return entity.start, entity.end, entity.label


def _spans(document: Document, label: str) -> set[tuple]:
    return {_span(e) for e in document.entities if label in (e.label, _ALL)}


def _relations(document: Document, label: str) -> set[tuple]:
    return {
        (r.label, _span(document.entities[r.head]), _span(document.entities[r.tail]))
        for r in document.relations
        if label in (r.label, _ALL)
    }


def _character_labels(document: Document, label: str) -> list[str]:
    """For each character the type of the entity it lies in, if that is asked for, else empty."""
    labels = [""] * len(document.text)
    for entity in document.entities:
        if label in (entity.label, _ALL):
            labels[entity.start : entity.end] = [entity.label] * (entity.end - entity.start)
    return labels
