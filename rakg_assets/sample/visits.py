"""Who comes when: admissions from July 2015 to January 2021, and who comes again.

Everything of a patient follows from the seed and the patient's number, so that no patient has to
be remembered. Does not belong here: what a record says (`lives.py`, `notes.py`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from rakg_assets.sample.people import Person, invent_person
from rakg_assets.sample.words import by_rank

FIRST_MONTH, MONTHS = (2015, 7), 67
#: Records that are planned, and put in order of time, together; memory is bounded by it.
WARD = 1986
#: January to December: quiet at the new year, at harvest and in the autumn holidays.
_SEASON = (0.8, 0.6, 1.2, 1.15, 1.05, 0.85, 1.1, 1.05, 0.95, 0.8, 1.2, 1.1)
#: New ones get fewer, because those who come again fill the beds.
_TREND_A_YEAR = -0.05
_CLOSED = {(2020, 2): 0.15, (2020, 3): 0.4, (2020, 4): 0.7}
_MOST_STAYS, _STAYS_EXPONENT = 20, 1.8
_NIGHTS = (2.4, 0.35)  # mean and deviation of the logarithm: 11 nights in the middle
_DAYS_AWAY = (4.5, 1.0)
_TRIES = 8


@dataclass(frozen=True)
class Patient:
    """One patient of the ward, made anew from seed and number whenever needed."""

    seed: int
    number: int
    person: Person
    #: The year in which the joint disease began.
    onset: int

    def rng(self, purpose: str) -> random.Random:
        """A source of chance for one purpose, the same at every stay."""
        return random.Random(f"{self.seed} patient {self.number} {purpose}")


@dataclass(frozen=True)
class Visit:
    """One stay of a patient; `nth` counts from 0, `left_last` is the last discharge before it."""

    patient: int
    nth: int
    admission: date
    discharge: date
    left_last: date | None


def patient_of(seed: int, number: int) -> Patient:
    """The patient of a number."""
    rng = random.Random(f"{seed} person {number}")
    person = invent_person(rng, number)
    adult = person.birth_year + 18
    onset = max(adult, FIRST_MONTH[0] - int(rng.expovariate(1 / 9)))
    return Patient(seed, number, person, min(onset, FIRST_MONTH[0] - 1))


def visits(seed: int, count: int) -> Iterator[Visit]:
    """`count` visits, ward after ward of `WARD` records, each in the order of admission."""
    done = patients = 0
    while done < count:
        ward: list[Visit] = []
        while len(ward) < min(WARD, count - done):
            ward += _visits_of(seed, patients)
            patients += 1
        del ward[min(WARD, count - done) :]
        ward.sort(key=lambda visit: (visit.admission, visit.patient))
        yield from ward
        done += len(ward)


def _visits_of(seed: int, patient: int) -> list[Visit]:
    """Most come once, a few often; a month is chosen as often as it is busy."""
    rng = random.Random(f"{seed} visits {patient}")
    busy = _month_weights(seed)
    year, month = rng.choices(list(busy), list(busy.values()))[0]
    admission = date(year, month, 1) + timedelta(rng.randrange(_days_of(year, month)))
    planned: list[Visit] = []
    for nth in range(by_rank(rng, range(1, _MOST_STAYS + 1), _STAYS_EXPONENT)):
        if nth:
            again = _comes_again(rng, planned[-1].discharge, busy)
            if again is None:
                break
            admission = again
        nights = min(60, max(2, round(rng.lognormvariate(*_NIGHTS))))
        last = planned[-1].discharge if planned else None
        planned.append(Visit(patient, nth, admission, admission + timedelta(nights), last))
    return planned


def _comes_again(rng: random.Random, left: date, busy: dict[tuple[int, int], float]) -> date | None:
    for _ in range(_TRIES):
        day = left + timedelta(days=max(25, round(rng.lognormvariate(*_DAYS_AWAY))))
        if rng.random() * max(busy.values()) < busy.get((day.year, day.month), 0):
            return day
    return None


@lru_cache
def _month_weights(seed: int) -> dict[tuple[int, int], float]:
    """How busy each month is: season, trend, chance, and the spring in which wards closed."""
    rng = random.Random(f"{seed} months")
    weights = {}
    for passed in range(MONTHS):
        year, month = divmod(FIRST_MONTH[0] * 12 + FIRST_MONTH[1] - 1 + passed, 12)
        weight = _SEASON[month] * (1 + _TREND_A_YEAR * passed / 12) * rng.lognormvariate(0, 0.15)
        weights[year, month + 1] = weight * _CLOSED.get((year, month + 1), 1)
    return weights


def _days_of(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days
