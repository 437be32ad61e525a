"""A text with its entities, assertions and relations, laid out for a page or for Markdown.

Belongs here: which stretch of text stands where, and what is said of it. Does not belong here: how
the page looks (`templates/marked_text.html.j2`), prediction (`inference.py`), which texts may be
shown (`sample_pages.py`, `fusion/extract_text.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.corpus.sentences import split_section
from rakg_assets.extraction.page_frame import page_environment
from rakg_assets.ontology.schema import LEARNED_RELATIONS, Assertion, EntityType, Relation

#: One character a type, out of its Chinese name, so that a page in black and white tells them too.
TYPE_SIGNS = {
    EntityType.DISEASE: "病",
    EntityType.SYMPTOM: "症",
    EntityType.TREATMENT: "治",
    EntityType.PHYSICAL_EXAMINATION: "体",
    EntityType.IMAGING_TEST: "影",
    EntityType.LAB_TEST: "验",
    EntityType.AGGRAVATING_FACTOR: "重",
    EntityType.MITIGATION_FACTOR: "缓",
    EntityType.BODY_PART: "部",
}
ASSERTION_ZH = {
    Assertion.PRESENT: "存在",
    Assertion.ABSENT: "否认",
    Assertion.POSSIBLE: "可能",
    Assertion.FAMILY: "家族",
}
_ASSERTION_SIGNS = {Assertion.ABSENT: "−", Assertion.POSSIBLE: "?", Assertion.FAMILY: "家"}
_TEMPLATE = "marked_text.html.j2"
_LEGEND = {
    "type_signs": TYPE_SIGNS,
    "assertions": ASSERTION_ZH,
    "assertion_signs": _ASSERTION_SIGNS,
    "relations": LEARNED_RELATIONS,
}
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Concept:
    """What a mention is linked to."""

    id: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class SectionView:
    """A section as predicted or annotated; its entities do not overlap.

    `concepts` has one place an entity, or none at all where nothing was linked; `origin` says who
    marked the section (`gold` or `model`), empty where that goes without saying.
    """

    document: Document
    concepts: tuple[Concept | None, ...] = ()
    origin: str = ""


@dataclass(frozen=True)
class Highlight:
    """A mention on the page; `number` counts within the section, from 1."""

    anchor: str
    number: int
    entity: Entity
    concept: Concept | None

    @property
    def kind(self) -> EntityType:
        """The type, which gives the colour."""
        return EntityType(self.entity.label)

    @property
    def assertion(self) -> Assertion:
        """What the text says of the mention, which gives the style."""
        return Assertion(self.entity.assertion)

    @property
    def tag(self) -> str:
        """What stands behind the mention, e.g. 症2−: sign of the type, number, assertion."""
        return f"{TYPE_SIGNS[self.kind]}{self.number}{_ASSERTION_SIGNS.get(self.assertion, '')}"

    @property
    def title(self) -> str:
        """The tooltip: type, assertion, concept, score."""
        parts = [
            f"{self.kind.zh} {self.kind.en}",
            f"{ASSERTION_ZH[self.assertion]} {self.assertion.value}",
        ]
        if self.concept:
            parts.append(f"{self.concept.id} {self.concept.name_zh} {self.concept.name_en}".strip())
        return "\n".join([*parts, f"{self.entity.score:.2f}"])


@dataclass(frozen=True)
class Arrow:
    """A relation between two mentions of the page."""

    anchor: str
    relation: Relation
    head: Highlight
    tail: Highlight
    score: float


@dataclass(frozen=True)
class Line:
    """A sentence: stretches of bare text and marks in order, and the relations that begin in it."""

    pieces: tuple[str | Highlight, ...]
    arrows: tuple[Arrow, ...]


def lines_of(section: SectionView, number: int = 1) -> list[Line]:
    """The sentences of a section; `number` keeps the anchors of a page's sections apart.

    Raises ValueError for entities that overlap.
    """
    document = section.document
    concepts = section.concepts or (None,) * len(document.entities)
    marks = [
        Highlight(f"e{number}-{i}", i, entity, concept)
        for i, (entity, concept) in enumerate(zip(document.entities, concepts, strict=True), 1)
    ]
    arrows = [
        Arrow(f"r{number}-{i}", Relation(r.label), marks[r.head], marks[r.tail], r.score)
        for i, r in enumerate(document.relations, 1)
    ]
    return [
        Line(
            tuple(_pieces(document.text, start, end, marks)),
            tuple(a for a in arrows if start <= a.head.entity.start < end),
        )
        for start, end in _line_spans(document)
    ]


def marked_page(sections: Sequence[SectionView], title: str, notes: Sequence[str] = ()) -> str:
    """The sections as one HTML page without script or outside reference.

    Where there are several records, each bears its id; `notes` are sentences above the text. The
    same input gives the same page. Raises ValueError for entities that overlap.
    """
    shown = [
        (section.document, section.origin, lines_of(section, number))
        for number, section in enumerate(sections, 1)
    ]
    arrows = [a for _, _, lines in shown for line in lines for a in line.arrows]
    several = len({section.document.id for section in sections}) > 1
    content = {"notes": notes, "sections": shown, "arrows": arrows, "several": several}
    template = page_environment().get_template(_TEMPLATE)
    return template.render(title=title, **content, **_LEGEND)


def marked_markdown(sections: Sequence[SectionView]) -> str:
    """The sections as Markdown: mentions bold, absent ones struck through, relations as a list."""
    return "\n\n".join(part for section in sections for part in _markdown_parts(section))


def _markdown_parts(section: SectionView) -> Iterator[str]:
    document = section.document
    yield f"**{_escaped(' · '.join(filter(None, (document.note, document.section))))}**"
    for line in lines_of(section):
        yield "".join(_markdown_piece(piece) for piece in line.pieces).strip()
        if line.arrows:
            yield "\n".join(
                f"- {_escaped(a.head.entity.text)} → {_escaped(a.tail.entity.text)} "
                f"({a.relation.zh} {a.relation.en})"
                for a in line.arrows
            )


def _markdown_piece(piece: str | Highlight) -> str:
    if isinstance(piece, str):
        return _escaped(piece)
    text = _escaped(piece.entity.text)
    words = f"~~{text}~~" if piece.assertion == Assertion.ABSENT else f"**{text}**"
    return f" {words} `{piece.tag}` "


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", text)


def _line_spans(document: Document) -> list[tuple[int, int]]:
    """Sentences, joined where an annotated mention reaches over their boundary."""
    ends = (end for _, end in split_section(document.text)[:-1])
    kept = [end for end in ends if not any(e.start < end < e.end for e in document.entities)]
    return list(pairwise([0, *kept, len(document.text)]))


def _pieces(
    text: str, start: int, end: int, marks: Sequence[Highlight]
) -> Iterator[str | Highlight]:
    """The text from `start` to `end`, cut at its mentions."""
    inside = [mark for mark in marks if start <= mark.entity.start < end]
    for mark in sorted(inside, key=lambda m: m.entity.start):
        if mark.entity.start < start:
            raise ValueError("two entities overlap; keep one of the two")
        if start < mark.entity.start:
            yield text[start : mark.entity.start]
        yield mark
        start = mark.entity.end
    if start < end:
        yield text[start:end]
