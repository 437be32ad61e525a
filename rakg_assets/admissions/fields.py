"""What a key, column or label means: id, dates, version, whole text, a section, or a person's data.

Belongs here: names of fields and the values they may have. Does not belong here: where fields stand
(`plain.py`, `readers/`) or headings (`ontology/sections.py`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from rakg_assets.admissions.dates import parse_date
from rakg_assets.admissions.deidentify import Identity
from rakg_assets.admissions.refusals import Refusal
from rakg_assets.ontology.sections import Section, fold_name, section_named, squeeze

ID, ADMISSION, DISCHARGE, VERSION, TEXT = "id", "admission", "discharge", "version", "text"
_ROLES = {
    ID: ("记录编号", "id"),
    ADMISSION: ("入院日期", "入院时间", "入院日期时间", "admission"),
    DISCHARGE: ("出院日期", "出院时间", "出院日期时间", "discharge"),
    VERSION: ("版本", "版本号", "version", "versionnumber"),
    TEXT: ("text",),
}
_ROLE_OF = {name: role for role, names in _ROLES.items() for name in names}

#: Endings of keys whose values identify a person, by the part of `Identity` they fill.
_PERSONAL = {
    "names": r"姓名|医[师生]|护士|签名|签字|联系人|主任|术者|陈述者|doctor|physician|nurse"
    r"|(?:^|patient|person|contact|doctor|nurse|author|full)[_ -]?name"
    r"|attending|signature|signed[_ -]?by|next[_ -]?of[_ -]?kin|guardian|relative",
    "phones": r"电话|手机号?码?|微信号?|邮箱|phone|mobile|tel|email|wechat",
    "addresses": r"住址|地址|address|addr",
    "births": r"出生日期|出生年月日?|生日|birth|birthday|birthdate|dob",
    "numbers": r"号|号码|证件|id[_ -]?card|mrn|id[_ -]?no"
    r"|(?:hospital|inpatient|outpatient|admission|patient|case|card|bed|visit|chart|record)"
    r"[_ -]?(?:no|num|number)",
}
_PERSONAL_KEY = {kind: re.compile(f"(?:{ends})$") for kind, ends in _PERSONAL.items()}
_SEVERAL = re.compile(r"[、,，/;；|\n]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NAME_VALUE = re.compile(r"[\u3400-\u9fff〇·\U00020000-\U0003134f]{2,8}|[A-Za-z][A-Za-z .'-]{2,40}")


class MappingError(ValueError):
    """A mapping file that cannot be used; the message names file, reason and remedy."""


def load_mapping(path: str | Path) -> Mapping[str, str]:
    """Other column names from a TOML file: {name in the source, folded: what it means}.

    The file says `id = "病历号"`, `admission = ["入院", "入院日"]`, `"主诉" = "CC"`, and in a
    table `["出院记录"]` the same for sections of that note. Raises `MappingError`.
    """
    try:
        content = tomllib.loads(Path(path).read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(
            f"{path}: no readable TOML ({error}); correct the mapping file"
        ) from None
    mapping: dict[str, str] = {}
    for target, names in _flat(content):
        if target not in _ROLES and section_named(target) is None:
            raise MappingError(f"{path}: {target} is no field and no section; use id or e.g. 主诉")
        if not all(isinstance(name, str) for name in names):
            raise MappingError(f"{path}: {target} must be a column name or a list of them")
        mapping |= {fold_name(name): target for name in names}
    return mapping


def _flat(content: Mapping[str, object], note: str = "") -> Iterable[tuple[str, list[object]]]:
    for key, value in content.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{key}/")
        else:
            yield f"{note}{key}", list(value) if isinstance(value, list) else [value]


def role_of(name: str, mapping: Mapping[str, str] | None = None) -> str | Section | None:
    """What a key or column holds: a role, a section, or None for anything else."""
    folded = fold_name(name)
    target = (mapping or {}).get(folded, folded)
    return _ROLE_OF.get(target) or section_named(target)


def id_value(value: object) -> str | None:
    """An id as text; a whole number loses no digit and gains no point. None if there is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (bool, list, dict)):
        raise _wrong_type(value)
    return squeeze_ends(str(value)) or None if value is not None else None


def date_value(value: object) -> date | None:
    """A date out of a cell, number or text; None if there is none that the calendar knows."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (bool, list, dict)):
        raise _wrong_type(value)
    return parse_date(squeeze_ends(str(value))) if value is not None else None


def version_value(value: object) -> tuple[int, ...]:
    """A version number as it is compared: 2 is before 10, none is before all."""
    return tuple(int(part) for part in re.findall(r"\d{1,18}", fold_name(str(value or ""))))


def text_value(value: object) -> str:
    """Text of a section or of a whole record; lines may come as a list. Nothing gives nothing."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(text_value(line) for line in value)
    if not isinstance(value, str):
        raise _wrong_type(value)
    return value


def _wrong_type(value: object) -> Refusal:
    return Refusal("malformed", f"a {type(value).__name__} stands where text is expected")


def squeeze_ends(text: str) -> str:
    """A text without space and invisible characters at its ends."""
    seen = (i for i, character in enumerate(text) if squeeze(character))
    start = next(seen, len(text))
    end = next((i for i in range(len(text), start, -1) if squeeze(text[i - 1])), start)
    return text[start:end]


def identity_of(pairs: Iterable[tuple[str, str]]) -> Identity:
    """What keys that name a person, a number, a phone, an address or a birth date say."""
    found: dict[str, set[str]] = {kind: set() for kind in _PERSONAL}
    for key, value in pairs:
        folded = fold_name(key)
        kind = next((k for k, ends in _PERSONAL_KEY.items() if ends.search(folded)), None)
        if kind == "names":
            found[kind] |= set(_names(value))
        elif kind and value.strip():
            found[kind].add(value.strip())
    return Identity(**{kind: frozenset(values) for kind, values in found.items()})


def _names(value: str) -> Iterator[str]:
    """The names in a value; 张 三 is one, 张三丰 李四光 are two, Li Lei is one."""
    for piece in _SEVERAL.split(value):
        joined = squeeze(piece)
        if len(joined) <= 4 or not _HAN.match(joined):
            words = [joined if _HAN.match(joined) else piece.strip()]
        else:
            words = piece.split()
        yield from (word for word in words if _NAME_VALUE.fullmatch(word))
