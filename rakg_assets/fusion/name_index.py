"""The names of one dictionary, found by form (exact, alias) or by similarity.

Belongs here: which concepts a form may mean, and when that is one concept beyond doubt. Does not
belong here: sides and numbers, tables and files (`linking.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from rakg_assets.fusion.calibration import LEAST_LIKENESS, WIDEST_MARGIN, Curve, Evidence
from rakg_assets.fusion.normalise import Normaliser
from rakg_assets.fusion.similarity import Candidate, TermIndex
from rakg_assets.ontology.dictionaries import Concept, Dictionary

EXACT, ALIAS, SIMILARITY, UNLINKED = "exact", "alias", "similarity", "unlinked"
#: A person decided it, for a concept or against all of them.
OVERRIDE = "override"
# Two concepts this close to a mention are both possible, so neither is taken.
_MARGIN = 0.03
# So much nearer in meaning (cosine) must one of them be, where an encoder is asked.
_CLEARLY_NEARER = 0.02
# Found as written; after words were taken off the mention; after the term was loosened too; by
# what the mention says in brackets.
_WRITTEN, _REDUCED, _LOOSENED, _REMARK = 1.0, 0.98, 0.95, 0.9
# One character left of a name says too little to be compared.
_SHORTEST = 2

_Holders = dict[str, dict[str, Concept]]


@dataclass(frozen=True, slots=True)
class Match:
    """A concept with the step that found it and the step's score, 0..1; None where none is."""

    concept: Concept | None
    method: str
    score: float


NO_MATCH = Match(None, UNLINKED, 0.0)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A mention with its forms, as written first; `loose` is the loose form of each."""

    mention: str
    forms: tuple[str, ...]
    loose: tuple[str, ...]

    @property
    def compared(self) -> tuple[str, str]:
        """The forms whose likeness counts: as written, and with all taken off that may be."""
        return self.forms[0], self.loose[-1]


@dataclass(frozen=True, slots=True)
class _Lead:
    """Terms so alike to a form that each may be meant, with their concepts by id."""

    candidates: list[Candidate]
    concepts: dict[str, Concept]
    evidence: Evidence


class Meaning(Protocol):
    """Whatever knows how near names are in meaning."""

    def cosines(self, ones: Sequence[str], others: Sequence[str]) -> np.ndarray:
        """The cosine of each pair of names, -1..1."""


class NameIndex:
    """All names of a dictionary under their folded and their loosest form.

    `decided` are a person's decisions by mention: a concept, or None where none is right.
    """

    def __init__(
        self,
        dictionary: Dictionary,
        normaliser: Normaliser,
        curve: Curve,
        decided: Mapping[str, Concept | None] | None = None,
        meaning: Meaning | None = None,
    ) -> None:
        self.type = dictionary.type
        self._meaning = meaning
        self._normaliser, self._curve = normaliser, curve
        self._names: _Holders = defaultdict(dict)
        self._aliases: _Holders = defaultdict(dict)
        self._spelled: _Holders = defaultdict(dict)
        self._loose: _Holders = defaultdict(dict)
        self._loose_names: set[str] = set()
        self._ambiguous: _Holders = defaultdict(dict)
        self._add_all(dictionary.concepts)
        decided = decided or {}
        folded = normaliser.fold_all(self.type, list(decided))
        self._decided = dict(zip(folded, decided.values(), strict=True))

    def prepare(self) -> None:
        """Build now what is else built when the first mention is looked up."""
        self._terms.prepare()

    def matches(self, mentions: Sequence[str]) -> list[Match]:
        """What each mention names: by decision, by form, else what alone it is most like."""
        seen = self._seen(mentions)
        found = [self._by_form(one) for one in seen]
        for compared in zip(*(one.compared for one in seen), strict=True):
            left = [at for at, match in enumerate(found) if match is None]
            for at, match in zip(left, self._nearest([compared[at] for at in left]), strict=True):
                found[at] = match
        return [match or NO_MATCH for match in found]

    def suggestions(self, mentions: Sequence[str], limit: int) -> list[list[Match]]:
        """The nearest concepts of each mention for a person to choose from, best first."""
        seen = self._seen(mentions)
        written, loosest = zip(*(one.compared for one in seen), strict=True) if seen else ((), ())
        near = [self._terms.candidates(forms, thorough=True) for forms in (written, loosest)]
        return [
            self._suggested(one, [*candidates, *more])[:limit]
            for one, candidates, more in zip(seen, *near, strict=True)
        ]

    def _add_all(self, concepts: Sequence[Concept]) -> None:
        named = [(concept, name) for concept in concepts for name in filter(None, concept.names)]
        forms = self._normaliser.fold_all(self.type, [name for _, name in named])
        loose = self._normaliser.loose_all(self.type, forms)
        for (concept, name), form, loosest in zip(named, forms, loose, strict=True):
            key = concept.concept_id
            preferred = name is concept.name_zh
            (self._names if preferred else self._aliases)[form][key] = concept
            self._spelled[form][key] = concept
            self._loose[loosest][key] = concept
            if preferred:
                self._loose_names.add(loosest)
        for concept in concepts:
            for form in self._normaliser.fold_all(self.type, concept.ambiguous):
                self._ambiguous[form][concept.concept_id] = concept

    def _seen(self, mentions: Sequence[str]) -> list[_Seen]:
        forms = self._normaliser.forms_all(self.type, mentions)
        distinct = list(dict.fromkeys(form for own in forms for form in own))
        loose = dict(zip(distinct, self._normaliser.loose_all(self.type, distinct), strict=True))
        return [
            _Seen(mention, own, tuple(loose[form] for form in own))
            for mention, own in zip(mentions, forms, strict=True)
        ]

    def _by_form(self, seen: _Seen) -> Match | None:
        """What a form names, the strictest first; NO_MATCH where a form may mean several."""
        if seen.forms[0] in self._decided:
            return Match(self._decided[seen.forms[0]], OVERRIDE, 1.0)
        for position, form in enumerate(seen.forms):
            if self._is_open(form):
                return NO_MATCH
            match = self._named(form, _REDUCED if position else _WRITTEN)
            if match:
                return match
        for key in seen.loose:
            if match := self._loosely_named(key):
                return match
        return self._named_in_remarks(seen.mention)

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
        return found[0] if len({m.concept.concept_id for m in found if m.concept}) == 1 else None

    def _is_open(self, form: str) -> bool:
        return form in self._ambiguous and form not in self._names

    @cached_property
    def _terms(self) -> TermIndex:
        terms = {term for term in (*self._loose, *self._spelled) if len(term) >= _SHORTEST}
        return TermIndex(sorted(terms), self._normaliser.telling)

    def evidence(
        self, mentions: Sequence[str], barred: Sequence[str] | None = None
    ) -> list[tuple[str, Evidence] | None]:
        """For each mention that no form finds: the concept id it is most like, and how much.

        `barred` names for each mention a concept that is passed over, as if the dictionary had
        none such.
        """
        seen = self._seen(mentions)
        near = self._terms.candidates([one.forms[0] for one in seen], LEAST_LIKENESS)
        found: list[tuple[str, Evidence] | None] = []
        for one, candidates, bar in zip(seen, near, barred or [""] * len(seen), strict=True):
            named = self._by_form(one)
            passed = named is None or (named.concept and named.concept.concept_id == bar)
            lead = self._lead(one.forms[0], candidates, bar) if passed else None
            alone = lead and len(lead.concepts) == 1
            found.append((next(iter(lead.concepts)), lead.evidence) if lead and alone else None)
        return found

    def _nearest(self, forms: Sequence[str]) -> list[Match | None]:
        """What each form is most like, where that is likely enough and alone."""
        near = self._terms.candidates(forms, LEAST_LIKENESS)
        return [self._chosen(form, found) for form, found in zip(forms, near, strict=True)]

    def _chosen(self, form: str, candidates: Sequence[Candidate]) -> Match | None:
        lead = self._lead(form, candidates)
        if lead is None:
            return None
        score = round(self._curve.probability(lead.evidence), 4)
        if score < self._curve.least:
            return None
        if len(lead.concepts) == 1:
            return Match(*lead.concepts.values(), SIMILARITY, score)
        concept = self._meant(form, lead.candidates) if self._meaning else None
        return Match(concept, SIMILARITY, score) if concept else None

    def _lead(self, form: str, candidates: Sequence[Candidate], barred: str = "") -> _Lead | None:
        """The best candidates that may be the same thing; nothing for too short a form."""
        if len(form) < _SHORTEST:
            return None
        near: list[Candidate] = []
        concepts: dict[str, Concept] = {}
        margin = WIDEST_MARGIN
        for candidate in candidates:
            if self._terms.differs(form, candidate.term):
                continue
            holders = {c.concept_id: c for c in self._holders(candidate)}
            if barred in holders:
                continue
            if near and near[0].score - candidate.score > _MARGIN:
                if holders.keys() <= concepts.keys():
                    continue
                margin = near[0].score - candidate.score
                break
            near.append(candidate)
            concepts |= holders
        if not near:
            return None
        same_sound = near[0].sound == 1
        evidence = Evidence(near[0].score, len(form), same_sound, margin)
        return _Lead(near, concepts, evidence)

    def _meant(self, form: str, near: Sequence[Candidate]) -> Concept | None:
        """Of candidates alike in spelling the one that is clearly nearest in meaning."""
        assert self._meaning is not None
        terms = [self._terms.terms[candidate.term] for candidate in near]
        cosines = self._meaning.cosines([form] * len(terms), terms).tolist()
        best: dict[str, float] = {}
        concepts: dict[str, Concept] = {}
        for candidate, cosine in zip(near, cosines, strict=True):
            for concept in self._holders(candidate):
                key = concept.concept_id
                best[key], concepts[key] = max(cosine, best.get(key, cosine)), concept
        first, second = sorted(best, key=lambda key: (-best[key], key))[:2]
        return concepts[first] if best[first] - best[second] >= _CLEARLY_NEARER else None

    def _holders(self, candidate: Candidate) -> list[Concept]:
        """The concepts of a term, in the order of their ids."""
        term = self._terms.terms[candidate.term]
        holders = self._spelled.get(term) or self._loose[term]
        return [holders[key] for key in sorted(holders)]

    def _suggested(self, seen: _Seen, candidates: Sequence[Candidate]) -> list[Match]:
        best = {
            key: Match(concept, UNLINKED, 1.0)
            for form in seen.forms
            for key, concept in sorted(self._ambiguous.get(form, {}).items())
        }
        for candidate in sorted(candidates, key=lambda c: -c.score):
            for concept in self._holders(candidate):
                match = Match(concept, UNLINKED, candidate.score)
                best.setdefault(concept.concept_id, match)
        return list(best.values())
