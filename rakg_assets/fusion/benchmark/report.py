"""The tables of `make bench-linking`.

Belongs here: running the accuracy part and putting both parts into Markdown. Does not belong
here: right and wrong (`pairs.py`), timing (`throughput.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from tabulate import tabulate

from rakg_assets.fusion.benchmark.pairs import Pair, Score, Tally, score
from rakg_assets.fusion.benchmark.rivals import (
    Cdist,
    Matcher,
    TfidfTopn,
    answers,
    fairest_threshold,
)
from rakg_assets.fusion.benchmark.throughput import OURS, Speed
from rakg_assets.fusion.linking import Linker
from rakg_assets.ontology.dictionaries import Concept, Dictionary
from rakg_assets.ontology.schema import EntityType

Dictionaries = Mapping[EntityType, Dictionary]
_RIVALS: Mapping[str, Callable[[Sequence[str]], Matcher]] = {
    "rapidfuzz alone": Cdist,
    "TF-IDF alone": TfidfTopn,
}


def linker_score(linker: Linker, dictionaries: Dictionaries, pairs: Sequence[Pair]) -> Score:
    """What the linker makes of pairs."""
    links = linker.link_all([(pair.type, pair.mention) for pair in pairs])
    concepts = {c.concept_id: c for d in dictionaries.values() for c in d.concepts}
    found = [concepts[link.concept_id] if link.concept_id else None for link in links]
    return score(pairs, found, [link.method for link in links])


def accuracy_tables(
    linker: Linker, dictionaries: Dictionaries, tuning: Sequence[Pair], test: Sequence[Pair]
) -> str:
    """Right, wrong and missed links on `test`; the rivals' thresholds are set on `tuning`."""
    ours = linker_score(linker, dictionaries, test)
    scores = {OURS: ours}
    for title, rival in _RIVALS.items():
        least = fairest_threshold(tuning, answers(rival, dictionaries, tuning))
        found = answers(rival, dictionaries, test)
        scores[f"{title}, best name always"] = _unstepped(test, found.concepts)
        scores[f"{title}, from score {least:.2f}"] = _unstepped(test, found.above(least))
    tables = [
        _tallies("matcher", [(title, one.overall) for title, one in scores.items()]),
        _by_type(scores),
        _tallies(f"{OURS}, by kind of mention", sorted(ours.by_kind.items())),
        _tallies(f"{OURS}, by step", sorted(ours.by_step.items())),
    ]
    return "\n\n".join(tables)


def throughput_table(speeds: Sequence[Speed], terms: int, mentions: int) -> str:
    """Speed beside that of ours, memory and time to build."""
    ours = next(speed.mentions_a_second for speed in speeds if speed.title == OURS)
    head = (
        *(f"{mentions:,} mentions, {terms:,} terms", "mentions/s", "ours is", "right %", "wrong %"),
        *("index built in s", "index MB"),
    )
    rows = [
        (
            *(s.title, f"{s.mentions_a_second:,.0f}", f"{ours / s.mentions_a_second:.1f}×"),
            *(f"{s.right:.1f}", f"{s.wrong:.1f}", f"{s.build_seconds:.2f}", f"{s.megabytes:.0f}"),
        )
        for s in speeds
    ]
    return tabulate(rows, head, tablefmt="github", disable_numparse=True)


def _unstepped(pairs: Sequence[Pair], concepts: Sequence[Concept | None]) -> Score:
    return score(pairs, concepts, [""] * len(pairs))


def _by_type(scores: Mapping[str, Score]) -> str:
    """One row a type: right and wrong in percent, by matcher."""
    totals = {key: tally.total for key, tally in scores[OURS].by_type.items()}
    rows = [
        (key, total, *(_right_wrong(one.by_type[key]) for one in scores.values()))
        for key, total in totals.items()
    ]
    head = ("right / wrong %, by type", "mentions", *scores)
    return tabulate(rows, head, tablefmt="github", disable_numparse=True)


def _right_wrong(tally: Tally) -> str:
    return f"{tally.percent(tally.right):.1f} / {tally.percent(tally.wrong):.1f}"


def _tallies(title: str, rows: Iterable[tuple[str, Tally]]) -> str:
    head = (title, "mentions", "right %", "wrong %", "missed %")
    cells = [
        (name, t.total, *(f"{t.percent(n):.1f}" for n in (t.right, t.wrong, t.missed)))
        for name, t in rows
    ]
    return tabulate(cells, head, tablefmt="github", disable_numparse=True)
