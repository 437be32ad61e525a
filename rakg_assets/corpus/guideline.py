"""The rules of the annotation guideline that a program can test.

Belongs here: one small function a rule. Does not belong here: what needs a reader (is it a symptom
or a sign?) and whether a file could be read at all (`annotations.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from rakg_assets.corpus.annotated import AnnotatedRecord, Problem, place_of
from rakg_assets.corpus.documents import Document, Entity, RelationMention
from rakg_assets.corpus.sentences import split_section
from rakg_assets.ontology.schema import Assertion, EntityType, Relation
from rakg_assets.ontology.sections import NOTES, SECTIONS, SHARED_SECTION, WHOLE

_PLACES = {(s.note, s.section) for s in (*SECTIONS, WHOLE)} | {(n, SHARED_SECTION) for n in NOTES}

_PUNCTUATION = "，。、；：！？,.;:!?·…—~～“”‘’\"'《》<>【】[]{}()（）|/\\=↑↓→"
_PAIRS = {")": "(", "）": "（", "]": "[", "】": "【", "”": "“", "’": "‘", "》": "《", '"': '"'}
_SIGN = re.compile(r"[(（]\s*[+＋±\-－—]+\s*[)）]$|(?:阳性|阴性)$")
# No letter before the number: B12片 and PaO2 are names.
_AMOUNT = r"(?<![A-Za-z0-9.\-])\d+(?:\.\d+)?\s*"
_UNITS = (
    "mg|g|kg|μg|ug|ml|mL|L|cm|mm|h|min|d|w|年|个?月|周|天|日|小时|分钟|次|片|粒|支|枚|岁|℃|%"
    "|mmHg|mmol/L|μmol/L|mg/L|g/L|U/L|IU/ml|U/ml|mm/h"
)
_TRAILING_AMOUNT = re.compile(rf"{_AMOUNT}(?:{_UNITS})余?$")
_FREQUENCY = re.compile(
    r"(?<![A-Za-z])(?:qd|bid|tid|qid|qn|qw|biw|q\d+[hwd]|prn|po|iv|ivgtt)$", re.IGNORECASE
)
# 24小时尿蛋白 and 6分钟步行试验 are names of tests, so only these types are held to it.
_LEADING_AMOUNT = re.compile(rf"^{_AMOUNT}(?:{_UNITS})余?(?![A-Za-z])")
_NO_LEADING_AMOUNT = {
    EntityType.SYMPTOM,
    EntityType.DISEASE,
    EntityType.TREATMENT,
    EntityType.BODY_PART,
}
# 无 alone is left out: 无力 and 无法行走 are symptoms.
_POLARITY = re.compile(r"^(?:否认|未见|未闻及|未触及|未及|无明显|没有)")


def check_records(records: Iterable[AnnotatedRecord]) -> list[Problem]:
    """What breaks the guideline, in the order of the records; no message holds record text."""
    listed = list(records)
    keys = Counter(record.key for record in listed)
    return [
        Problem(place, reason, remedy)
        for record in listed
        for place, reason, remedy in _record_problems(record, keys[record.key])
    ]


Found = Iterator[tuple[str, str, str]]


def _record_problems(record: AnnotatedRecord, times: int) -> Found:
    place = record.id or record.source
    if not record.id:
        yield place, "the record has no id", "give it one"
    if times > 1:
        yield place, "the id is used by another record of this annotator", "make ids unique"
    if record.admission and record.discharge and record.discharge < record.admission:
        yield place, "discharge before admission", "correct the dates"
    for (note, section), count in Counter((d.note, d.section) for d in record.sections).items():
        if (note, section) not in _PLACES:
            yield (
                f"{place} {note}/{section}",
                "no such note and section",
                "use the guideline's names",
            )
        if count > 1:
            yield f"{place} {note}/{section}", "the section comes twice", "put the two together"
    for document in record.sections:
        yield from _section_problems(document)


def _section_problems(document: Document) -> Found:
    place = place_of(document)
    last: Entity | None = None
    for entity in sorted(document.entities, key=lambda e: (e.start, e.end)):
        where = f"{place}, {entity.label} {entity.start}-{entity.end}"
        for reason, remedy in _entity_problems(entity, document.text):
            yield where, reason, remedy
        if last and entity.start < last.end:
            yield where, "it overlaps the entity before it", "keep one of the two"
        last = entity
    sentences = _sentences_of(document)
    for i, entity in enumerate(document.entities):
        if len(sentences[i]) > 1:
            where = f"{place}, {entity.label} {entity.start}-{entity.end}"
            yield where, "it crosses a sentence", "mark it within one sentence"
    seen: Counter[tuple[str, int, int]] = Counter()
    for relation in document.relations:
        seen[relation.label, relation.head, relation.tail] += 1
        where = f"{place}, {_ends(relation, document)}"
        for reason, remedy in _relation_problems(relation, document, sentences):
            yield where, reason, remedy
        if seen[relation.label, relation.head, relation.tail] == 2:
            yield where, "the relation is given twice", "keep one"


def _entity_problems(entity: Entity, text: str) -> Iterator[tuple[str, str]]:
    mention = text[entity.start : entity.end] if entity.start >= 0 else ""
    if entity.label not in list(EntityType):
        yield "no such entity type", "use one of the nine types"
    if entity.assertion not in list(Assertion):
        yield "no such assertion", "use present, absent, possible or family"
    if not mention or mention != entity.text or entity.end > len(text):
        yield "it is not the text at its offsets", "mark it again"
        return
    if _SIGN.search(mention):
        yield "it ends in a result", "leave the sign out; say absent if it is negative"
    elif _has_loose_edge(mention):
        yield "it begins or ends with space or punctuation", "mark the words alone"
    if _TRAILING_AMOUNT.search(mention) or _FREQUENCY.search(mention):
        yield "it ends in a quantity, duration or frequency", "leave that out"
    if entity.label in _NO_LEADING_AMOUNT and _LEADING_AMOUNT.search(mention):
        yield "it begins with a quantity or duration", "leave that out"
    if _POLARITY.search(mention):
        yield "it begins with a polarity word", "leave that out and say absent"


def _has_loose_edge(mention: str) -> bool:
    """Whether an edge is space or punctuation; paired signs may be part of a name: 抗“O”."""
    first, last = mention[0], mention[-1]
    if _PAIRS.get(last) != first:
        opens = any(_PAIRS.get(c) == first for c in mention[1:])
        closes = _PAIRS.get(last, last) in mention[:-1] and last in _PAIRS
        first, last = "" if opens else first, "" if closes else last
    return any(c.isspace() or c in _PUNCTUATION for c in (first, last) if c)


def _relation_problems(
    relation: RelationMention, document: Document, sentences: list[list[int]]
) -> Iterator[tuple[str, str]]:
    count = len(document.entities)
    if not (0 <= relation.head < count and 0 <= relation.tail < count):
        yield "an end is no entity of the section", "mark both ends"
        return
    head, tail = document.entities[relation.head], document.entities[relation.tail]
    if relation.label not in list(Relation):
        yield "no such relation", "use one of the six learned relations"
        return
    kind = Relation(relation.label)
    if not kind.learned:
        yield "this relation is drawn by rule", "leave it out"
    if head.label != kind.head or tail.label not in kind.tails:
        yield f"it joins {head.label} and {tail.label}", "check its direction and its ends' types"
    if not head.assertion == tail.assertion == Assertion.PRESENT:
        yield "an end is not present", "relations join present entities only"
    if sentences[relation.head] != sentences[relation.tail]:
        yield "its ends stand in two sentences", "relations stay within a sentence"


def _ends(relation: RelationMention, document: Document) -> str:
    starts = [
        str(document.entities[i].start) if 0 <= i < len(document.entities) else "?"
        for i in (relation.head, relation.tail)
    ]
    return f"{relation.label} {'->'.join(starts)}"


def _sentences_of(document: Document) -> list[list[int]]:
    """For each entity the sentences that it lies in; more than one if it crosses."""
    sentences = split_section(document.text)
    return [
        [n for n, (start, end) in enumerate(sentences) if e.start < end and start < e.end]
        for e in document.entities
    ]
