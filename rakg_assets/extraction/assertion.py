"""Assertion by cue words: is an entity present, absent, possible, or of the family?

Belongs here: the scope of a cue and which cue wins. Does not belong here: the cues themselves
(`dictionaries/cues/*.csv`, read by `cues.py`) or the guideline's default, which is present.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.cues import Cue, Cues, Direction, load_cues
from rakg_assets.ontology.schema import Assertion, EntityType
from rakg_assets.ontology.text import fold

#: Stands for a character of an entity, so that cues are never read inside one.
_ENTITY = "\ue000"
_FAMILY_SECTION = "家族史"
_FAMILY_TYPES = frozenset({EntityType.DISEASE, EntityType.SYMPTOM, EntityType.PHYSICAL_EXAMINATION})
_ALWAYS_PRESENT = frozenset({EntityType.BODY_PART})

#: No cue speaks of what stands farther to its right (characters).
_REACH = 150
# A sentence, a numbered item of a list, or a period of a text written with half-width signs.
_STOP = re.compile(
    r"[。!?;\n]|(?<![\dA-Za-z])\.(?!\d)|(?<=[\d)%A-Za-z])\.(?=[\u4e00-\u9fff\ue000])"
    r"|(?<![\d.])\d{1,2}[.、)](?!\d)|[\u2460-\u2473]"
)
_BRACKET = re.compile(r"[()]")
# What may stand between an entity and a cue after it: 压痛 均(-), 手术 史：无, “肺炎”可能. Never a
# line break, which ends a finding that is listed without any other sign.
_BLANK = r"[^\S\n]"
_GAP = re.compile(
    rf"(?:{_BLANK}|[:\"”』」)])*(?:史|征|试验|检查|感|均|皆|亦|都|也|双侧|左侧|右侧|两侧|病史|过敏|接触|等|的|尚"
    rf"|之?诊断|之|急性加重|急性发作)*(?:{_BLANK}|:)*"
)
_LOOSE_GAP = re.compile(r"[^,。;、:()\n]{0,8}")
_TOUCHING = re.compile("")
_LINK = re.compile(rf"{_BLANK}*[、/及和与或]{_BLANK}*")
_LINK_OR_NOTHING = re.compile(rf"{_LINK.pattern}|")
_CLAUSE_END = re.compile(r"[\s,。;、)!?]|\.(?!\d)|$")
# Clauses after a comma that only continue a list: 否认肝炎，结核，伤寒病史.
_CONTINUED = re.compile(
    rf"(?:,[{_ENTITY}、及和与或\s]+)*,[{_ENTITY}、及和与或\s]+(?:等[^,。;]{{0,6}})?病?史"
)


class AssertionRules:
    """Sets the assertion of every entity by cue words."""

    def __init__(self, cues: Cues) -> None:
        self._cues = cues

    @classmethod
    def load(cls, dictionaries: Path) -> AssertionRules:
        """Read `cues/*.csv` of a dictionary folder. Raises `CueError` if one cannot be used."""
        return cls(load_cues(dictionaries / "cues"))

    def classify(self, document: Document) -> Document:
        """The same document with the assertion of each entity set.

        Entities may stand in any order and are returned in that order. In 家族史 the default of
        diseases and complaints is family, elsewhere present.
        """
        said = _Reading(document, self._cues).assertions()
        entities = (
            entity if entity.assertion == new else replace(entity, assertion=new.value)
            for entity, new in zip(document.entities, said, strict=True)
        )
        return replace(document, entities=tuple(entities))


class _Finding(NamedTuple):
    """What a cue says of an entity; `distance` characters away, `sign` if it stands after it."""

    assertion: Assertion
    distance: int
    sign: bool

    def rank(self) -> tuple[int, int]:
        """A sign decides, then the nearest cue before it, then doubt after it (不考虑痛风可能)."""
        doubt = self.assertion is Assertion.POSSIBLE
        return (2 * doubt if self.sign else 1), self.distance


_NOTHING = _Finding(Assertion.PRESENT, 0, False)


class _Reading:
    """One document under the cues: finds scopes and collects what they say of each entity."""

    def __init__(self, document: Document, cues: Cues) -> None:
        self._cues = cues
        self._is_family_section = document.section == _FAMILY_SECTION
        self._order = sorted(
            range(len(document.entities)), key=lambda place: document.entities[place].start
        )
        self._entities = [document.entities[place] for place in self._order]
        self._starts = [entity.start for entity in self._entities]
        self._text = _blank(fold(document.text), self._entities)
        self._stops = [match.start() for match in _STOP.finditer(self._text)]
        self._commas = [match.start() for match in re.finditer(",", self._text)]
        self._terminators = [m.start() for m in cues.terminators.finditer(self._text)]
        self._found: list[list[_Finding]] = [[] for _ in self._entities]

    def assertions(self) -> list[Assertion]:
        """What the text says of each entity, in the order of the document."""
        for match in self._cues.pattern.finditer(self._text):
            self._apply(match)
        for match in self._cues.relatives.finditer(self._text):
            scope = self._within(match.end(), self._scope_end(match.end()))
            self._note(scope, _Finding(Assertion.FAMILY, 0, False), _FAMILY_TYPES)
        said = [Assertion.PRESENT] * len(self._order)
        for index, place in enumerate(self._order):
            said[place] = self._said(index)
        return said

    def _said(self, index: int) -> Assertion:
        """What the cues say of an entity; its section counts too."""
        findings = self._found[index]
        said = {finding.assertion for finding in findings}
        in_family = self._is_family_section and self._entities[index].label in _FAMILY_TYPES
        if in_family or Assertion.FAMILY in said:
            return Assertion.ABSENT if Assertion.ABSENT in said else Assertion.FAMILY
        return min(findings, key=_Finding.rank, default=_NOTHING).assertion

    def _apply(self, match: re.Match[str]) -> None:
        """All meanings of one cue; what stands after an entity does not reach on to the right."""
        meanings = [
            cue
            for cue in self._cues.meanings[match[0]]
            if not self._is_silenced(cue, match.start())
        ]
        applied = [self._apply_after(cue, match) for cue in meanings]
        if not any(applied):
            for cue in meanings:
                self._apply_before(cue, match.end())

    def _is_silenced(self, cue: Cue, position: int) -> bool:
        if not cue.unless:
            return False
        before = bisect_left(self._stops, position)
        return cue.unless in self._text[self._stops[before - 1] if before else 0 : position]

    def _apply_before(self, cue: Cue, end: int) -> None:
        """Entities to the right of a cue, up to the end of its scope."""
        if cue.direction is Direction.BEFORE:
            scope = self._within(end, self._scope_end(end))
        elif cue.direction is Direction.PREFIX:
            scope = self._touching(end)
        else:
            return
        for index in scope:
            finding = _Finding(cue.assertion, self._starts[index] - end, False)
            self._note([index], finding, cue.types)

    def _apply_after(self, cue: Cue, match: re.Match[str]) -> bool:
        """The entity to the left of a cue and the list that it ends; whether there is one."""
        if cue.direction not in (Direction.AFTER, Direction.SUFFIX):
            return False
        if cue.ends_clause and not _CLAUSE_END.match(self._text, match.end()):
            return False
        scope = self._list_before(match.start(), cue)
        self._note(scope, _Finding(cue.assertion, 0, True), cue.types)
        return bool(scope)

    def _list_before(self, position: int, cue: Cue) -> list[int]:
        """The entity that ends before a cue and, if it ends a list, the entities of the list."""
        gap = _TOUCHING if cue.direction is Direction.SUFFIX else _GAP
        gap = _LOOSE_GAP if cue.is_loose else gap
        index, scope = bisect_left(self._starts, position) - 1, []
        while index >= 0 and gap.fullmatch(self._text, self._entities[index].end, position):
            label = self._entities[index].label
            if cue.is_loose and not scope and label not in cue.types:
                index -= 1
                continue
            is_site = label in _ALWAYS_PRESENT
            if not is_site and label not in cue.types:
                break
            scope += [] if is_site else [index]
            if scope and cue.is_for_one:
                break
            index, position = index - 1, self._starts[index]
            gap = _LINK if cue.assertion is Assertion.POSSIBLE else _LINK_OR_NOTHING
        return scope

    def _touching(self, position: int) -> list[int]:
        """The entity that begins at a position and the list that it begins."""
        scope: list[int] = []
        for index in range(bisect_left(self._starts, position), len(self._starts)):
            gap = _LINK if scope else _TOUCHING
            if not gap.fullmatch(self._text, position, self._starts[index]):
                break
            scope.append(index)
            position = self._entities[index].end
        return scope

    def _within(self, start: int, end: int) -> Iterable[int]:
        return range(bisect_left(self._starts, start), bisect_left(self._starts, end))

    def _note(self, scope: Iterable[int], finding: _Finding, types: frozenset[EntityType]) -> None:
        for index in scope:
            label = self._entities[index].label
            if label in types and label not in _ALWAYS_PRESENT:
                self._found[index].append(finding)

    def _scope_end(self, start: int) -> int:
        """Where the scope of a cue that ends at `start` ends in its turn."""
        end = min(_next(self._stops, start), _next(self._terminators, start + 1), start + _REACH)
        comma = _next(self._commas, start)
        if comma < end:
            continued = _CONTINUED.match(self._text, comma)
            end = min(end, _next(self._commas, continued.end())) if continued else comma
        depth = 0
        for bracket in _BRACKET.finditer(self._text, start, end):
            depth += 1 if bracket[0] == "(" else -1
            if depth < 0:
                return bracket.start()
        return end


def _next(positions: list[int], start: int) -> int:
    """The first of some sorted positions that is not before `start`."""
    index = bisect_left(positions, start)
    return positions[index] if index < len(positions) else sys.maxsize


def _blank(text: str, entities: list[Entity]) -> str:
    """The text with every character of an entity replaced by a mark."""
    pieces, position = [], 0
    for entity in entities:
        start = max(position, entity.start)
        pieces += [text[position:start], _ENTITY * (entity.end - start)]
        position = max(position, entity.end)
    return "".join([*pieces, text[position:]])
