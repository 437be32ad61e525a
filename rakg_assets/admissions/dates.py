"""Dates as records write them, and the sentence that says when the patient came in.

Belongs here: forms of a date and what in a sentence makes a date the day of admission. Does not
belong here: which dates a record may have (`judgement.py`) or labelled fields (`plain.py`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date

from rakg_assets.ontology.sections import GAP, fold

_DASH = "[-‐‑‒–—―−]"
_NUMERALS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_DIGIT, _COUNT = "[〇零○一二三四五六七八九]", "[一二三四五六七八九十]{1,3}"
_DATE = (
    rf"(?<!\d)(?:(\d{{4}}){GAP}年{GAP}(\d{{1,2}}){GAP}月{GAP}(\d{{1,2}})(?!\d)(?:{GAP}[日号])?"
    rf"|(\d{{4}}){GAP}(?:(?:{_DASH}{GAP}(\d{{1,2}}){GAP}{_DASH}{GAP}(\d{{1,2}}))"
    rf"|(?:/{GAP}(\d{{1,2}}){GAP}/{GAP}(\d{{1,2}}))|(?:\.{GAP}(\d{{1,2}}){GAP}\.{GAP}(\d{{1,2}})))"
    rf"(?!\d)|(\d{{4}})(\d\d)(\d\d)(?:\d{{4}}|\d{{6}})?(?!\d)"
    rf"|({_DIGIT}{{4}})年({_COUNT})月({_COUNT})(?:日|号))"
)
_DATE_PATTERN = re.compile(_DATE)


def parse_date(value: str) -> date | None:
    """The date that a value begins with, in any form of the contract; a clock time may follow.

    None if there is none or the calendar has no such day.
    """
    match = _DATE_PATTERN.match(fold(value).lstrip())
    return _date(match) if match else None


def _date(match: re.Match[str]) -> date | None:
    year, month, day = (_number(group) for group in match.groups() if group is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str) -> int:
    """An integer in digits, in Chinese digits (二〇一九) or counted (二十三)."""
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, units = text.partition("十")
        return 10 * (_NUMERALS.get(tens, 0) if tens else 1) + _NUMERALS.get(units, 0)
    return int("".join(str(_NUMERALS[c]) for c in text))


#: Characters between a date and its word of arrival: a chief complaint or a diagnosis fits in.
_WIDEST_LEAD = 120
_SENTENCE_END = re.compile(r"[。;!?\n]")
_ARRIVAL = re.compile(
    r"(?P<strong>收入|收住|收治|入住|住入|入我[科院区]|住我[科院]|住院(?!期|第|治疗期)"
    r"|入院(?!前|第|后第|后\d)|(?<=我[院科])就诊入院)"
    r"|(?P<weak>转入|(?:来|到|至)我[院科](?!门诊|就诊))"
)
# Words that make the date one of another event: earlier treatment, onset, a plan.
_ELSEWHERE = re.compile(
    r"外院|外地|当地|曾|既往|以往|上次|前次|首次|第一次|[他它某]院|[在于][^,。]{0,14}医院|医院[住就]"
    r"|出院|嘱|建议|预约|计划|下次|返院|定于|家属"
)
_OTHER_EVENT = re.compile(
    r"诊断|确诊|诊为|发病|起病|出现|复发|发热|受凉|加重|术|检查|查|予|服|[^午]后|前|拟|,"
)
_REASON = re.compile(
    rf"{GAP}(?:[上下中]午|凌晨|晚)?{GAP}(?:T?\d{{1,2}}[:时点](?:\d{{1,2}}(?::\d{{1,2}}|分)?)?)?{GAP}"
    r"[,]?(?:患者)?(?:因|以|由|为|自|从|经|再次|门诊|急诊|步行|平车|轮椅|抬|扶)"
)
_OURS = re.compile(r"我[院科区]|本[院科区]|病房|本次|此次|今|再次")


def arrival_date(text: str) -> date | None:
    """The day of admission that a sentence tells of, e.g. 于2018年6月4日…收入我科.

    A date of earlier treatment, of onset or of a plan in the same text is none. The surest
    sentence wins (ours, this time), then the last. None if no sentence tells it.
    """
    found = [hit for sentence in _SENTENCE_END.split(fold(text)) for hit in _arrivals(sentence)]
    return max(reversed(found), key=lambda hit: hit[0])[1] if found else None


def _arrivals(sentence: str) -> Iterator[tuple[int, date]]:
    """(certainty, day) of each word of arrival in a sentence that a date leads to."""
    dates = list(_DATE_PATTERN.finditer(sentence))
    ends = [match.end() for match in dates]
    for verb in _ARRIVAL.finditer(sentence) if dates else ():
        nearest = dates[bisect_right(ends, verb.start()) - 1]
        day = _date(nearest)
        if day is None or not 0 <= verb.start() - nearest.end() <= _WIDEST_LEAD:
            continue
        opening = sentence[max(0, nearest.start() - _WIDEST_LEAD) : nearest.start()]
        opening = _unquoted(opening).rsplit(",", 1)[-1]
        lead = _unquoted(sentence[nearest.end() : verb.start()])
        follow = sentence[verb.end() : verb.end() + 12].partition(",")[0]
        if _leads_in(opening, lead, follow):
            ours = _OURS.search(opening + lead) or _OURS.match(follow) or "我" in verb.group()
            yield 2 * bool(ours) + (verb["strong"] is not None), day


def _leads_in(opening: str, lead: str, follow: str) -> bool:
    """Whether what stands before a date, between it and the arrival, and after, allow the link."""
    if _ELSEWHERE.search(f"{opening}。{lead}。{follow}") or _OTHER_EVENT.search(opening):
        return False
    if follow.startswith("后") and not opening.endswith("于"):
        return False
    return bool(_REASON.match(lead)) or not _OTHER_EVENT.search(lead)


def _unquoted(text: str) -> str:
    """Text without quotations: 以"确诊类风湿关节炎3年"收入 tells of no earlier day."""
    return re.sub(r"[\"“「『'‘][^\"”」』'’]*[\"”」』'’]", "", text)
