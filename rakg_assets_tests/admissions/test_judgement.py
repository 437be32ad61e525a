"""Dates that a record may have, and the winner among records with one id."""

from __future__ import annotations

from datetime import date

import pytest

from rakg_assets.admissions.judgement import DateRules, Entry, first_day, judge
from rakg_assets.admissions.records import Record

RULES = DateRules("2010-01", date(2020, 6, 15))


def record(
    id: str = "A",
    likeness: str = "x",
    admission: date | None = date(2018, 4, 9),
    discharge: date | None = None,
    version: tuple[int, ...] = (),
) -> Record:
    return Record("", id, admission, discharge, version, (), likeness, likeness)


@pytest.mark.parametrize(
    ("admission", "discharge", "fault"),
    [
        (date(2010, 1, 1), None, None),
        (date(2020, 6, 15), date(2020, 6, 15), None),
        (None, None, "no_admission_date"),
        (None, date(2018, 1, 1), "no_admission_date"),
        (date(2009, 12, 31), None, "date_out_of_range"),
        (date(2020, 6, 16), None, "date_out_of_range"),
        (date(2020, 6, 1), date(2020, 6, 16), "date_out_of_range"),
        (date(2018, 6, 2), date(2018, 6, 1), "discharge_before_admission"),
    ],
)
def test_dates_that_may_not_be(
    admission: date | None, discharge: date | None, fault: str | None
) -> None:
    assert RULES.fault(record(admission=admission, discharge=discharge)) == fault


def test_a_default_month_is_for_records_without_any_date() -> None:
    rules = DateRules("2010-01", date(2020, 6, 15), "2019-03")
    assert rules.dated(record(admission=None)).admission == date(2019, 3, 1)
    only_discharge = record(admission=None, discharge=date(2018, 1, 1))
    assert rules.dated(only_discharge).admission is None
    assert rules.dated(record()).admission == date(2018, 4, 9)


@pytest.mark.parametrize("month", ["2019", "2019-13", "x", "", "2019-3-1"])
def test_what_is_no_month_is_said(month: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        first_day(month)


def verdicts(*entries: Entry) -> list[str | None]:
    return [entry.reason for entry in judge(entries, RULES)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            Entry("b", 5, record(version=(1,)), 9.0),
            Entry("a", 0, record("A", "y", version=(2,)), 1.0),
        ),
        (Entry("b", 5, record(), 9.0), Entry("a", 0, record("A", "y", version=(1,)), 1.0)),
        (Entry("b", 5, record(), 1.0), Entry("a", 0, record("A", "y"), 9.0)),
        (Entry("a", 5, record(), 1.0), Entry("b", 0, record("A", "y"), 1.0)),
        (Entry("a", 0, record(), 1.0), Entry("a", 1, record("A", "y"), 1.0)),
    ],
)
def test_the_later_of_two_texts_wins(one: Entry, other: Entry) -> None:
    assert verdicts(one, other) == ["duplicate_id", None]
    assert verdicts(other, one) == [None, "duplicate_id"]


def test_of_the_same_text_the_earliest_stands() -> None:
    entries = [
        Entry("c", 0, record(), 3.0),
        Entry("a", 0, record(), 1.0),
        Entry("b", 0, record("A", "y"), 2.0),
        Entry("d", 0, record("B")),
    ]
    assert verdicts(*entries) == ["identical_copy", None, "duplicate_id", None]


def test_a_later_version_that_is_refused_does_not_win() -> None:
    later = Entry("b", 0, record("A", "y", admission=None), 9.0)
    assert verdicts(Entry("a", 0, record(), 1.0), later) == [None, "no_admission_date"]
