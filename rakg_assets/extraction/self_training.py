"""Labels that a model gives to texts without any, where it is sure of them.

Belongs here: which predicted sentences a second training may learn from. Does not belong here:
prediction (`ner.py`) or training (`ner_training.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.sentences import split_section


class Annotator(Protocol):
    """A model that finds entities."""

    def annotate(self, documents: Sequence[Document]) -> list[Document]:
        """The documents with predicted entities in place of theirs."""


def sure_sentences(
    model: Annotator, documents: Sequence[Document], floor: float = 0.9
) -> list[Document]:
    """Distinct sentences in which the model finds entities, each at least `floor` probable.

    A sentence with an entity that is unsure or goes on in the next is left out whole: half-right
    labels teach to miss. So are those without any, of which there would be too many.
    """
    found: dict[tuple[str, str], Document] = {}
    for document in model.annotate(documents):
        for start, end in split_section(document.text):
            touching = [e for e in document.entities if e.start < end and start < e.end]
            whole = all(start <= e.start and e.end <= end for e in touching)
            sure = all(e.score is not None and e.score >= floor for e in touching)
            if touching and whole and sure:
                moved = (replace(e, start=e.start - start, end=e.end - start) for e in touching)
                text = document.text[start:end]
                sentence = Document(document.id, text, section=document.section)
                key = (document.section, text)
                found.setdefault(key, replace(sentence, entities=tuple(moved)))
    return list(found.values())
