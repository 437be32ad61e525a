"""Pages as tests read them: well-formed, and asking nothing of the network."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_VOID = {"meta", "img"}
_LINKS = ("src", "srcset", "href", "xlink:href")


class Page(HTMLParser):
    """Tags and texts of a page. Raises AssertionError where an end tag closes another element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    @property
    def ids(self) -> list[str]:
        return [str(a["id"]) for _, a in self.tags if "id" in a]

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        return [a for _, a in self.tags if name in (a.get("class") or "").split()]


def asks_the_network(html: str) -> bool:
    """Whether a browser that shows the page would load anything, or run anything."""
    links = (link for _, a in Page(html).tags for name in _LINKS if (link := a.get(name)))
    outside = [link for link in links if not link.startswith(("#", "data:"))]
    return bool(outside or re.search(r"url\(|@import|<script|https?://|\son\w+=", html))
