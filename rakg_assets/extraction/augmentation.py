"""More training texts from few: mentions exchanged for others of their type, signs left out.

Belongs here: changes that leave the labels true. Does not belong here: dictionaries themselves
or when to augment (`ner.py`).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from rakg_assets.corpus.documents import Entity
from rakg_assets.extraction.tagging import Segment

_Key = TypeVar("_Key")
_LONGEST_ABBREVIATION = 8
_SIGNS = frozenset("、，, ")


@dataclass(frozen=True)
class Augmenter:
    """Exchanges a mention with probability `exchange` for one of `mentions` of its label.

    Half of them come from sections of the same name (`local`, by label and section): what is
    ordered at discharge differs from what was done, a family's diseases from a patient's. With
    probability `glue` it drops the sign between two of one label: notes in haste list symptoms
    without any, and few records show enough of them.
    """

    mentions: Mapping[str, Sequence[str]]
    local: Mapping[tuple[str, str], Sequence[str]]
    exchange: float
    glue: float = 0.0

    @classmethod
    def of(
        cls,
        segments: Iterable[Segment],
        terms: Mapping[str, Iterable[str]],
        exchange: float,
        glue: float = 0.0,
    ) -> Augmenter:
        """Mentions of the segments, and the `terms` of their labels that a note may hold."""
        local: dict[tuple[str, str], set[str]] = {}
        seen: dict[str, set[str]] = {}
        for segment in segments:
            for entity in segment.entities:
                local.setdefault((entity.label, segment.section), set()).add(entity.text)
                seen.setdefault(entity.label, set()).add(entity.text)
        for label, texts in seen.items():
            texts.update(filter(_in_use, terms.get(label, ())))
        return cls(_in_order(seen), _in_order(local), exchange, glue)

    def __call__(self, segment: Segment, draw: random.Random) -> Segment:
        """A segment with some mentions exchanged, text and offsets to match."""
        text, position = "", 0
        entities: list[Entity] = []
        for entity in sorted(segment.entities, key=lambda e: e.start):
            surface = segment.text[entity.start : entity.end]
            if draw.random() < self.exchange:
                surface = self._other(entity.label, segment.section, draw)
            gap = segment.text[position : entity.start]
            together = entities and entities[-1].label == entity.label and gap in _SIGNS
            text += "" if together and draw.random() < self.glue else gap
            entities.append(
                replace(entity, start=len(text), end=len(text) + len(surface), text=surface)
            )
            text, position = text + surface, entity.end
        text += segment.text[position:]
        return replace(segment, text=text, entities=tuple(entities))

    def _other(self, label: str, section: str, draw: random.Random) -> str:
        near = self.local.get((label, section))
        return draw.choice(near if near and draw.random() < 0.5 else self.mentions[label])


def _in_order(groups: Mapping[_Key, set[str]]) -> dict[_Key, list[str]]:
    return {key: sorted(texts) for key, texts in groups.items()}


def _in_use(term: str) -> bool:
    """Whether a term is Chinese or an abbreviation; spelled-out English stays out of the notes."""
    return not term.isascii() or (len(term) <= _LONGEST_ABBREVIATION and " " not in term)
