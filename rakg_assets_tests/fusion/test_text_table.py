from __future__ import annotations

import io
from typing import Any

from rich.cells import cell_len
from rich.console import Console

from rakg_assets.fusion.text_table import print_tables


def entity(text: str, label: str, **more: Any) -> dict[str, Any]:
    known = {"assertion": "present", "score": 0.987, "concept_id": None, "name_zh": None}
    return {"text": text, "label": label, **known, **more}


ROW = {
    "id": "R1",
    "note": "入院记录",
    "section": "主诉",
    "entities": [
        entity("双手近端指间关节", "body_part", concept_id="BDP0010", name_zh="近端指间关节"),
        entity("RF", "lab_test"),
        entity("肿痛", "symptom", assertion="absent"),
    ],
    "relations": [{"label": "body_part_symptom", "head": 0, "tail": 2, "score": 0.5}],
}


def printed(*rows: dict[str, Any], width: int = 160, **console: Any) -> list[str]:
    text = io.StringIO()
    print_tables(rows, Console(file=text, width=width, **console))
    return text.getvalue().splitlines()


def test_columns_stand_under_each_other_although_characters_are_wide() -> None:
    lines = [line for line in printed(ROW) if "present" in line or "absent" in line]
    assert (
        len(
            {
                cell_len(line[: line.index(mark)])
                for line in lines
                for mark in ("存", "否")
                if mark in line
            }
        )
        == 1
    )
    assert len({cell_len(line) for line in lines}) == 1


def test_a_line_holds_all_that_is_known_of_an_entity() -> None:
    first = next(line for line in printed(ROW) if "BDP0010" in line)
    for part in ("1 ", "双手近端指间关节", "身体部位 body part", "存在 present", "0.99"):
        assert part in first
    assert "BDP0010 近端指间关节" in first
    assert "→ 3 肿痛 部位-症状 0.50" in first


def test_several_records_are_named_once_each() -> None:
    lines = [line.strip() for line in printed(ROW, ROW, {**ROW, "id": "R2"})]
    assert [line for line in lines if line in {"R1", "R2"}] == ["R1", "R2"]
    assert "R1" not in [line.strip() for line in printed(ROW)]


def test_a_section_without_entities_says_so() -> None:
    lines = printed({**ROW, "section": "家族史", "entities": [], "relations": []})
    assert "入院记录 · 家族史" in lines
    assert any("no entity found" in line for line in lines)


def test_a_narrow_terminal_loses_nothing() -> None:
    shown = "".join("".join(printed(ROW, width=60)).split())
    assert all(character in shown for character in "双手近端指间关节肿痛部位症状")
    assert all(cell_len(line) <= 60 for line in printed(ROW, width=60))


def test_text_cannot_steer_the_terminal_or_the_printer() -> None:
    wild = {**ROW, "entities": [entity("\x1b[31m[red]坏\u202e", "symptom")], "relations": []}
    lines = "\n".join(printed(wild, force_terminal=False))
    assert "[31m[red]坏" in lines
    assert not {"\x1b", "\u202e"} & set(lines)


def test_denied_words_are_struck_through_on_a_terminal() -> None:
    struck = [
        line
        for line in printed(ROW, force_terminal=True, color_system="standard")
        if "\x1b[2;9m肿痛" in line
    ]
    assert len(struck) == 1
