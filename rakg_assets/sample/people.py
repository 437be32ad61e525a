"""Made-up persons for generated records: every name, number and address is invented.

Belongs here: identifying fields that de-identification has to mask. The city does not exist, the
telephone prefix and the region of the resident ids are not allotted. Does not belong here: texts.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

_SURNAMES = (*"伍昌岑郁桑卞庾鄢邬闵蔺璩逯郗宓滑暨隗郦阚", "闻人", "淳于", "澹台", "濮阳")
_GIVEN_FIRST = "听若知望怀砚絮岫霁蕴樾昀筱沐疏棹"
_GIVEN_LAST = "澜筠珩樵霖蓁璟曦芷羿漪钧彤屿湄笙"
_STREETS = ("柳堤路", "晚枫街", "石桥巷", "观澜路", "杏林街", "白鹭洲路", "听雨巷")
_REGION = "3299"  # no such region
_CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_BORN_BEFORE = 2018
HOSPITAL = "南屏市第三人民医院"


@dataclass(frozen=True)
class Person:
    """One invented patient; the numbers stay the same whenever the patient comes again."""

    name: str
    sex: str
    birth_year: int
    resident_id: str
    phone: str
    address: str
    hospital_number: str

    def age(self, year: int) -> int:
        """Completed years, roughly."""
        return year - self.birth_year


def invent_person(rng: random.Random, number: int) -> Person:
    """A person as common in a rheumatology ward: mostly women, mostly 35 to 75 years old.

    `number` is the hospital's running number of patients.
    """
    sex = "女" if rng.random() < 0.78 else "男"
    year = _BORN_BEFORE - int(min(84, max(22, rng.gauss(56, 13))))
    return Person(
        invent_name(rng),
        sex,
        year,
        _resident_id(rng, year, sex),
        f"1540{rng.randrange(10**7):07d}",
        f"江苏省云川市{rng.choice(_STREETS)}{rng.randint(1, 199)}号{rng.randint(1, 20)}幢"
        f"{rng.randint(1, 6)}0{rng.randint(1, 4)}室",
        f"{rng.randint(10, 99)}{number:06d}",
    )


def invent_name(rng: random.Random) -> str:
    """A name that reads as one and is no word of a record."""
    return rng.choice(_SURNAMES) + rng.choice(_GIVEN_FIRST) + rng.choice(_GIVEN_LAST)


def _resident_id(rng: random.Random, year: int, sex: str) -> str:
    """18 characters with a right check digit (GB 11643)."""
    birth = f"{year}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    serial = rng.randrange(500) * 2 + (sex == "男")
    body = f"{_REGION}{rng.randint(1, 30):02d}{birth}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _CHECK_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]
