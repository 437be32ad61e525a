"""The report sums up, and lists what was not taken as it stands."""

from __future__ import annotations

from collections import Counter

from rakg_assets.ontology.importers.report import Remark, Report


def test_counts_and_table():
    remarks = [
        Remark("conflict", "line 2", "A00", "霍乱", "a, b"),
        Remark("skipped", "line 3", "", "", "no code"),
    ]
    report = Report(9, 3, 2, 1, 1, Counter({"too rare": 3, "no code": 1}), remarks)
    assert list(report.lines()) == [
        *("read: 9", "merged: 3", "added: 2", "aliases added: 1", "conflicts: 1", "skipped: 4"),
        *("  no code: 1", "  too rare: 3", "concepts with a code that the list has not: 1"),
    ]
    assert report.as_csv().splitlines() == [
        "outcome,place,code,text,reason",
        'conflict,line 2,A00,霍乱,"a, b"',
        "skipped,line 3,,,no code",
    ]
