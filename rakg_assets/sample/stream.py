"""Generated stays one after another, the same for the same seed.

Does not belong here: who comes when (`visits.py`), texts (`notes.py`) or files (`generator.py`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from rakg_assets.sample.lives import Life
from rakg_assets.sample.notes import begin_stay, tell_sections
from rakg_assets.sample.people import Person, invent_name
from rakg_assets.sample.stays import Stay
from rakg_assets.sample.visits import Visit, patient_of, visits
from rakg_assets.sample.words import Words

_STAFF = 24
_NAMED_IN_HISTORY = 0.4
_SIGNED = 0.35


def stays(seed: int, words: Words, count: int) -> Iterator[Stay]:
    """`count` stays in the order in which the wards admit them, in constant memory."""
    rng = random.Random(f"{seed} staff")
    doctors = [invent_name(rng) for _ in range(_STAFF)]
    for number, visit in enumerate(visits(seed, count), 1):
        yield _stay(f"G{number:06d}", seed, words, visit, doctors)


def _stay(key: str, seed: int, words: Words, visit: Visit, doctors: list[str]) -> Stay:
    patient = patient_of(seed, visit.patient)
    rng = patient.rng(f"frame {visit.nth}")
    doctor = rng.choice(doctors)
    life = Life(words, patient, visit.admission.year)
    story = begin_stay(life, visit)
    frame = _frame(rng, patient.person, visit.admission.year, doctor)
    sections = tuple(tell_sections(life, story, *frame))
    return Stay(
        *(key, visit.admission, visit.discharge, sections, patient.person, doctor),
        comes_again=visit.nth > 0,
        concepts=frozenset(life.story.told | story.told),
    )


def _frame(rng: random.Random, person: Person, year: int, doctor: str) -> tuple[str, str]:
    """What opens the history and what closes the advice; both may name people."""
    name = person.name if rng.random() < 0.5 else ""
    intro = f"患者{name}，{person.sex}，{person.age(year)}岁。"
    signature = f"医师签名：{doctor}"
    return (
        intro if rng.random() < _NAMED_IN_HISTORY else "",
        signature if rng.random() < _SIGNED else "",
    )
