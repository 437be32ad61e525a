"""Admissions from July 2015 to January 2021: uneven months, few who come often, any number."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from rakg_assets.sample.visits import MONTHS, WARD, patient_of, visits


@pytest.fixture(scope="module")
def ward():
    return list(visits(7, WARD))


def test_months_vary_within_the_period(ward):
    months = Counter((v.admission.year, v.admission.month) for v in ward)
    assert min(months) == (2015, 7)
    assert max(months) == (2021, 1)
    assert len(months) == MONTHS
    assert max(months.values()) > 3 * sorted(months.values())[5]
    assert months[2020, 2] < months[2019, 2] / 2
    assert [v.admission for v in ward] == sorted(v.admission for v in ward)


def test_most_come_once_and_few_often(ward):
    stays = Counter(v.patient for v in ward)
    often = Counter(stays.values())
    assert len(stays) == pytest.approx(900, rel=0.1)
    assert often[1] > len(stays) / 2
    assert often[1] > often[2] > often[3] > often[5] > 0
    assert max(stays.values()) > 9


def test_stays_of_a_patient_follow_each_other(ward):
    for patient in range(200):
        own = [v for v in ward if v.patient == patient]
        assert [v.nth for v in own] == list(range(len(own)))
        assert own[0].left_last is None
        for before, after in pairwise(own):
            assert before.discharge < after.admission
            assert after.left_last == before.discharge


def test_discharges_fall_behind_the_end_of_the_month(ward):
    crossed = sum(v.discharge.month != v.admission.month for v in ward)
    assert 0.2 * len(ward) < crossed < 0.6 * len(ward)
    assert all(v.discharge > v.admission for v in ward)


def test_any_number_of_visits_is_planned_ward_by_ward():
    assert [len(list(visits(3, n))) for n in (0, 1, 50)] == [0, 1, 50]
    many = list(visits(3, WARD + 10))
    assert len(many) == WARD + 10
    assert not {v.patient for v in many[:WARD]} & {v.patient for v in many[WARD:]}


def test_a_patient_is_the_same_whenever_made():
    for number in range(100):
        patient = patient_of(7, number)
        assert patient == patient_of(7, number)
        assert patient.onset < 2015 <= date(2015, 7, 1).year
        assert patient.person.age(patient.onset) >= 18
    assert patient_of(7, 1) != patient_of(8, 1)
