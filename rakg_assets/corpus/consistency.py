"""Whether the same words are labelled alike throughout: what one record alone cannot show.

Belongs here: forms that are marked in one place and bare in another, and forms of two types.
Exceptions are data: `consistency.csv` beside the annotations. Does not belong here: rules that hold
within a record (`guideline.py`).
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rakg_assets.corpus.annotated import AnnotatedRecord, Problem, place_of
from rakg_assets.corpus.documents import Document

EXCEPTIONS = "consistency.csv"
_HEADER = ["rule", "words", "reason"]
_BARE, _TYPE = "bare", "type"

# Sections of one kind are written alike, so that one form should mean one thing in them.
_KINDS = {
    "体格检查": "found",
    "辅助检查": "tests",
    "入院情况": "course",
    "诊疗经过": "course",
    "出院情况": "course",
    "出院医嘱": "advice",
    "初步诊断": "diagnoses",
    "出院诊断": "diagnoses",
}
_TOLD = "told"  # all other sections
# Told by the patient or found by the examiner: in these sections both occur.
_EITHER = {"symptom", "physical_examination"}
_EITHER_IN = {_TOLD, "course"}
# One posture or act sets one complaint off and relieves another.
_FACTORS = {"aggravating_factor", "mitigation_factor"}

_MINIMUM = 3  # a form seen less often says nothing about a habit
# Where usage is divided more evenly, what stands around the form decides, which needs a reader.
_HABIT = 0.8
_SHORTEST = 2
_LONGEST = 30

Place = tuple[str, int, int]
Kind = tuple[str, str]
"""(kind of section, form)."""


@dataclass(frozen=True)
class Exceptions:
    """What may differ: `contexts` in which a form stays bare, forms that have two `types`."""

    contexts: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()

    @classmethod
    def beside(cls, source: Path) -> Exceptions:
        """Those of `consistency.csv` in the folder of annotations, if there is one.

        Its columns: `rule` (bare or type), `words` (the form, for bare with what stands around
        it), `reason`. Raises ValueError with file, line, reason and remedy.
        """
        path = (source if source.is_dir() else source.parent) / EXCEPTIONS
        if not path.exists():
            return cls()
        found: dict[str, set[str]] = {_BARE: set(), _TYPE: set()}
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames != _HEADER:
                raise ValueError(f"{path.name}: its columns must be {', '.join(_HEADER)}")
            for row in rows:
                if row["rule"] not in found or not row["words"]:
                    raise ValueError(
                        f"{path.name}, line {rows.line_num}: no such rule or no words; "
                        "write bare or type, then the words"
                    )
                found[row["rule"]].add(row["words"])
        return cls(frozenset(found[_BARE]), frozenset(found[_TYPE]))


def check_consistency(
    records: Iterable[AnnotatedRecord], exceptions: Exceptions | None = None
) -> list[Problem]:
    """Places where a form is labelled unlike most of its occurrences in sections of the kind.

    The rarer way of the two is reported; no message holds record text. Where a record has several
    annotators, the one who labelled most records speaks: each has habits of their own.
    """
    chosen = exceptions or Exceptions()
    documents = [document for record in _one_each(records) for document in record.sections]
    marked = _marked(documents)
    return [*_two_types(marked, chosen), *_bare_and_marked(documents, marked, chosen)]


def _one_each(records: Iterable[AnnotatedRecord]) -> list[AnnotatedRecord]:
    listed = list(records)
    load = Counter(record.annotator for record in listed)
    best: dict[str, AnnotatedRecord] = {}
    for record in sorted(listed, key=lambda r: (-load[r.annotator], r.key)):
        best.setdefault(record.id, record)
    return list(best.values())


def _marked(documents: Sequence[Document]) -> dict[Kind, dict[str, list[Place]]]:
    """For each form in a kind of section: the places of each of its types."""
    found: dict[Kind, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for document in documents:
        for entity in document.entities:
            place = place_of(document), entity.start, entity.end
            found[_kind_of(document), entity.text][entity.label].append(place)
    return found


def _kind_of(document: Document) -> str:
    return _KINDS.get(document.section, _TOLD)


def _two_types(
    marked: dict[Kind, dict[str, list[Place]]], exceptions: Exceptions
) -> Iterator[Problem]:
    for (kind, form), types in marked.items():
        either = kind in _EITHER_IN and types.keys() <= _EITHER
        allowed = form in exceptions.types or either or types.keys() <= _FACTORS
        usual = max(types, key=lambda label: (len(types[label]), label))
        if allowed or not _is_habit(len(types[usual]), sum(map(len, types.values()))):
            continue
        for label in sorted(types.keys() - {usual}):
            for place in types[label]:
                reason = f"{label} here, but {len(types[usual])} times {usual}"
                yield _problem(place, reason, "make them one type")


def _bare_and_marked(
    documents: Sequence[Document],
    marked: dict[Kind, dict[str, list[Place]]],
    exceptions: Exceptions,
) -> Iterator[Problem]:
    bare: dict[Kind, list[Place]] = defaultdict(list)
    for document in documents:
        kind = _kind_of(document)
        for start, end in _bare_forms(document, kind, marked, exceptions):
            place = place_of(document), start, end
            bare[kind, document.text[start:end]].append(place)
    for key, places in bare.items():
        types = Counter({label: len(p) for label, p in marked[key].items()})
        times, label = types.total(), types.most_common(1)[0][0]
        if _is_habit(times, times + len(places)):
            for place in places:
                yield _problem(place, f"bare here, but {times} times {label}", "mark it")
        elif _is_habit(len(places), times + len(places)):
            for place in (p for found in marked[key].values() for p in found):
                reason = f"{label} here, but {len(places)} times bare"
                yield _problem(place, reason, "leave it bare, or mark the others")


def _is_habit(times: int, total: int) -> bool:
    return total >= _MINIMUM and times >= _HABIT * total


def _problem(place: Place, reason: str, remedy: str) -> Problem:
    where, start, end = place
    return Problem(f"{where}, {start}-{end}", reason, f"{remedy}, or give a reason in {EXCEPTIONS}")


def _bare_forms(
    document: Document,
    kind: str,
    marked: dict[Kind, dict[str, list[Place]]],
    exceptions: Exceptions,
) -> Iterator[tuple[int, int]]:
    """Where forms that are marked elsewhere stand unmarked, longest first, without overlap."""
    text = _blanked(document, exceptions)
    start = 0
    while start < len(text):
        for length in range(min(_LONGEST, len(text) - start), _SHORTEST - 1, -1):
            end = start + length
            if (kind, text[start:end]) in marked and _whole(document.text, start, end):
                yield start, end
                start = end - 1
                break
        start += 1


def _blanked(document: Document, exceptions: Exceptions) -> str:
    """The text with entities and excepted contexts blotted out, the length kept."""
    text = document.text
    taken = [(e.start, e.end) for e in document.entities]
    for context in exceptions.contexts:
        at = text.find(context)
        while at >= 0:
            taken.append((at, at + len(context)))
            at = text.find(context, at + 1)
    characters = list(text)
    for start, end in taken:
        characters[start:end] = "\0" * (end - start)
    return "".join(characters)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether neither end cuts a Latin word or a number."""
    return not (_joined(text[start - 1 : start + 1]) or _joined(text[end - 1 : end + 1]))


def _joined(pair: str) -> bool:
    return len(pair) == 2 and pair.isascii() and pair.isalnum()
