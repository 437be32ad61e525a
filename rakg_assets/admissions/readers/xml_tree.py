"""XML made safe to read: no entities, nothing fetched, bounded depth; and its narrative as text.

Belongs here: parsing and blocks of text. Does not belong here: what CDA means (`cda.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from rakg_assets.admissions.refusals import Refusal

_DEEPEST = 256
_DECLARATION = re.compile(r"^\s*<\?xml\s[^>]*?\?>")
# Blocks of the CDA narrative: a line of their own; cells of a row are set apart by a tab.
_BLOCKS = {"paragraph", "list", "item", "table", "thead", "tbody", "tfoot", "tr", "caption", "text"}
_BLOCKS |= {"footnote", "div", "p", "li", "title"}
_CELLS = {"td", "th"}
_NOT_SHOWN = {"renderMultiMedia", "col", "colgroup"}


class _BoundedBuilder(TreeBuilder):
    """Builds the tree and refuses absurd nesting, which other code would follow to its end."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> Element:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Refusal("malformed", "elements are nested too deep")
        return super().start(tag, attributes)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)


def parse_xml(text: str) -> Element:
    """The root of an XML text. Raises `Refusal` for broken XML and for any declared entity."""
    parser = DefusedXMLParser(target=_BoundedBuilder(), forbid_dtd=False)
    try:
        # The text is decoded already; what its declaration says of bytes no longer holds.
        parser.feed(_DECLARATION.sub("", text, count=1).lstrip())
        return parser.close()
    except DefusedXmlException:
        raise Refusal("malformed", "it declares entities") from None
    except ParseError as error:
        line, column = error.position
        raise Refusal("malformed", f"no XML: line {line}, column {column}") from None


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, *names: str) -> list[Element]:
    """The children with one of these names, in order."""
    return [] if element is None else [child for child in element if local(child) in names]


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along a path of names; None where the path ends early."""
    for name in path:
        element = next(iter(children(element, name)), None)
    return element


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """The element and all below it that have one of these names, in document order."""
    return (found for found in element.iter() if local(found) in names)


def narrative(element: Element | None) -> str:
    """The text that a reader of the narrative sees: a line a block, without what was deleted."""
    if element is None:
        return ""
    pieces: list[str] = []
    _collect(element, pieces)
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _collect(element: Element, pieces: list[str]) -> None:
    """Depth is bounded by the parser, so that this may recurse."""
    name = local(element)
    if name in _NOT_SHOWN or element.get("revised") == "delete" or not name:
        return
    before = "\n" if name in _BLOCKS or name == "br" else "\t" if name in _CELLS else ""
    pieces += [before, element.text or ""]
    for inner in element:
        _collect(inner, pieces)
        pieces.append(inner.tail or "")
    pieces.append("\n" if name in _BLOCKS else "")
