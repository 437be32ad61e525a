"""`rakg link` and `rakg extract`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rakg_assets_tests.commands import empty_folder, in_a_process, lines, rakg

__all__ = ["empty_folder"]
TEXT = "患者5年前出现双手关节肿痛，受凉后加重，口服甲氨蝶呤后好转。无发热。"
LABELS = [
    {"start": 7, "end": 13, "label": "symptom", "assertion": "present"},
    {"start": 14, "end": 16, "label": "aggravating_factor", "assertion": "possible"},
]


# --- link


def test_link_keeps_rows_and_order(tmp_path: Path) -> None:
    rows = ["treatment\tMTX", "body_part\t双膝关节", "disease\t查无此病", "treatment\tMTX"]
    source = lines(tmp_path / "in.tsv", "type\tmention", *rows)
    done = in_a_process("link", source, "--out", tmp_path / "out.tsv", RAKG_HOME="home")

    assert done.returncode == 0, done.stderr
    header, *linked = [r.split("\t") for r in Path("out.tsv").read_text("utf-8").splitlines()]
    assert header[:2] == ["type", "mention"]
    assert ["\t".join(row[:2]) for row in linked] == rows
    assert linked[0][header.index("name_zh")] == "甲氨蝶呤"
    assert linked[1][header.index("laterality")] == "both"
    assert linked[2][header.index("concept_id")] == ""
    assert linked[0] == linked[3]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("type\tword\ndisease\t秘密\n", "line 1"),
        ("type\tmention\nillness\t秘密\n", "line 2"),
        ("type\tmention\ndisease\t秘密\t多\n", "line 2"),
    ],
)
def test_link_names_what_is_wrong_and_writes_nothing(
    tmp_path: Path, content: str, place: str
) -> None:
    (tmp_path / "in.tsv").write_text(content, encoding="utf-8")
    result = rakg("link", "in.tsv", "--out", "out.tsv")
    assert result.exit_code == 1
    assert "in.tsv" in result.stderr
    assert place in result.stderr
    assert "秘密" not in result.output
    assert not Path("out.tsv").exists()


# --- extract


def test_extract_answers_every_line_in_order(tmp_path: Path, home: Path) -> None:
    given = {"text": TEXT, "note": "入院记录", "section": "现病史", "entities": LABELS}
    source = lines(
        tmp_path / "in.jsonl",
        {"id": 1, "text": TEXT},
        {"id": "two", **given},
        "",
        {"id": "none", "text": TEXT, "entities": [], "relations": [{"label": "x"}]},
        {"id": "null", "text": TEXT, "entities": None, "note": None, "section": None},
        {"id": "empty", "text": ""},
    )
    out = tmp_path / "new" / "out.jsonl"
    done = in_a_process("extract", source, "--out", out, "--home", home)

    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == [1, "two", "none", "null", "empty"]
    assert all(set(row) == {"id", "entities", "relations"} for row in rows)
    assert rows[2] == {"id": "none", "entities": [], "relations": []}
    assert rows[0]["entities"] == rows[3]["entities"]
    taken = [(e["start"], e["end"], e["label"], e["assertion"]) for e in rows[1]["entities"]]
    assert taken == [(e["start"], e["end"], e["label"], e["assertion"]) for e in LABELS]
    fields = {"start", "end", "label", "text", "assertion", "score", "concept_id", "name_zh"}
    assert all(set(entity) == fields for row in rows for entity in row["entities"])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "not JSON"),
        ("[]", "no object with id and text"),
        ("[" * 100_000, "not JSON"),
        ({"id": 1, "text": 5}, "no object with id and text"),
        ({"text": TEXT}, "no object with id and text"),
        ({"id": 1, "text": TEXT, "note": ["a"]}, "note or section is no string"),
        ('{"id": 1, "text": "\\ud83d"}', "half a surrogate pair"),
        ({"id": 1, "text": TEXT, "entities": {}}, "entities is no list"),
        ({"id": 1, "text": TEXT, "entities": [[]]}, "entity 0: no object"),
        ({"id": 1, "text": TEXT, "entities": [{**LABELS[0], "end": 99}]}, "count them anew"),
        ({"id": 1, "text": TEXT, "entities": [{**LABELS[0], "start": "7"}]}, "code points"),
        ({"id": 1, "text": TEXT, "entities": [{**LABELS[0], "start": 7.0}]}, "code points"),
        ({"id": 1, "text": TEXT, "entities": [LABELS[0], {**LABELS[0], "label": "x"}]}, "entity 1"),
        ({"id": 1, "text": TEXT, "entities": [{**LABELS[0], "label": None}]}, "its label is none"),
        ({"id": 1, "text": TEXT, "entities": [{**LABELS[0], "text": "发热"}]}, "its text is not"),
        ({"id": 1, "text": TEXT, "entities": [{**LABELS[0], "assertion": "no"}]}, "its assertion"),
        ({"id": 1, "text": TEXT, "entities": [{**LABELS[0], "score": None}]}, "its score"),
    ],
)
def test_extract_names_a_line_that_cannot_be_used(
    tmp_path: Path, home: Path, row: object, said: str
) -> None:
    lines(tmp_path / "in.jsonl", {"id": "good", "text": "无发热。"}, row)
    result = rakg("extract", "in.jsonl", "--out", "out.jsonl", "--home", home)
    assert result.exit_code == 1
    assert "in.jsonl, line 2" in result.stderr
    assert said in result.stderr
    assert "肿痛" not in result.output
    assert not Path("out.jsonl").exists()


def test_extract_names_a_line_that_is_not_utf8(tmp_path: Path, home: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes('{"id": 1, "text": "肿痛"}\n'.encode("gb18030"))
    result = rakg("extract", "in.jsonl", "--out", "out.jsonl", "--home", home)
    assert result.exit_code == 1
    assert "in.jsonl, line 1: not JSON in UTF-8" in result.stderr
