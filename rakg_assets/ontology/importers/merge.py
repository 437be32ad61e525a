"""How the entries of a list become concepts, or enrich those that a dictionary has.

Belongs here: who is who, ids, whose alias it is. Does not belong here: lists (the formats), files
(`target.py`). What a clinician wrote stays: names, codes, parents and aliases that stand in the
dictionary are never changed; what is empty there is filled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rakg_assets.ontology.dictionaries import (
    AMBIGUOUS_MARK,
    ID_PREFIXES,
    Concept,
    fold,
    id_order,
)
from rakg_assets.ontology.importers.report import Remark, Report
from rakg_assets.ontology.importers.terms import Skipped, Term
from rakg_assets.ontology.schema import EntityType

#: How an entry was known, by how much it has a right to give its concept the code.
_BY_CODE, _NEW, _BY_NAME, _BY_ALIAS, _BY_ENGLISH = range(5)
_SEPARATOR = "|"
_SHOWN = 3


@dataclass(slots=True)
class _Draft:
    """A concept that is being enriched."""

    id: str
    name_zh: str
    name_en: str = ""
    aliases: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    parent: str = ""
    codes: dict[str, str] = field(default_factory=dict)

    def concept(self) -> Concept:
        """The concept as it stands now."""
        return Concept(
            *(self.id, self.name_zh, self.name_en, tuple(self.aliases), self.parent),
            *(self.codes, tuple(self.ambiguous)),
        )


@dataclass(frozen=True, slots=True)
class _Claim:
    """A name that an entry has for its concept."""

    draft: _Draft
    term: Term
    text: str
    is_english: bool


class Merger:
    """Merges one list into the concepts of one type.

    `system` is the column of the list's codes. With `english`, an entry without Chinese name has
    its English one for both.
    """

    def __init__(
        self, kind: EntityType, base: Sequence[Concept], system: str, english: bool = False
    ) -> None:
        self._prefix, self._system, self._english = ID_PREFIXES[kind], system, english
        self._drafts = {c.concept_id: _draft(c) for c in base}
        self._last = max((_number(key, self._prefix) for key in self._drafts), default=0)
        self._holders: dict[str, str] = {}
        self._by_english: dict[str, str] = {}
        self._open: dict[str, set[str]] = defaultdict(set)
        self._by_code: dict[str, list[str]] = defaultdict(list)
        self._known: list[tuple[int, _Draft, Term]] = []
        self.report = Report()
        for concept in base:
            self._note(concept)

    def merge(self, entries: Iterable[Term | Skipped]) -> list[Concept]:
        """The concepts with all entries in them, by id; `report` tells what became of each."""
        codes = set()
        for entry in entries:
            self.report.read += 1
            if isinstance(entry, Skipped):
                self._skip(entry.reason, entry.place, text=entry.text)
            else:
                codes.add(entry.code)
                self._place(entry)
        coded = (d.codes.get(self._system) for d in self._drafts.values())
        self.report.absent = sum(code is not None and code not in codes for code in coded)
        self._fill_codes()
        self._give_names()
        self._give_parents()
        ordered = sorted(self._drafts.values(), key=lambda d: id_order(d.id))
        return [draft.concept() for draft in ordered]

    def _note(self, concept: Concept) -> None:
        for name in concept.names:
            self._holders.setdefault(fold(name), concept.concept_id)
        if concept.name_en:
            self._by_english.setdefault(fold(concept.name_en), concept.concept_id)
        for alias in concept.ambiguous:
            self._open[fold(alias)].add(concept.concept_id)
        if code := concept.codes.get(self._system):
            self._by_code[code].append(concept.concept_id)

    def _place(self, term: Term) -> None:
        """Find the concept of an entry, or make it."""
        found = self._find(term)
        if found:
            self._known.append((*found, term))
            self.report.merged += 1
            self._learn_code(term, found[1])
            return
        name = term.name_zh or (term.name_en if self._english else "")
        if not fold(name):
            reason = "no Chinese name" if fold(term.name_en) else "no name"
            self._skip(reason, term.place, term.code, term.name_en)
            return
        self._add(term, name)

    def _add(self, term: Term, name: str) -> None:
        self._last += 1
        draft = _Draft(f"{self._prefix}{self._last:04d}", name)
        if shared := self._open.get(fold(name)):
            self._conflict(term, name, f"named {draft.id}, an open alias of {_listed(shared)}")
        self._drafts[draft.id] = draft
        self._holders[fold(name)] = draft.id
        self._known.append((_NEW, draft, term))
        self.report.added += 1
        self._learn_code(term, draft)

    def _find(self, term: Term) -> tuple[int, _Draft] | None:
        """The concept by code, then by Chinese name, then by English name.

        A code that several concepts carry tells none of them.
        """
        coded = self._by_code.get(term.code, ()) if term.code else ()
        if len(coded) == 1:
            draft = self._drafts[coded[0]]
            # It may have the code from this very entry, known by an alias when it was first read.
            as_alias = fold(term.name_zh) in map(fold, draft.aliases)
            return _BY_ALIAS if as_alias else _BY_CODE, draft
        if fold(term.name_zh) and (key := self._holders.get(fold(term.name_zh))):
            draft = self._drafts[key]
            is_name = fold(draft.name_zh) == fold(term.name_zh)
            return _BY_NAME if is_name else _BY_ALIAS, draft
        if fold(term.name_en) and (key := self._by_english.get(fold(term.name_en))):
            return _BY_ENGLISH, self._drafts[key]
        return None

    def _learn_code(self, term: Term, draft: _Draft) -> None:
        if term.code and draft.id not in self._by_code[term.code]:
            self._by_code[term.code].append(draft.id)

    def _fill_codes(self) -> None:
        """Give concepts the codes of their entries, of those first that bear their very name."""
        coded = [known for known in self._known if known[2].code]
        for _, draft, term in sorted(coded, key=lambda known: known[0]):
            draft.codes.setdefault(self._system, term.code)
        for _, draft, term in coded:
            code = draft.codes[self._system]
            # M06.900 is how the national edition writes the WHO's M06.9: no conflict.
            if not term.code.startswith(code):
                self._conflict(term, term.name_zh, f"{draft.id} has the code {code}")

    def _give_names(self) -> None:
        """Add names that nobody else holds; one that several entries claim becomes ambiguous."""
        claims: dict[str, list[_Claim]] = defaultdict(list)
        for claim in self._claims():
            folded = fold(claim.text)
            holder = self._holders.get(folded)
            if claim.draft.id == holder or claim.draft.id in self._open.get(folded, ()):
                continue
            if holder:
                self._conflict(claim.term, claim.text, f"it names {holder}, not {claim.draft.id}")
            elif _SEPARATOR in claim.text:
                self._conflict(claim.term, claim.text, f"an alias cannot hold {_SEPARATOR}")
            else:
                claims[folded].append(claim)
        for folded, claimed in claims.items():
            self._settle(folded, claimed)

    def _claims(self) -> Iterator[_Claim]:
        for _, draft, term in self._known:
            english = {term.name_en}
            for text in (term.name_zh, term.name_en, *term.aliases):
                bare = text.lstrip(AMBIGUOUS_MARK).strip()
                if fold(bare):
                    yield _Claim(draft, term, bare, text in english and text != term.name_zh)

    def _settle(self, folded: str, claimed: Sequence[_Claim]) -> None:
        first: dict[str, _Claim] = {}
        for claim in claimed:
            first.setdefault(claim.draft.id, claim)
        ids = first.keys() | self._open.get(folded, set())
        shared = f"marked {AMBIGUOUS_MARK}, for it may name {_listed(ids)}"
        for claim in first.values():
            if len(ids) > 1:
                claim.draft.ambiguous.append(claim.text)
                self._conflict(claim.term, claim.text, shared)
            elif claim.is_english and not claim.draft.name_en:
                claim.draft.name_en = claim.text
            else:
                claim.draft.aliases.append(claim.text)
                self.report.aliases += 1

    def _give_parents(self) -> None:
        """Give concepts without parent the nearest known concept above their entry.

        An alias may say less than the list means by it: its entry tells no parent.
        """
        for rank, draft, term in self._known:
            if rank <= _BY_NAME and not draft.parent:
                draft.parent = self._parent(draft, term)

    def _parent(self, draft: _Draft, term: Term) -> str:
        for code in term.parents:
            held = self._by_code.get(code, ())
            if len(held) != 1 or held[0] == draft.id:
                continue
            if draft.id in self._ancestors(held[0]):
                self._conflict(term, code, f"{held[0]} lies below {draft.id}, not above it")
            else:
                return held[0]
        return ""

    def _ancestors(self, key: str) -> set[str]:
        found: set[str] = set()
        while key and key not in found:
            found.add(key)
            key = self._drafts[key].parent
        return found

    def _conflict(self, term: Term, text: str, reason: str) -> None:
        self.report.remarks.append(Remark("conflict", term.place, term.code, text, reason))

    def _skip(self, reason: str, place: str, code: str = "", text: str = "") -> None:
        self.report.skipped[reason] += 1
        if place:
            self.report.remarks.append(Remark("skipped", place, code, text, reason))


def _draft(concept: Concept) -> _Draft:
    return _Draft(
        *(concept.concept_id, concept.name_zh, concept.name_en, list(concept.aliases)),
        *(list(concept.ambiguous), concept.parent, dict(concept.codes)),
    )


def _listed(ids: Iterable[str]) -> str:
    """The first ids; thousands may share a name."""
    first, *others = sorted(ids, key=id_order)
    shown = ", ".join((first, *others[: _SHOWN - 1]))
    hidden = len(others) + 1 - _SHOWN
    return f"{shown} and {hidden} more" if hidden > 0 else shown


def _number(key: str, prefix: str) -> int:
    return int(key.removeprefix(prefix))
