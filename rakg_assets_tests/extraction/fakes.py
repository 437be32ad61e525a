"""Models that stand in for trained ones: what they find is plain to see, and calls are counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.extraction.assertion import AssertionRules
from rakg_assets.extraction.inference import Extractor
from rakg_assets.extraction.prediction_cache import PredictionCache

WORDS = Path(__file__).parents[2] / "dictionaries"
_PARTS, _SYMPTOMS = re.compile("双手|双膝"), re.compile("肿痛|发热|晨僵")


class FakeNer:
    """Finds a few words; `read` holds every text it was given, batch by batch."""

    def __init__(self, version: str = "n1") -> None:
        self.version = version
        self.read: list[list[str]] = []

    def predict(self, documents: Sequence[Document]) -> list[list[Entity]]:
        self.read.append([d.text for d in documents])
        return [sorted(_found(d.text), key=lambda e: e.start) for d in documents]


class FakeRelation:
    """Links every present site with every present symptom of a document."""

    def __init__(self, version: str = "r1") -> None:
        self.version = version
        self.read: list[list[str]] = []

    def predict(self, documents: Sequence[Document]) -> list[tuple[RelationMention, ...]]:
        self.read.append([d.text for d in documents])
        return [tuple(_links(d)) for d in documents]


def fake_extractor(cache: Path | None = None, version: str = "1") -> Extractor:
    ner, relation = FakeNer(f"n{version}"), FakeRelation(f"r{version}")
    caches = [PredictionCache(cache, m.version) if cache else None for m in (ner, relation)]
    return Extractor(ner, relation, AssertionRules.load(WORDS), *caches)  # type: ignore[arg-type]


def _found(text: str) -> list[Entity]:
    named = (("body_part", _PARTS), ("symptom", _SYMPTOMS))
    return [
        Entity(*m.span(), label, m.group(), score=0.9)
        for label, pattern in named
        for m in pattern.finditer(text)
    ]


def _links(document: Document) -> list[RelationMention]:
    present = [(i, e.label) for i, e in enumerate(document.entities) if e.assertion == "present"]
    return [
        RelationMention("body_part_symptom", head, tail, 0.8)
        for head, kind in present
        for tail, other in present
        if (kind, other) == ("body_part", "symptom")
    ]
