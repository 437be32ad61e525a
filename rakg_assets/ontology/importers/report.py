"""What is told of an import: counts, and a table of all that was not taken as it stands.

Belongs here: the report's content and form. Does not belong here: what makes a conflict
(`merge.py`).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field

_COLUMNS = ("outcome", "place", "code", "text", "reason")


@dataclass(frozen=True, slots=True)
class Remark:
    """A conflict, or an entry that was skipped, for a person to look at."""

    outcome: str
    place: str
    code: str
    text: str
    reason: str


@dataclass
class Report:
    """What became of a list. What is read is merged, added or skipped.

    `absent` are concepts with a code that the list has not, or no longer; they stay.
    """

    read: int = 0
    merged: int = 0
    added: int = 0
    aliases: int = 0
    absent: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def conflicts(self) -> int:
        """How many remarks are conflicts."""
        return sum(remark.outcome == "conflict" for remark in self.remarks)

    def lines(self) -> Iterator[str]:
        """The counts, one a line."""
        yield f"read: {self.read}"
        yield f"merged: {self.merged}"
        yield f"added: {self.added}"
        yield f"aliases added: {self.aliases}"
        yield f"conflicts: {self.conflicts}"
        yield f"skipped: {self.skipped.total()}"
        for reason, count in sorted(self.skipped.items()):
            yield f"  {reason}: {count}"
        if self.absent:
            yield f"concepts with a code that the list has not: {self.absent}"

    def as_csv(self) -> str:
        """The remarks as a table."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(map(astuple, self.remarks))
        return text.getvalue()
