"""JSON and JSON Lines: a record, a list of records, or records within a wrapper.

Belongs here: shapes of JSON, strictness, lines. Does not belong here: what a key means
(`admissions/fields.py`) or how keys make a record (`mapped.py`).
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable
from typing import Any

from rakg_assets.admissions.encoding import Line, binary_type, decode_lines
from rakg_assets.admissions.fields import role_of
from rakg_assets.admissions.readers.mapped import holds_record, records_of
from rakg_assets.admissions.readers.registry import Parts, ReadOptions, checked_text, reader
from rakg_assets.admissions.records import RawRecord, RefusedPart
from rakg_assets.admissions.refusals import Refusal
from rakg_assets.ontology.sections import is_blank

_DEEPEST_WRAPPER = 6


def _starts_like_json(data: bytes) -> bool:
    return data.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")


@reader("json", suffixes=(".json",), recognises=_starts_like_json)
def read_json(data: bytes, options: ReadOptions) -> Parts:
    """Read a JSON file; one that holds an object on each line is read as JSON Lines."""
    text = checked_text(data, "JSON")
    try:
        value = parse_json(text)
    except Refusal:
        parts = list(_lines(map(Line, text.split("\n")), options))
        if len(parts) < 2 or any(isinstance(part, RefusedPart) for part in parts):
            raise
        return parts
    return _some(_records(value, options, ""))


@reader("jsonl", suffixes=(".jsonl", ".ndjson"), recognises=lambda data: False)
def read_json_lines(data: bytes, options: ReadOptions) -> Parts:
    """Read one record a line; a bad line is refused and the others are taken.

    A file that is one JSON value over many lines is read as that.
    """
    if other := binary_type(data):
        raise Refusal("malformed", f"its content is {other}, not JSON Lines")
    lines = decode_lines(data)
    parts = _some(_lines(lines, options))
    if all(isinstance(part, RefusedPart) for part in parts):
        try:
            value = parse_json("\n".join(line.text for line in lines))
        except Refusal:
            return parts
        return _some(_records(value, options, ""))
    return parts


def parse_json(text: str) -> Any:
    """The value of a JSON text. Raises `Refusal` malformed for what strict JSON does not allow."""
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise Refusal("malformed", f"no JSON: line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise Refusal("malformed", "brackets are nested too deep") from None
    except ValueError as error:
        raise Refusal("malformed", str(error) if type(error) is _NotJson else "a number") from None


class _NotJson(ValueError):
    """What Python's parser takes and strict JSON does not."""


def _no_constant(name: str) -> None:
    raise _NotJson(f"{name} is no JSON number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs) and any(values[key] != value for key, value in pairs):
        raise _NotJson("a key stands twice with different values")
    return values


def _lines(lines: Iterable[Line], options: ReadOptions) -> Parts:
    for number, line in enumerate(lines, 1):
        place = f"line {number}"
        if line.refusal:
            yield RefusedPart(
                Refusal(line.refusal.reason, line.refusal.particulars, place), line.text
            )
        elif not is_blank(line.text):
            yield from _line(line.text, place, options)


def _line(line: str, place: str, options: ReadOptions) -> Parts:
    try:
        value = parse_json(line.strip())
    except Refusal as refusal:
        yield RefusedPart(Refusal("malformed", refusal.particulars, place), line)
        return
    yield from _record(value, options, place, line)


def _some(parts: Parts) -> list[RawRecord | RefusedPart]:
    found = list(parts)
    if not found:
        raise Refusal("empty", "no record")
    return found


def _records(value: Any, options: ReadOptions, place: str, depth: int = 0) -> Parts:
    """The records of a value: itself, its items, or those that a wrapper holds."""
    if isinstance(value, list):
        for number, item in enumerate(value, 1):
            inner = f"{place}, " if place else ""
            yield from _record(item, options, f"{inner}record {number}", None)
    elif inner := _wrapped(value, options, depth):
        for content in inner:
            yield from _records(content, options, place, depth + 1)
    elif value is None or value == {} or (isinstance(value, str) and is_blank(value)):
        return
    else:
        yield from _record(value, options, place, None)


def _wrapped(value: Any, options: ReadOptions, depth: int) -> list[Any]:
    """What a wrapper such as {"records": […]} holds; nothing if the value is a record itself."""
    if not isinstance(value, dict) or depth > _DEEPEST_WRAPPER:
        return []
    if holds_record(value, options.mapping):
        return []
    lists = [
        v for v in value.values() if isinstance(v, list) and any(isinstance(i, dict) for i in v)
    ]
    return lists or [v for v in value.values() if _holds_more(v, options, depth)]


def _holds_more(value: Any, options: ReadOptions, depth: int) -> bool:
    is_record = isinstance(value, dict) and holds_record(value, options.mapping)
    return is_record or bool(_wrapped(value, options, depth + 1))


def _is_known(value: dict[str, Any], options: ReadOptions) -> bool:
    return holds_record(value, options.mapping) or any(
        role_of(key, options.mapping) for key in value
    )


def _record(value: Any, options: ReadOptions, place: str, raw: str | None) -> Parts:
    """The record of one object; a wrong type refuses this record and no other."""
    written = json.dumps(value, ensure_ascii=False) if raw is None else raw
    try:
        if not isinstance(value, dict):
            raise Refusal("malformed", "it is no object")
        if value and not _is_known(value, options):
            raise Refusal("malformed", "no key is known; name other keys in a mapping file")
        yield from records_of(value.items(), options.mapping, place, written)
    except Refusal as refusal:
        yield RefusedPart(Refusal(refusal.reason, refusal.particulars, place), written)
