"""Stays as plain text: styles of headings, forms of dates, encodings, line ends.

Does not belong here: structured files (`layouts.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rakg_assets.sample.stays import Stay, title


def _long_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True)
class TextStyle:
    """How a hospital prints a record; `section` has gaps {name} and {text}."""

    name: str
    note: str
    section: str
    day: Callable[[date], str]
    encoding: str = "utf-8"
    newline: str = "\n"

    def encode(self, stay: Stay) -> bytes:
        """The file of one stay."""
        return self.print(stay).replace("\n", self.newline).encode(self.encoding)

    def print(self, stay: Stay) -> str:
        """The text of one stay, lines ended by one line feed."""
        lines = [title(stay), *self._header(stay)]
        for note, sections in stay.notes():
            lines.append(self.note.format(note))
            lines += [self.section.format(name=name, text=text) for name, text in sections]
        return "\n".join(lines) + "\n"

    def _header(self, stay: Stay) -> list[str]:
        fields = [f"{label}：{value}" for label, value in stay.identifying()]
        dates = [f"入院日期：{self.day(stay.admission)}"]
        if stay.discharge:
            dates.append(f"出院日期：{self.day(stay.discharge)}")
        rows = [fields[:3], [f"记录编号：{stay.id}", *fields[3:4]], fields[4:], dates]
        return ["　".join(row) for row in rows if row]


TEXT_STYLES: tuple[TextStyle, ...] = (
    TextStyle("brackets", "{}", "【{name}】{text}", _long_date),
    TextStyle("hash", "# {}", "## {name}\n{text}", date.isoformat, "utf-16"),
    TextStyle("bare", "{}", "{name}\n{text}", "{:%Y/%m/%d}".format, "gb18030", "\r\n"),
    TextStyle("colon", "{}", "{name}：{text}", "{:%Y.%m.%d}".format, "utf-8-sig"),
    TextStyle("old", "【{}】", "【{name}】\n{text}", _long_date, "gb18030", "\r\n"),
)
