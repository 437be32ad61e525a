"""Models that find the words they are told to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rakg_assets.corpus.documents import Document, Entity, RelationMention

LABELS = {"肿痛": "symptom", "发热": "symptom", "双手": "body_part", "MTX": "treatment"}


class Finder:
    """Finds each of a few words once, 发热 always as absent; joins every site to 肿痛."""

    def entities(self, documents: Sequence[Document]) -> list[Document]:
        return [replace(d, entities=tuple(_found(d.text))) for d in documents]

    def relations(self, documents: Sequence[Document]) -> list[Document]:
        return [replace(d, relations=tuple(_joined(d))) for d in documents]


def _found(text: str) -> list[Entity]:
    places = sorted((text.find(word), word) for word in LABELS if word in text)
    return [
        Entity(
            *(start, start + len(word), LABELS[word], word),
            *("absent" if word == "发热" else "present", 0.75),
        )
        for start, word in places
    ]


def _joined(document: Document) -> list[RelationMention]:
    where = {e.text: i for i, e in enumerate(document.entities)}
    if not {"双手", "肿痛"} <= where.keys():
        return []
    return [RelationMention("body_part_symptom", where["双手"], where["肿痛"], 0.5)]
