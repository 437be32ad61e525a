"""Whether one text tells of one person: names, sex and numbers that must not differ.

Belongs here: what tells persons apart. Does not belong here: masking (`deidentify/`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rakg_assets.admissions.refusals import Refusal
from rakg_assets.ontology.sections import GAP, fold, squeeze

_LABELS = {
    "name": ("患者姓名", "病人姓名", "姓名"),
    "sex": ("患者性别", "性别"),
    "hospital number": ("住院号码", "住院号"),
    "case number": ("病案号",),
    "resident id": ("身份证号码", "身份证号"),
}
_LABEL = {
    kind: re.compile(
        rf"(?<![\u4e00-\u9fff])(?:{'|'.join(GAP.join(label) for label in labels)})"
        rf"(?:{GAP}[\]】]?{GAP}[:=|]|[\]】]){GAP}"
    )
    for kind, labels in _LABELS.items()
}
# A value ends at a sign, at a wide space, or where the next label begins.
_VALUE_END = re.compile(
    rf"[,;、|。\n\r\t(\[【]|\s{{2,}}|\u3000|\s+[\u4e00-\u9fffA-Za-z]{{1,8}}{GAP}:"
)
_MASKED = re.compile(r"[某*＊×xX_?？□■]|不详|未知|保密")
_TOLD = re.compile(
    rf"患者{GAP}(?P<name>[\u4e00-\u9fff·]{{2,4}})?{GAP}[,、]?{GAP}(?P<sex>[男女])性?{GAP}[,、]{GAP}\d{{1,3}}{GAP}岁"
)
_NO_NAME = re.compile(r"年|性|男|女|儿|因|既往|本人|系|为|自|于|在|的|有|无|主|现|体|健")


class Persons:
    """What a text says of its person so far."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._known: dict[str, str] = {}

    def add(self, kind: str, value: str) -> None:
        """Note a value; raises `Refusal` two_patients if another one was noted before."""
        bare = squeeze(fold(value)).upper().lstrip("0")
        if not bare or _MASKED.search(bare):
            return
        if kind == "sex":
            bare = bare[0]
        if self._known.setdefault(kind, bare) != bare:
            raise Refusal("two_patients", f"two values of {kind}")

    def add_fields(self, lines: Iterable[str]) -> None:
        """Note every labelled value of header lines, e.g. 姓名：… 性别：… 住院号：…."""
        for line in map(fold, lines):
            for kind, label in _LABEL.items():
                for match in label.finditer(line):
                    end = _VALUE_END.search(line, match.end())
                    self.add(kind, line[match.end() : end.start() if end else None])

    def add_narrative(self, text: str) -> None:
        """Note what a sentence such as 患者…，女，54岁 says."""
        for match in _TOLD.finditer(fold(text)):
            self.add("sex", match["sex"])
            if match["name"] and not _NO_NAME.search(match["name"]):
                self.add("name", match["name"])
