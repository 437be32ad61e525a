"""Forms of a mention under which it may be found in a dictionary, from strict to loose.

Belongs here: what makes two spellings of one name equal (width, case, numerals, dosage forms,
grades, remarks). Words come from `dictionaries/normalisation/`. Does not belong here: sides and
numbers of body parts (`body_parts.py`) or the choice of a concept (`linking.py`).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rakg_assets.fusion.body_parts import (
    VERTEBRA_LETTERS,
    chinese_numerals,
    parse_body_part,
    strip_side,
)
from rakg_assets.fusion.sounds import BETWEEN
from rakg_assets.ontology.schema import EntityType

_ANY = "*"
_TYPES = frozenset({_ANY, *EntityType})
_SUBSTITUTION = {"types": _TYPES, "step": frozenset({"fold", "loose"}), "find": None}
_AFFIX = {
    "types": _TYPES,
    "kind": None,
    "position": frozenset({"prefix", "suffix"}),
    "word": None,
}
# The kind of affix that a dictionary's own names may lose too.
_VARIANT = "variant"
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
# An enumeration comma between words stays: 受凉、劳累 are two things.
_MARKS = re.compile(rf"[^\w%、{BETWEEN}]|_|(?<!\w)、|、(?!\w)|(?<=\d)、|、(?=\d)")
_REMARK = re.compile(r"[(\[【〔{<《][^)\]】〕}>》]*(?:[)\]】〕}>》]|$)")
_REMARK_TEXT = re.compile(r"[(\[【〔{]([^)\]】〕}]{2,})(?:[)\]】〕}]|$)")
_MEASURE = "型期级度类项联代字"
_CHINESE_NUMBER = re.compile(
    rf"[一二三四五六七八九十]+(?=[{_MEASURE}])|(?<=第)[一二三四五六七八九十]+"
)
_ROMAN_MEASURED = re.compile(rf"(?<![a-z])(ix|iv|v?i{{1,3}}|v|x)(?=[{_MEASURE}])")
_ROMAN_ALONE = re.compile(r"(?<![a-z])(ix|iv|vi{1,3}|i{2,3})(?![a-z])")
_ROMAN = {
    r: str(n)
    for n, r in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"), 1)
}
_STAGE = r"第?\d{1,2}[abc]?(?:到\d{1,2})?(?:级|期|度)"
_GRADE = re.compile(rf"^{_STAGE}(?=..)|{_STAGE}$|(?<=..)(?:stage|grade)?\d级")
# 10mg qw: a dose behind a drug.
_UNIT, _TIMES = r"(?:mg|ug|μg|g|ml|iu|u|万u|片|粒|支)", r"q\d{0,2}[dwnhm]|qod|bid|tid|qid|biw|st"
# 枕墙距5cm, 热敷20min, 呕吐2次: how much or how long.
_QUANTITY = re.compile(
    r"(?<=..)\d+(?:cm|mm|kg|ml|min|[ghx]|度|分钟|小时|余天|余年|个月|天|日|周|月|年|次|枚|个|处)?$"
)
_DIGITS = frozenset("0123456789")
_MOST_FORMS = 32
# 抗CCP抗体 and 抗CCP are one; TP抗体 and TP are not.
_ANTIBODY = re.compile(r"^(抗.{2,})抗体$")
_NEVER = re.compile(r"(?!)")
_GRADES = dict.fromkeys(EntityType, _NEVER) | {
    EntityType.DISEASE: _GRADE,
    EntityType.SYMPTOM: re.compile(f"{_GRADE.pattern}|{_QUANTITY.pattern}"),
    EntityType.PHYSICAL_EXAMINATION: re.compile(f"{_GRADE.pattern}|{_QUANTITY.pattern}"),
    EntityType.AGGRAVATING_FACTOR: _QUANTITY,
    EntityType.MITIGATION_FACTOR: _QUANTITY,
    EntityType.LAB_TEST: re.compile(r"\d{1,2}项$"),
    EntityType.TREATMENT: re.compile(rf"(?<=..)\d{{1,5}}{_UNIT}(?:{_TIMES})?$"),
}
# L4/5椎间盘突出症 is 腰椎间盘突出症; the numbers of body parts are kept (`body_parts.py`).
_VERTEBRA = re.compile(r"(?<![a-z])([ctls颈胸腰骶])\d{1,2}(?:[ctls]?\d{1,2})?(?=椎)")


class NormalisationError(ValueError):
    """A word list that cannot be read; the message names file, line, reason and remedy."""


@dataclass(frozen=True)
class Affixes:
    """Words that a name may carry in front or behind without meaning something else."""

    prefixes: frozenset[str]
    suffixes: frozenset[str]
    least_after_prefix: int
    least_after_suffix: int

    @cached_property
    def _suffix_lengths(self) -> list[int]:
        return sorted(set(map(len, self.suffixes)), reverse=True)

    @cached_property
    def _prefix_lengths(self) -> list[int]:
        return sorted(set(map(len, self.prefixes)), reverse=True)

    def shorter(self, text: str) -> Iterator[str]:
        """`text` without its longest removable suffix, and without its longest prefix."""
        most = len(text) - self.least_after_suffix
        for length in self._suffix_lengths:
            if length <= most and text[-length:] in self.suffixes:
                yield text[:-length]
                break
        most = len(text) - self.least_after_prefix
        for length in self._prefix_lengths:
            if length <= most and text[:length] in self.prefixes:
                yield text[length:]
                break

    def bare(self, text: str) -> str:
        """`text` without any removable suffix or prefix."""
        while shorter := next(self.shorter(text), ""):
            text = shorter
        return text


class Normaliser:
    """Folds names and lists their looser forms; `telling` characters are for `similarity.py`.

    `folder` holds `substitutions.csv` (types, step, find, replace), `affixes.csv` (types, kind,
    position, word) and `telling.csv` (kind, characters). Raises `NormalisationError`.
    """

    def __init__(self, folder: Path) -> None:
        substitutions = _read(folder / "substitutions.csv", _SUBSTITUTION, "replace")
        affixes = _read(folder / "affixes.csv", _AFFIX)
        telling = _read(folder / "telling.csv", {"kind": None, "characters": None})
        self.telling = frozenset("".join(row["characters"] for row in telling))
        self._fold = {t: _replacer(substitutions, t, "fold") for t in EntityType}
        self._loosen = {t: _replacer(substitutions, t, "loose") for t in EntityType}
        variants = [row for row in affixes if row["kind"] == _VARIANT]
        self._affixes = {t: self._affixes_of(affixes, t) for t in EntityType}
        self._variants = {t: self._affixes_of(variants, t) for t in EntityType}

    def fold(self, kind: EntityType, text: str) -> str:
        """The strict form: equal for spellings that no reader would tell apart."""
        return self.fold_all(kind, [text])[0]

    def fold_all(self, kind: EntityType, texts: Sequence[str]) -> list[str]:
        """The strict forms of texts; all are folded as one, which is many times as fast."""
        if not texts:
            return []
        joined = BETWEEN.join(text.replace(BETWEEN, "") for text in texts)
        return self._fold[kind](_bare(joined)).split(BETWEEN)

    def loose(self, kind: EntityType, form: str) -> str:
        """A folded form without what may or may not stand in a name: 性, 症, 检查, the side."""
        return self.loose_all(kind, [form])[0]

    def loose_all(self, kind: EntityType, forms: Sequence[str]) -> list[str]:
        """The loose forms of folded forms."""
        if not forms:
            return []
        if kind is EntityType.BODY_PART:
            parts = self.fold_all(kind, [parse_body_part(form).part for form in forms])
            bare = [part or form for part, form in zip(parts, forms, strict=True)]
        else:
            bare = [strip_side(form) for form in forms]
        if kind is EntityType.LAB_TEST:
            bare = [_ANTIBODY.sub(r"\1", form) for form in bare]
        variants = self._variants[kind]
        loosened = self._loosen[kind](BETWEEN.join(map(variants.bare, bare))).split(BETWEEN)
        return [loose or form for loose, form in zip(loosened, forms, strict=True)]

    def remarks(self, kind: EntityType, text: str) -> tuple[str, ...]:
        """Folded contents of brackets: 「来氟米特片（爱若华）」 gives 爱若华."""
        found = _REMARK_TEXT.findall(unicodedata.normalize("NFKC", text))
        return tuple(dict.fromkeys(filter(None, (self.fold(kind, t) for t in found))))

    def forms_all(self, kind: EntityType, texts: Sequence[str]) -> list[tuple[str, ...]]:
        """For each text its distinct folded forms: as written, then with ever more taken off."""
        written = self.fold_all(kind, texts)
        plain = [_without_remarks(text) or text for text in texts]
        unremarked = self.fold_all(kind, plain)
        if kind is EntityType.BODY_PART:
            bare = self.fold_all(kind, [parse_body_part(text).part for text in plain])
        else:
            bare = [_VERTEBRA.sub(_vertebra, strip_side(form)) for form in unremarked]
        return [
            tuple(dict.fromkeys(filter(None, (*forms, *self._reduced(kind, forms[-1]))))) or ("",)
            for forms in zip(written, unremarked, bare, strict=True)
        ]

    def _reduced(self, kind: EntityType, form: str) -> list[str]:
        reduced = [form]
        measured = not _DIGITS.isdisjoint(form)
        for longer in reduced:  # which grows as it is read
            if len(reduced) > _MOST_FORMS:
                break
            ungraded = (measured and _GRADES[kind].sub("", longer)) or longer
            shorter = (ungraded, *self._affixes[kind].shorter(longer))
            reduced += [s for s in dict.fromkeys(shorter) if s not in reduced]
        return reduced

    def _affixes_of(self, rows: list[dict[str, str]], kind: EntityType) -> Affixes:
        words: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if _applies(row, kind):
                words[row["position"]].add(self.fold(kind, row["word"]))
        # 膝部 is 膝, but 手背 is no 背.
        after_prefix, after_suffix = (3, 1) if kind is EntityType.BODY_PART else (2, 2)
        prefixes, suffixes = frozenset(words["prefix"]), frozenset(words["suffix"])
        return Affixes(prefixes, suffixes, after_prefix, after_suffix)


def _applies(row: dict[str, str], kind: EntityType) -> bool:
    return row["types"] == _ANY or kind.value in row["types"].split("|")


def _bare(text: str) -> str:
    """NFKC, lower case, Arabic numerals, and of the marks only % (N and N% are two tests)."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold())
    text = _CHINESE_NUMBER.sub(lambda m: chinese_numerals(m[0]), text)
    for roman in (_ROMAN_MEASURED, _ROMAN_ALONE):
        text = roman.sub(lambda m: _ROMAN[m[1]], text)
    return _MARKS.sub("", text)


def _vertebra(match: re.Match[str]) -> str:
    return VERTEBRA_LETTERS.get(match[1], match[1])


def _without_remarks(text: str) -> str:
    return _REMARK.sub("", unicodedata.normalize("NFKC", text))


def _replacer(rows: list[dict[str, str]], kind: EntityType, step: str) -> Callable[[str], str]:
    """All substitutions of a step in one pass, the longest match first."""
    table = {r["find"]: r["replace"] for r in rows if r["step"] == step and _applies(r, kind)}
    if not table:
        return lambda text: text
    # Most characters begin no match: the look ahead passes them by.
    starts = re.escape("".join(sorted({find[0] for find in table})))
    longest_first = sorted(table, key=lambda find: (-len(find), find))
    pattern = re.compile(f"(?=[{starts}])(?:{'|'.join(map(re.escape, longest_first))})")
    return lambda text: pattern.sub(lambda m: table[m[0]], text)


def _read(
    path: Path, columns: Mapping[str, frozenset[str] | None], *more: str
) -> list[dict[str, str]]:
    """The rows of a word list; `columns` must be filled in, with one of the words given, if any,
    and the columns of `more` be there."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise NormalisationError(f"{path.name}: missing in {path.parent}; add the file") from None
    except UnicodeDecodeError:
        raise NormalisationError(f"{path.name}: not UTF-8; save it as UTF-8") from None
    reader = csv.DictReader(lines)
    if missing := [
        column for column in (*columns, *more) if column not in (reader.fieldnames or ())
    ]:
        raise NormalisationError(f"{path.name}, line 1: the header lacks {', '.join(missing)}")
    rows = [{k: v or "" for k, v in row.items() if k} for row in reader]
    for line, row in enumerate(rows, 2):
        for column, allowed in columns.items():
            values = row.get(column, "").split("|")
            if "" in values or (allowed and not allowed.issuperset(values)):
                remedy = f"use {', '.join(sorted(allowed))}" if allowed else "fill it in"
                raise NormalisationError(f"{path.name}, line {line}: {column} is wrong; {remedy}")
    return rows
