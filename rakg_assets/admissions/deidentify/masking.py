"""Masking a record: learn from header and sections, then mask every section at its own length.

Belongs here: the order of the finders and the mask. Does not belong here: how one kind is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rakg_assets.admissions.deidentify.addresses import addresses, known_addresses
from rakg_assets.admissions.deidentify.births import births, known_births, read_day
from rakg_assets.admissions.deidentify.identity import Identity
from rakg_assets.admissions.deidentify.names import KnownNames, Name, find_names, is_learnt
from rakg_assets.admissions.deidentify.numbers import (
    identifiers,
    known_numbers,
    labelled,
    resident_birth,
)
from rakg_assets.ontology.text import fold

MASK = "＊"


def mask_record(
    sections: Sequence[str], header: str = "", identity: Identity | None = None
) -> list[str]:
    """The section texts with identifying text masked; each keeps its length in code points.

    What any section, the header (text before the first section) or `identity` gives away is masked
    in all sections.
    """
    readings = [_Reading.of(text) for text in (header, *sections)]
    known = _Known(readings, identity or Identity())
    found = ([*reading.spans(), *known.spans(reading.text)] for reading in readings[1:])
    return [_mask(text, spans) for text, spans in zip(sections, found, strict=True)]


def find_identifiers(text: str) -> list[tuple[int, int, str]]:
    """Identifiers that need no context: (start, end, kind), kind resident_id, phone or email."""
    return sorted(set(identifiers(fold(text))))


@dataclass(frozen=True)
class _Reading:
    """What one text gives away by itself; `text` is folded."""

    text: str
    numbers: tuple[tuple[int, int, str], ...]
    names: tuple[Name, ...]
    addresses: tuple[tuple[int, int], ...]
    births: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> _Reading:
        clean = fold(text)
        return cls(
            clean,
            (*identifiers(clean), *labelled(clean)),
            tuple(find_names(clean)),
            tuple(addresses(clean)),
            tuple(births(clean)),
        )

    def spans(self) -> Iterator[tuple[int, int]]:
        for span in (*self.numbers, *self.names):
            yield span[0], span[1]
        yield from self.addresses
        yield from self.births

    def values(self, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
        return (self.text[start:end] for start, end in spans)


class _Known:
    """What is known of the persons of a record and looked for in all of its texts."""

    def __init__(self, readings: Sequence[_Reading], identity: Identity) -> None:
        ids = {fold(value) for value in identity.numbers | identity.phones}
        names = {fold(name) for name in identity.names}
        places = [fold(place) for place in identity.addresses]
        days = [read_day(fold(birth)) for birth in identity.births]
        for reading in readings:
            ids |= set(reading.values(n[:2] for n in reading.numbers if n[2] != "bed"))
            learnt = (name for name in reading.names if is_learnt(reading.text, name))
            names |= set(reading.values(name[:2] for name in learnt))
            places += reading.values(reading.addresses)
            days += map(read_day, reading.values(reading.births))
        days += map(resident_birth, ids)
        self._names = KnownNames(names)
        self._patterns = [p for p in (known_numbers(ids), known_addresses(places)) if p]
        self._births = {day for day in days if day}

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where known values stand in a folded text; spans may overlap."""
        yield from self._names.find(text)
        yield from known_births(text, self._births)
        for pattern in self._patterns:
            yield from (match.span() for match in pattern.finditer(text))


def _mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    characters = list(text)
    for start, end in spans:
        characters[start:end] = MASK * (end - start)
    return "".join(characters)
