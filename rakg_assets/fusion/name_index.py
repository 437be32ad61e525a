"""What a mention names: by decision, by form, or as the one name that it is most like.

Belongs here: when the nearest name is near enough and alone. Does not belong here: forms
(`form_index.py`), likeness (`similarity.py`), sides and numbers, tables and files (`linking.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from rakg_assets.fusion.calibration import LEAST_LIKENESS, WIDEST_MARGIN, Curve, Evidence
from rakg_assets.fusion.form_index import (
    NO_MATCH,
    SHORTEST,
    SIMILARITY,
    UNLINKED,
    FormIndex,
    Match,
    Seen,
)
from rakg_assets.fusion.normalise import Normaliser
from rakg_assets.fusion.similarity import Candidate, TermIndex
from rakg_assets.ontology.dictionaries import Concept, Dictionary

# Two concepts this close to a mention are both possible, so neither is taken.
_MARGIN = 0.03
# So much nearer in meaning (cosine) must one of them be, where an encoder is asked.
_CLEARLY_NEARER = 0.02


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
    """The names of one dictionary, to be found by form or by likeness.

    `decided` are a person's decisions by mention; `meaning` settles what spelling leaves open;
    `elsewhere` are folded names of another type.
    """

    def __init__(
        self,
        dictionary: Dictionary,
        normaliser: Normaliser,
        curve: Curve,
        decided: Mapping[str, Concept | None] | None = None,
        meaning: Meaning | None = None,
        elsewhere: Set[str] = frozenset(),
    ) -> None:
        self._forms = FormIndex(dictionary, normaliser, decided or {}, elsewhere)
        self._telling, self._curve, self._meaning = normaliser.telling, curve, meaning

    def prepare(self) -> None:
        """Build now what is else built when the first mention is looked up."""
        self._terms.prepare()

    def matches(self, mentions: Sequence[str]) -> list[Match]:
        """What each mention names: by decision, by form, else what alone it is most like."""
        seen = self._forms.seen(mentions)
        found = [self._forms.look_up(one) for one in seen]
        for compared in zip(*(one.compared for one in seen), strict=True):
            left = [at for at, match in enumerate(found) if match is None]
            for at, match in zip(left, self._nearest([compared[at] for at in left]), strict=True):
                found[at] = match
        return [match or NO_MATCH for match in found]

    def suggestions(self, mentions: Sequence[str], limit: int) -> list[list[Match]]:
        """The nearest concepts of each mention for a person to choose from, best first."""
        seen = self._forms.seen(mentions)
        written, loosest = zip(*(one.compared for one in seen), strict=True) if seen else ((), ())
        near = [self._terms.candidates(forms, thorough=True) for forms in (written, loosest)]
        return [
            self._suggested(one, [*candidates, *more])[:limit]
            for one, candidates, more in zip(seen, *near, strict=True)
        ]

    def evidence(
        self, mentions: Sequence[str], barred: Sequence[str] | None = None
    ) -> list[tuple[str, Evidence] | None]:
        """For each mention that no form finds: the concept id it is most like, and how much.

        `barred` names for each mention a concept that is passed over, as if the dictionary had
        none such.
        """
        seen = self._forms.seen(mentions)
        near = self._terms.candidates([one.forms[0] for one in seen], LEAST_LIKENESS)
        found: list[tuple[str, Evidence] | None] = []
        for one, candidates, bar in zip(seen, near, barred or [""] * len(seen), strict=True):
            named = self._forms.look_up(one)
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
        if len(form) < SHORTEST:
            return None
        near: list[Candidate] = []
        concepts: dict[str, Concept] = {}
        margin = WIDEST_MARGIN
        for candidate in candidates:
            behind = near[0].score - candidate.score if near else 0.0
            if behind >= WIDEST_MARGIN:
                break
            holders = self._holders(candidate)
            if holders.keys() <= concepts.keys() or barred in holders:
                continue
            if self._terms.differs(form, candidate.term):
                continue
            if behind > _MARGIN:
                margin = behind
                break
            near.append(candidate)
            concepts |= holders
        if not near:
            return None
        evidence = Evidence(near[0].score, len(form), near[0].akin, margin)
        return _Lead(near, concepts, evidence)

    def _meant(self, form: str, near: Sequence[Candidate]) -> Concept | None:
        """Of candidates alike in spelling the one that is clearly nearest in meaning."""
        assert self._meaning is not None
        terms = [self._terms.terms[candidate.term] for candidate in near]
        cosines = self._meaning.cosines([form] * len(terms), terms).tolist()
        best: dict[str, float] = {}
        concepts: dict[str, Concept] = {}
        for candidate, cosine in zip(near, cosines, strict=True):
            for key, concept in self._holders(candidate).items():
                best[key], concepts[key] = max(cosine, best.get(key, cosine)), concept
        first, second = sorted(best, key=lambda key: (-best[key], key))[:2]
        return concepts[first] if best[first] - best[second] >= _CLEARLY_NEARER else None

    @cached_property
    def _terms(self) -> TermIndex:
        return TermIndex(sorted(self._forms.terms), self._telling)

    def _holders(self, candidate: Candidate) -> Mapping[str, Concept]:
        return self._forms.holders(self._terms.terms[candidate.term])

    def _suggested(self, seen: Seen, candidates: Sequence[Candidate]) -> list[Match]:
        found = self._forms.open_to(seen.forms)
        best = {concept.concept_id: Match(concept, UNLINKED, 1.0) for concept in found}
        for candidate in sorted(candidates, key=lambda c: -c.score):
            for key, concept in sorted(self._holders(candidate).items()):
                best.setdefault(key, Match(concept, UNLINKED, candidate.score))
        return list(best.values())
