"""The names of one dictionary, found by form (exact, alias) or by similarity.

Belongs here: which concepts a form may mean, and when that is one concept beyond doubt. Does not
belong here: sides and numbers, tables and files (`linking.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rakg_assets.fusion.normalise import Normaliser
from rakg_assets.fusion.similarity import Candidate, TermIndex
from rakg_assets.ontology.dictionaries import Concept, Dictionary
from rakg_assets.ontology.schema import EntityType

EXACT, ALIAS, SIMILARITY, UNLINKED = "exact", "alias", "similarity", "unlinked"
# Set on slips made from the dictionaries' names against names whose concept was taken out: below
# them a nearest term is too often another thing. Substances, assays and joints lie closest.
THRESHOLDS: Mapping[EntityType, float] = {
    EntityType.DISEASE: 0.84,
    EntityType.SYMPTOM: 0.82,
    EntityType.TREATMENT: 0.84,
    EntityType.PHYSICAL_EXAMINATION: 0.82,
    EntityType.IMAGING_TEST: 0.84,
    EntityType.LAB_TEST: 0.84,
    EntityType.AGGRAVATING_FACTOR: 0.82,
    EntityType.MITIGATION_FACTOR: 0.82,
    EntityType.BODY_PART: 0.84,
}
# Two concepts this close to a mention are both possible, so neither is taken.
_MARGIN = 0.03
# Found as written; after words were taken off the mention; after the term was loosened too; by
# what the mention says in brackets.
_WRITTEN, _REDUCED, _LOOSENED, _REMARK = 1.0, 0.98, 0.95, 0.9
# One character left of a name says too little to be compared.
_SHORTEST = 2

_Holders = dict[str, dict[str, Concept]]


@dataclass(frozen=True, slots=True)
class Match:
    """A concept with the step that found it and the step's score, 0..1."""

    concept: Concept
    method: str
    score: float


class NameIndex:
    """All names of a dictionary under their folded and their loosest form."""

    def __init__(self, dictionary: Dictionary, normaliser: Normaliser) -> None:
        self.type = dictionary.type
        self._normaliser = normaliser
        self._names: _Holders = defaultdict(dict)
        self._aliases: _Holders = defaultdict(dict)
        self._spelled: _Holders = defaultdict(dict)
        self._loose: _Holders = defaultdict(dict)
        self._loose_names: set[str] = set()
        self._ambiguous: _Holders = defaultdict(dict)
        for concept in dictionary.concepts:
            self._add(concept)

    def look_up(self, mention: str) -> Match | None:
        """The one concept that a form of the mention names, the strictest form first."""
        forms = self._normaliser.forms(self.type, mention)
        for position, form in enumerate(forms):
            if self._is_open(form):
                return None
            match = self._named(form, _REDUCED if position else _WRITTEN)
            if match:
                return match
        loose = (self._loosely_named(self._normaliser.loose(self.type, form)) for form in forms)
        return next(filter(None, loose), None) or self._named_in_remarks(mention)

    def nearest(self, mentions: Sequence[str]) -> list[Match | None]:
        """The concept each mention is most like, where that is above threshold and alone."""
        return [
            None
            if self._is_ambiguous(mention)
            else next(filter(None, (self._chosen(form, near) for form, near in ranked)), None)
            for mention, ranked in zip(mentions, self._ranked(mentions), strict=True)
        ]

    def suggestions(self, mentions: Sequence[str], limit: int) -> list[list[Match]]:
        """The nearest concepts of each mention for a person to choose from, best first."""
        return [
            self._suggested(mention, [c for _, near in ranked for c in near])[:limit]
            for mention, ranked in zip(mentions, self._ranked(mentions), strict=True)
        ]

    def _suggested(self, mention: str, candidates: Sequence[Candidate]) -> list[Match]:
        best = {
            key: Match(concept, UNLINKED, 1.0)
            for form in self._normaliser.forms(self.type, mention)
            for key, concept in sorted(self._ambiguous.get(form, {}).items())
        }
        for candidate in sorted(candidates, key=lambda c: -c.score):
            for concept in self._holders(candidate):
                match = Match(concept, UNLINKED, candidate.score)
                best.setdefault(concept.concept_id, match)
        return list(best.values())

    def _add(self, concept: Concept) -> None:
        key = concept.concept_id
        name, *aliases = (self._normaliser.fold(self.type, name) for name in concept.names)
        self._names[name][key] = concept
        self._loose_names.add(self._normaliser.loose(self.type, name))
        for alias in aliases:
            self._aliases[alias][key] = concept
        for form in (name, *aliases):
            self._loose[self._normaliser.loose(self.type, form)][key] = concept
            self._spelled[form][key] = concept
        for alias in concept.ambiguous:
            self._ambiguous[self._normaliser.fold(self.type, alias)][key] = concept

    def _ranked(self, mentions: Sequence[str]) -> list[list[tuple[str, list[Candidate]]]]:
        """For each mention its written and its loosest form, each with the terms near it."""
        forms = [self._compared(mention) for mention in mentions]
        distinct = list(dict.fromkeys(form for pair in forms for form in pair))
        near = dict(zip(distinct, self._terms.candidates(distinct), strict=True))
        return [[(form, near[form]) for form in pair] for pair in forms]

    def _compared(self, mention: str) -> tuple[str, ...]:
        forms = self._normaliser.forms(self.type, mention)
        return tuple(dict.fromkeys((forms[0], self._normaliser.loose(self.type, forms[-1]))))

    @cached_property
    def _terms(self) -> TermIndex:
        terms = {term for term in (*self._loose, *self._spelled) if len(term) >= _SHORTEST}
        return TermIndex(sorted(terms), self._normaliser.telling)

    def _holders(self, candidate: Candidate) -> list[Concept]:
        """The concepts of a term, in the order of their ids."""
        term = self._terms.terms[candidate.term]
        holders = self._spelled.get(term) or self._loose[term]
        return [holders[key] for key in sorted(holders)]

    def _is_open(self, form: str) -> bool:
        return form in self._ambiguous and form not in self._names

    def _is_ambiguous(self, mention: str) -> bool:
        return any(map(self._is_open, self._normaliser.forms(self.type, mention)))

    def _named(self, form: str, score: float) -> Match | None:
        for holders, method in ((self._names, EXACT), (self._aliases, ALIAS)):
            if form and len(holders.get(form, ())) == 1:
                return Match(*holders[form].values(), method, score)
        return None

    def _loosely_named(self, key: str) -> Match | None:
        if len(key) < _SHORTEST:
            return None
        match = self._named(key, _LOOSENED)
        if match or len(self._loose.get(key, ())) != 1:
            return match
        method = EXACT if key in self._loose_names else ALIAS
        return Match(*self._loose[key].values(), method, _LOOSENED)

    def _named_in_remarks(self, mention: str) -> Match | None:
        remarks = self._normaliser.remarks(self.type, mention)
        found = [m for m in (self._named(r, _REMARK) for r in remarks) if m]
        return found[0] if len({m.concept.concept_id for m in found}) == 1 else None

    def _chosen(self, key: str, candidates: Sequence[Candidate]) -> Match | None:
        """The best candidate, if no other concept is near and none of its kind tells it apart."""
        if len(key) < _SHORTEST:
            return None
        best: Match | None = None
        for candidate in candidates:
            floor = best.score - _MARGIN if best else THRESHOLDS[self.type]
            if candidate.score < floor:
                break
            if self._terms.differs(key, candidate.term):
                continue
            concepts = self._holders(candidate)
            if len(concepts) > 1 or (best and best.concept != concepts[0]):
                return None
            best = best or Match(concepts[0], SIMILARITY, candidate.score)
        return best
