"""Entities as IOB2 tags over characters, strict both ways, and texts cut into segments.

Belongs here: the tag set, its legal transitions, segments with exact offsets. Does not belong
here: sentence boundaries (`corpus/sentences.py`) or the model (`ner_network.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.corpus.sentences import split_section

Span = tuple[int, int]
_PAUSE = re.compile(r"[。；;！？!?\n]+|[，,]|[、\s]")


class TaggingError(ValueError):
    """Entities that no IOB2 sequence can hold; names offsets and labels, never text."""


@dataclass(frozen=True)
class TagSet:
    """Tags of entity labels: 0 is O, then B and I of each label in turn."""

    labels: tuple[str, ...]

    @classmethod
    def of(cls, documents: Iterable[Document]) -> TagSet:
        """The labels that occur in documents, in alphabetical order."""
        return cls(tuple(sorted({e.label for d in documents for e in d.entities})))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Tag names by number: O, B-disease, I-disease …"""
        return ("O", *(f"{mark}-{label}" for label in self.labels for mark in "BI"))

    def __len__(self) -> int:
        """The number of tags."""
        return 1 + 2 * len(self.labels)

    def begin(self, label: str) -> int:
        """The number of `B-label`; `I-label` is the next. Raises `TaggingError` if unknown."""
        try:
            return 1 + 2 * self.labels.index(label)
        except ValueError:
            known = ", ".join(self.labels)
            raise TaggingError(f"label {label} is not in the tag set ({known})") from None

    def encode(self, length: int, entities: Iterable[Entity]) -> list[int]:
        """One tag a character of a text of `length` characters.

        Raises `TaggingError` for an empty, overlapping or outlying entity or an unknown label.
        """
        tags = [0] * length
        for entity in entities:
            start, end = entity.start, entity.end
            if not 0 <= start < end <= length:
                raise TaggingError(f"entity {start}-{end} does not lie in {length} characters")
            if any(tags[start:end]):
                raise TaggingError(f"entity {start}-{end} overlaps another; IOB2 holds flat spans")
            begin = self.begin(entity.label)
            tags[start:end] = [begin] + [begin + 1] * (end - start - 1)
        return tags

    def decode(self, tags: Sequence[int]) -> list[tuple[int, int, str]]:
        """Spans (start, end, label). Strict: an I that continues no B of its label is no entity."""
        spans: list[tuple[int, int, str]] = []
        start, inside = 0, 0
        for position, tag in enumerate([*tags, 0]):
            if inside and tag != inside:
                spans.append((start, position, self.labels[inside // 2 - 1]))
                inside = 0
            if tag % 2:
                start, inside = position, tag + 1
        return spans

    def legal_starts(self) -> list[bool]:
        """Whether a sequence may begin with a tag: any but I."""
        return [not _is_inside(tag) for tag in range(len(self))]

    def legal_transitions(self) -> list[list[bool]]:
        """Whether the tag of a column may follow that of a row: I only after its own B or I."""
        size = range(len(self))
        return [[not _is_inside(to) or tag in (to, to - 1) for to in size] for tag in size]


def _is_inside(tag: int) -> bool:
    return tag > 0 and tag % 2 == 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of document number `document`, `offset` characters in; entities count from 0."""

    document: int
    offset: int
    text: str
    section: str = ""
    entities: tuple[Entity, ...] = ()


def segments(
    documents: Sequence[Document], limit: int, keep_entities: bool, joined: bool = False
) -> list[Segment]:
    """Sentences of at most `limit` characters; with `keep_entities` no cut falls in an entity.

    Only an entity longer than `limit` makes a longer segment. `joined` puts neighbours together
    as long as they are within `limit`: a reader with memory for it learns from what stands before.
    """
    pieces = []
    for number, document in enumerate(documents):
        spans = sorted((e.start, e.end) for e in document.entities) if keep_entities else []
        cuts = cut(document.text, limit, spans)
        for start, end in _joined(cuts, limit) if joined else cuts:
            inner = tuple(
                Entity(e.start - start, e.end - start, e.label, e.text, e.assertion, e.score)
                for e in document.entities
                if start <= e.start and e.end <= end
            )
            section = document.section
            pieces.append(Segment(number, start, document.text[start:end], section, inner))
    return pieces


def by_length(pieces: Sequence[Segment], characters: int) -> Iterator[list[Segment]]:
    """Batches of segments of like length, at most `characters` each with padding (or one)."""
    batch: list[Segment] = []
    for piece in sorted(pieces, key=lambda p: (len(p.text), p.document, p.offset)):
        if batch and len(piece.text) * (len(batch) + 1) > characters:
            yield batch
            batch = []
        batch.append(piece)
    if batch:
        yield batch


def cut(text: str, limit: int, spans: Sequence[Span] = ()) -> list[Span]:
    """Sentences as (start, end), the long ones cut at a pause, none inside one of `spans`."""
    pieces: list[Span] = []
    for start, end in _join_split_spans(split_section(text), spans):
        while end - start > limit:
            middle = _last_pause(text, start, start + limit, spans)
            pieces.append((start, middle))
            start = middle
        if start < end:
            pieces.append((start, end))
    return pieces


def _joined(pieces: Iterable[Span], limit: int) -> list[Span]:
    """Pieces that touch made one, from the start on, up to `limit` characters."""
    joined: list[Span] = []
    for start, end in pieces:
        if joined and joined[-1][1] == start and end - joined[-1][0] <= limit:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _join_split_spans(sentences: Iterable[Span], spans: Sequence[Span]) -> list[Span]:
    """Sentences, those that share a span made one."""
    joined: list[Span] = []
    for start, end in sentences:
        if joined and any(s < joined[-1][1] < e for s, e in spans):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _last_pause(text: str, start: int, stop: int, spans: Sequence[Span]) -> int:
    """The best cut in (start, stop]: after the strongest late pause, else `stop`; no span split."""

    def free(position: int) -> bool:
        return position > start and not any(s < position < e for s, e in spans)

    middle = (start + stop) // 2
    pauses = [m for m in _PAUSE.finditer(text, middle, stop) if free(m.end())]
    if pauses:
        return max(pauses, key=lambda m: (_strength(m.group()), m.end())).end()
    for position in range(stop, start, -1):
        if free(position):
            return position
    return max(e for s, e in spans if s < stop < e)


def _strength(pause: str) -> int:
    return 2 if pause[0] in "。；;！？!?\n" else 1 if pause in "，," else 0
