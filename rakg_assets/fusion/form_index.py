"""The names of one dictionary under the forms in which they may be written.

Belongs here: which concept a form names, and when it may name several. Does not belong here: what
no dictionary spells that way (`name_index.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from rakg_assets.fusion.normalise import Normaliser
from rakg_assets.fusion.overrides import FILE_NAME, OverridesError
from rakg_assets.ontology.dictionaries import Concept, Dictionary
from rakg_assets.ontology.schema import EntityType

EXACT, ALIAS, SIMILARITY, UNLINKED = "exact", "alias", "similarity", "unlinked"
#: A person decided it, for a concept or against all of them.
OVERRIDE = "override"
#: One character left of a name says too little to be looked for.
SHORTEST = 2
# Found as written; after words were taken off the mention; after the term was loosened too; by
# what the mention says in brackets.
_WRITTEN, _REDUCED, _LOOSENED, _REMARK = 1.0, 0.98, 0.95, 0.9

_Holders = dict[str, dict[str, Concept]]


@dataclass(frozen=True, slots=True)
class Match:
    """A concept with the step that found it and the step's score, 0..1; None where none is."""

    concept: Concept | None
    method: str
    score: float


NO_MATCH = Match(None, UNLINKED, 0.0)


@dataclass(frozen=True, slots=True)
class Seen:
    """A mention with its forms, as written first; `loose` is the loose form of each."""

    mention: str
    forms: tuple[str, ...]
    loose: tuple[str, ...]

    @property
    def compared(self) -> tuple[str, str]:
        """The forms whose likeness counts: as written, and with all taken off that may be."""
        return self.forms[0], self.loose[-1]


def names_elsewhere(
    kind: EntityType, dictionaries: Mapping[EntityType, Dictionary], normaliser: Normaliser
) -> frozenset[str]:
    """The folded names of the body's parts, which no other type may take for its own."""
    parts = dictionaries.get(EntityType.BODY_PART)
    if kind is EntityType.BODY_PART or parts is None:
        return frozenset()
    names = [name for concept in parts.concepts for name in concept.names]
    return frozenset(normaliser.fold_all(EntityType.BODY_PART, names))


class FormIndex:
    """All names of a dictionary under their folded and their loosest form.

    `decided` are a person's decisions by mention: a concept, or None where none is right.
    """

    def __init__(
        self,
        dictionary: Dictionary,
        normaliser: Normaliser,
        decided: Mapping[str, Concept | None],
        elsewhere: Set[str] = frozenset(),
    ) -> None:
        """No loose form is one of the names of another type in `elsewhere`: 膝关节 is no disease,
        though 膝关节疾病 is one."""
        self.type = dictionary.type
        self._normaliser = normaliser
        self._names: _Holders = defaultdict(dict)
        self._aliases: _Holders = defaultdict(dict)
        self._spelled: _Holders = defaultdict(dict)
        self._loose: _Holders = defaultdict(dict)
        self._loose_names: set[str] = set()
        self._ambiguous: _Holders = defaultdict(dict)
        self._elsewhere = elsewhere
        self._add_all(dictionary.concepts)
        self._decided = self._by_spelling(decided)

    @property
    def terms(self) -> set[str]:
        """Every form of every name that is long enough to be compared."""
        return {term for term in (*self._loose, *self._spelled) if len(term) >= SHORTEST}

    def holders(self, term: str) -> Mapping[str, Concept]:
        """The concepts that a term of `terms` names, by id."""
        return self._spelled.get(term) or self._loose[term]

    def open_to(self, forms: Iterable[str]) -> list[Concept]:
        """The concepts that share an ambiguous alias in one of these forms."""
        shared = [self._ambiguous.get(form, {}) for form in forms]
        return [concepts[key] for concepts in shared for key in sorted(concepts)]

    def seen(self, mentions: Sequence[str]) -> list[Seen]:
        """Mentions with their forms."""
        forms = self._normaliser.forms_all(self.type, mentions)
        distinct = list(dict.fromkeys(form for own in forms for form in own))
        loose = dict(zip(distinct, self._normaliser.loose_all(self.type, distinct), strict=True))
        return [
            Seen(mention, own, tuple(loose[form] for form in own))
            for mention, own in zip(mentions, forms, strict=True)
        ]

    def look_up(self, seen: Seen) -> Match | None:
        """What a form names, the strictest first; NO_MATCH where a form may mean several."""
        spelling = seen.forms[0] or seen.mention
        if spelling in self._decided:
            return Match(self._decided[spelling], OVERRIDE, 1.0)
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
        if len(key) < SHORTEST:
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

    def _by_spelling(self, decided: Mapping[str, Concept | None]) -> dict[str, Concept | None]:
        """Decisions by folded mention; one of marks alone (++) holds for itself only."""
        folded = self._normaliser.fold_all(self.type, list(decided))
        found: dict[str, Concept | None] = {}
        for (mention, concept), form in zip(decided.items(), folded, strict=True):
            if found.setdefault(form or mention, concept) != concept:
                reason = f"spellings of one {self.type} mention are decided differently"
                raise OverridesError(f"{FILE_NAME}: {reason}; keep one row of them")
        return found

    def _is_open(self, form: str) -> bool:
        return form in self._ambiguous and form not in self._names

    def _add_all(self, concepts: Sequence[Concept]) -> None:
        named = [(concept, name) for concept in concepts for name in filter(None, concept.names)]
        forms = self._normaliser.fold_all(self.type, [name for _, name in named])
        loose = self._normaliser.loose_all(self.type, forms)
        for (concept, name), form, loosest in zip(named, forms, loose, strict=True):
            key = concept.concept_id
            preferred = name is concept.name_zh
            (self._names if preferred else self._aliases)[form][key] = concept
            self._spelled[form][key] = concept
            if loosest in self._elsewhere:
                continue
            self._loose[loosest][key] = concept
            if preferred:
                self._loose_names.add(loosest)
        for concept in concepts:
            for form in self._normaliser.fold_all(self.type, concept.ambiguous):
                self._ambiguous[form][concept.concept_id] = concept
