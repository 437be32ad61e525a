"""Whether the same words are labelled alike throughout: what one record alone cannot show.

Belongs here: forms that are marked in one place and bare in another, and forms of two types.
Exceptions are data: `consistency.csv` beside the annotations. Does not belong here: rules that hold
within a record (`guideline.py`).
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from rakg_assets.corpus.annotated import AnnotatedRecord, Problem, one_each, place_of
from rakg_assets.corpus.documents import Document

EXCEPTIONS = "consistency.csv"
_HEADER = ["words", "reason"]

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

_EXCUSE = f"give a reason in {EXCEPTIONS}"

Place = tuple[Document, int, int]
Kind = tuple[str, str]
"""(kind of section, form)."""
Marked = Mapping[Kind, Mapping[str, list[Place]]]
Doubt = tuple[Place, str, str]
"""(place, reason, remedy)."""


def read_exceptions(source: Path) -> frozenset[str]:
    """The words of `consistency.csv` in a folder of annotations (or beside a file); none if none.

    Its columns: `words`, a form with what stands around it, and `reason`, why the form is labelled
    otherwise there. Raises ValueError with file, line, reason and remedy.
    """
    path = (source if source.is_dir() else source.parent) / EXCEPTIONS
    if not path.exists():
        return frozenset()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if rows.fieldnames != _HEADER:
            raise ValueError(f"{path.name}: its columns must be {', '.join(_HEADER)}")
        found = set()
        for row in rows:
            if not (row["words"] and row["reason"]):
                raise ValueError(f"{path.name}, line {rows.line_num}: words and reason are needed")
            found.add(row["words"])
    return frozenset(found)


def check_consistency(
    records: Iterable[AnnotatedRecord], exceptions: Iterable[str] = ()
) -> list[Problem]:
    """Places where a form is labelled unlike most of its occurrences in sections of the kind.

    The rarer way of the two is reported, unless it stands within the words of an exception; no
    message holds record text. Of several annotators of a record one speaks (`one_each`): each has
    habits of their own.
    """
    documents = [document for record in one_each(records) for document in record.sections]
    marked = _marked(documents)
    excused = tuple(exceptions)
    return [
        Problem(f"{place_of(document)}, {start}-{end}", reason, f"{remedy}, or {_EXCUSE}")
        for (document, start, end), reason, remedy in (
            *_two_types(marked),
            *_bare_and_marked(documents, marked),
        )
        if not _stands_in(document.text, start, end, excused)
    ]


def _marked(documents: Sequence[Document]) -> Marked:
    """For each form in a kind of section: the places of each of its types."""
    found: dict[Kind, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for document in documents:
        for entity in document.entities:
            place = document, entity.start, entity.end
            found[_kind_of(document), entity.text][entity.label].append(place)
    return found


def _kind_of(document: Document) -> str:
    return _KINDS.get(document.section, _TOLD)


def _two_types(marked: Marked) -> Iterator[Doubt]:
    for (kind, _), types in marked.items():
        either = kind in _EITHER_IN and types.keys() <= _EITHER
        usual = max(types, key=lambda label: (len(types[label]), label))
        habit = _is_habit(len(types[usual]), sum(map(len, types.values())))
        if habit and not either and not types.keys() <= _FACTORS:
            for label in sorted(types.keys() - {usual}):
                for place in types[label]:
                    reason = f"{label} here, but {len(types[usual])} times {usual}"
                    yield place, reason, "make them one type"


def _bare_and_marked(documents: Sequence[Document], marked: Marked) -> Iterator[Doubt]:
    bare: dict[Kind, list[Place]] = defaultdict(list)
    for document in documents:
        kind = _kind_of(document)
        for start, end in _bare_forms(document, kind, marked):
            bare[kind, document.text[start:end]].append((document, start, end))
    for key, places in bare.items():
        types = Counter({label: len(p) for label, p in marked[key].items()})
        times, label = types.total(), types.most_common(1)[0][0]
        if _is_habit(times, times + len(places)):
            for place in places:
                yield place, f"bare here, but {times} times {label}", "mark it"
        elif _is_habit(len(places), times + len(places)):
            for place in (p for found in marked[key].values() for p in found):
                reason = f"{label} here, but {len(places)} times bare"
                yield place, reason, "leave it bare, or mark the others"


def _is_habit(times: int, total: int) -> bool:
    return total >= _MINIMUM and times >= _HABIT * total


def _problem(place: Place, reason: str, remedy: str) -> Problem:
    where, start, end = place
    return Problem(f"{where}, {start}-{end}", reason, f"{remedy}, or give a reason in {EXCEPTIONS}")


def _bare_forms(document: Document, kind: str, marked: Marked) -> Iterator[tuple[int, int]]:
    """Where forms that are marked elsewhere stand unmarked, longest first, without overlap."""
    text = _without_entities(document)
    start = 0
    while start < len(text):
        for length in range(min(_LONGEST, len(text) - start), _SHORTEST - 1, -1):
            end = start + length
            if (kind, text[start:end]) in marked and _whole(document.text, start, end):
                yield start, end
                start = end - 1
                break
        start += 1


def _without_entities(document: Document) -> str:
    """The text with entities blotted out, the length kept."""
    characters = list(document.text)
    for entity in document.entities:
        characters[entity.start : entity.end] = "\0" * (entity.end - entity.start)
    return "".join(characters)


def _stands_in(text: str, start: int, end: int, contexts: Iterable[str]) -> bool:
    """Whether a place lies within one of the contexts."""
    form = text[start:end]
    for context in contexts:
        at = context.find(form)
        while at >= 0:
            if text.startswith(context, start - at) and start >= at:
                return True
            at = context.find(form, at + 1)
    return False


def _whole(text: str, start: int, end: int) -> bool:
    """Whether neither end cuts a Latin word or a number."""
    return not (_joined(text[start - 1 : start + 1]) or _joined(text[end - 1 : end + 1]))


def _joined(pair: str) -> bool:
    return len(pair) == 2 and pair.isascii() and pair.isalnum()
