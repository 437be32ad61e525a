"""Names as hurried hands type them: one slip of the ear, the eye or the fingers.

For calibrating the linker and for measuring it; the same seed gives the same slips. Does not
belong here: names with more or fewer words (`normalise.py` takes those off).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable

from rakg_assets.fusion.shapes import look_alikes
from rakg_assets.fusion.sounds import heard

_HAN = ("\u4e00", "\u9fff")


class Slips:
    """Makes slips with the characters that some names are written in."""

    def __init__(self, names: Iterable[str], seed: int) -> None:
        self._rng = random.Random(seed)
        self._characters = sorted({c for n in names for c in n if _HAN[0] <= c <= _HAN[1]})
        self._same_sound: dict[str, list[str]] = defaultdict(list)
        for character, sound in zip(self._characters, heard(self._characters), strict=True):
            self._same_sound[sound].append(character)
        self._same_shape = look_alikes(self._characters)
        # The input method errs most often, then the eye; the rest are slips of the fingers.
        self._kinds: list[Callable[[str, int], str]] = [
            *(4 * [self._misheard]),
            *(2 * [self._misread]),
            *(self._left_out, self._doubled, self._swapped, self._another),
        ]

    def slip(self, name: str) -> str:
        """`name` with one slip in it; never the name itself.

        Raises ValueError for a name of fewer than two characters.
        """
        if len(name) < 2:
            raise ValueError("a name of one character bears no slip")
        while True:
            slipped = self._rng.choice(self._kinds)(name, self._rng.randrange(len(name)))
            if slipped != name:
                return slipped

    def _misheard(self, name: str, at: int) -> str:
        alike = self._same_sound.get(heard([name[at]])[0], [name[at]])
        return name[:at] + self._rng.choice(alike) + name[at + 1 :]

    def _misread(self, name: str, at: int) -> str:
        alike = self._same_shape.get(name[at]) or [name[at]]
        return name[:at] + self._rng.choice(alike) + name[at + 1 :]

    def _left_out(self, name: str, at: int) -> str:
        return name[:at] + name[at + 1 :]

    def _doubled(self, name: str, at: int) -> str:
        return name[:at] + name[at] + name[at:]

    def _swapped(self, name: str, at: int) -> str:
        return name[:at] + name[at : at + 2][::-1] + name[at + 2 :]

    def _another(self, name: str, at: int) -> str:
        return name[:at] + self._rng.choice(self._characters) + name[at + 1 :]
