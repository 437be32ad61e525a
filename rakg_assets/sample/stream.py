"""An endless ward: generated stays one after another, the same for the same seed.

Belongs here: who comes when, who comes again. Does not belong here: texts (`notes.py`) or files
(`generator.py`).
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta

from rakg_assets.sample.notes import tell_sections
from rakg_assets.sample.people import Person, invent_name, invent_person
from rakg_assets.sample.stays import Stay
from rakg_assets.sample.stories import Story, Words

#: Months of admission with how busy they are; the new year is quiet.
MONTHS = {
    (2018, 1): 1.1,
    (2018, 2): 0.6,
    (2018, 3): 1.3,
    (2018, 4): 1.2,
    (2018, 5): 0.9,
    (2018, 6): 0.8,
}
_LAST_ADMISSION = date(2018, 6, 30)
_READMITTED_SHARE = 0.04
_REMEMBERED = 32
_NAMED_IN_HISTORY = 0.4
_SIGNED = 0.35


def stays(seed: int, words: Words) -> Iterator[Stay]:
    """Stays without end, in constant memory."""
    rng = random.Random(seed)
    recent: deque[tuple[Person, date]] = deque(maxlen=_REMEMBERED)
    number = 0
    while True:
        number += 1
        person, admission = _who_comes(rng, recent)
        discharge = admission + timedelta(days=rng.randint(5, 24))
        recent.append((person, discharge))
        doctor = invent_name(rng)
        yield Stay(
            f"G{number:06d}",
            admission,
            discharge,
            tuple(tell_sections(Story(rng, words), *_frame(rng, person, admission, doctor))),
            person,
            f"{rng.randint(10, 99)}{number:06d}",
            doctor,
        )


def _who_comes(rng: random.Random, recent: deque[tuple[Person, date]]) -> tuple[Person, date]:
    if recent and rng.random() < _READMITTED_SHARE:
        person, left = rng.choice(recent)
        again = left + timedelta(days=rng.randint(14, 60))
        if again <= _LAST_ADMISSION:
            return person, again
    year, month = rng.choices(list(MONTHS), list(MONTHS.values()))[0]
    first = date(year, month, 1)
    days = ((first + timedelta(days=31)).replace(day=1) - first).days
    return invent_person(rng), first + timedelta(days=rng.randrange(days))


def _frame(rng: random.Random, person: Person, day: date, doctor: str) -> tuple[str, str]:
    """What opens the history and what closes the advice; both may name people."""
    name = person.name if rng.random() < 0.5 else ""
    intro = f"患者{name}，{person.sex}，{person.age(day.year)}岁。"
    signature = f"医师签名：{doctor}"
    return (
        intro if rng.random() < _NAMED_IN_HISTORY else "",
        signature if rng.random() < _SIGNED else "",
    )
