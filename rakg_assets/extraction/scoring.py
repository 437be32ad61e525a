"""Strict figures of predictions against gold: entities, relations, assertions; in percent.

A span counts only with both ends and its type right; a relation only with both its spans right
(the paper's Tables 4 and 5: pass gold or predicted entities). Does not belong here: averages
over seeds (`benchmark.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rakg_assets.corpus.documents import Document, RelationMention

ALL = "all"


@dataclass(frozen=True, slots=True)
class Figure:
    """Counts of one type, and precision, recall and F1 in percent (0 where undefined)."""

    correct: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Correct / predicted."""
        return 100 * self.correct / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Correct / gold."""
        return 100 * self.correct / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.predicted + self.gold
        return 200 * self.correct / total if total else 0.0

    def to_json(self) -> dict[str, float]:
        """Precision, recall, F1 (percent, two decimals) and the number of gold items."""
        return {
            "precision": round(self.precision, 2),
            "recall": round(self.recall, 2),
            "f1": round(self.f1, 2),
            "gold": self.gold,
        }


@dataclass(frozen=True)
class Scores:
    """Micro-averaged figure over all types, and one a type."""

    overall: Figure = Figure()
    by_type: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def f1(self) -> float:
        """F1 over all types, percent."""
        return self.overall.f1

    def without(self, name: str) -> Scores:
        """The figures of all types but one."""
        rest = {key: figure for key, figure in self.by_type.items() if key != name}
        counts = [(f.correct, f.predicted, f.gold) for f in rest.values()]
        return Scores(Figure(*map(sum, zip(*counts, strict=True))), rest)

    def metrics(self) -> dict[str, float]:
        """What a training report keeps of an epoch."""
        figure = self.overall.to_json()
        return {name: figure[name] for name in ("precision", "recall", "f1")}

    def to_json(self) -> dict[str, Any]:
        """`overall` and `by_type`, types in alphabetical order."""
        types = {name: self.by_type[name].to_json() for name in sorted(self.by_type)}
        return {"overall": self.overall.to_json(), "by_type": types}


class ScoringError(ValueError):
    """Gold and predictions are not of the same texts."""


def score_entities(gold: Sequence[Document], predicted: Sequence[Document]) -> Scores:
    """Strict spans. Documents pair up by position; raises `ScoringError` where texts differ."""
    pairs = _paired(gold, predicted)
    return _scores(((_spans(g), _spans(p)) for g, p in pairs), lambda item: item[2])


def score_relations(gold: Sequence[Document], predicted: Sequence[Document]) -> Scores:
    """Relations by label, both spans and both types, on given or predicted entities alike."""
    pairs = _paired(gold, predicted)
    return _scores(((_relations(g), _relations(p)) for g, p in pairs), lambda item: item[0])


def rightness(gold: Sequence[Document], predicted: Sequence[Document]) -> list[tuple[float, bool]]:
    """The score of every predicted relation, and whether it is right as `score_relations` counts.

    Raises `ScoringError`.
    """
    return [
        (relation.score, _ends(p, relation) in right)
        for g, p in _paired(gold, predicted)
        for right in [_relations(g)]
        for relation in p.relations
    ]


def score_assertions(gold: Sequence[Document], predicted: Sequence[Document]) -> Scores:
    """Assertions of the entities found: only spans that gold and prediction share count."""

    def labelled(g: Document, p: Document) -> tuple[set[Hashable], set[Hashable]]:
        shared = _spans(g) & _spans(p)
        return tuple(  # type: ignore[return-value]
            {
                (key, e.assertion)
                for e in document.entities
                if (key := (e.start, e.end, e.label)) in shared
            }
            for document in (g, p)
        )

    return _scores((labelled(g, p) for g, p in _paired(gold, predicted)), lambda item: item[1])


def _paired(
    gold: Sequence[Document], predicted: Sequence[Document]
) -> list[tuple[Document, Document]]:
    if len(gold) != len(predicted):
        raise ScoringError(
            f"{len(gold)} gold documents but {len(predicted)} predicted; "
            "predict every document once, in the same order"
        )
    for number, (g, p) in enumerate(zip(gold, predicted, strict=True)):
        if g.text != p.text:
            raise ScoringError(
                f"document {number}: texts of gold and prediction differ; keep order"
            )
    return list(zip(gold, predicted, strict=True))


def _spans(document: Document) -> set[Any]:
    return {(e.start, e.end, e.label) for e in document.entities}


def _relations(document: Document) -> set[Any]:
    return {_ends(document, relation) for relation in document.relations}


def _ends(document: Document, relation: RelationMention) -> Any:
    """A relation by its label and the spans and types of its ends."""
    ends = (document.entities[i] for i in (relation.head, relation.tail))
    return relation.label, *((e.start, e.end, e.label) for e in ends)


def _scores(pairs: Iterable[tuple[set[Any], set[Any]]], type_of: Callable[[Any], str]) -> Scores:
    counts: dict[str, Counter[str]] = {}
    for gold, predicted in pairs:
        named = (("gold", gold), ("predicted", predicted), ("correct", gold & predicted))
        for name, items in named:
            for item in items:
                for key in (type_of(item), ALL):
                    counts.setdefault(key, Counter())[name] += 1
    figures = {key: Figure(**count) for key, count in counts.items()}
    return Scores(figures.pop(ALL, Figure()), figures)
