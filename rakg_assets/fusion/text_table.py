"""Rows of `rakg extract-text` as tables for a terminal, Chinese characters two columns wide.

Does not belong here: how rows come about (`extract_text.py`) or the page (`marked_text.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from rakg_assets.extraction.marked_text import ASSERTION_ZH
from rakg_assets.ontology.schema import Assertion, EntityType, Relation

_STYLES = {
    Assertion.PRESENT: "",
    Assertion.ABSENT: "dim strike",
    Assertion.POSSIBLE: "yellow",
    Assertion.FAMILY: "italic cyan",
}
_COLUMNS = (
    *("#", "实体 entity", "类型 type", "断言 assertion", "分 score"),
    *("概念 concept", "关系 relations"),
)


def print_tables(rows: Iterable[Mapping[str, Any]], console: Console) -> None:
    """A table a section, a line an entity; relations stand in the line of their head.

    Where there are several records, each bears its id.
    """
    by_record = [(record, list(held)) for record, held in groupby(rows, lambda row: row["id"])]
    for record, held in by_record:
        if len(by_record) > 1:
            console.print(Text(_shown(str(record)), style="bold"))
        for row in held:
            console.print(_section(row))


def _section(row: Mapping[str, Any]) -> Table | Group:
    title = Text(_shown(" · ".join(filter(None, (row["note"], row["section"])))), style="bold")
    if not row["entities"]:
        return Group(title, Text("  没有找到实体 no entity found\n", style="dim"))
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in _COLUMNS:
        right = name in ("#", "分 score")
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for number, entity in enumerate(row["entities"]):
        table.add_row(*_cells(number, entity, row))
    return table


def _cells(number: int, entity: Mapping[str, Any], row: Mapping[str, Any]) -> Iterable[Text]:
    kind, assertion = EntityType(entity["label"]), Assertion(entity["assertion"])
    concept = " ".join(filter(None, (entity["concept_id"], entity["name_zh"])))
    yield Text(str(number + 1))
    yield Text(_shown(entity["text"]), style=_STYLES[assertion])
    yield Text(f"{kind.zh} {kind.en}")
    yield Text(f"{ASSERTION_ZH[assertion]} {assertion.value}", style=_STYLES[assertion])
    yield Text(f"{entity['score']:.2f}")
    yield Text(concept or "—", style="" if concept else "dim")
    yield Text("\n".join(_relations(number, row)))


def _relations(head: int, row: Mapping[str, Any]) -> Iterable[str]:
    for relation in row["relations"]:
        if relation["head"] == head:
            tail = row["entities"][relation["tail"]]
            name = Relation(relation["label"]).zh
            yield f"→ {relation['tail'] + 1} {_shown(tail['text'])} {name} {relation['score']:.2f}"


def _shown(text: str) -> str:
    """Text that cannot move the cursor or change the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
