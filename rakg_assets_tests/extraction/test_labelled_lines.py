import json
from pathlib import Path
from typing import Any

import pytest

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.labelled_lines import LabelledLinesError, flat, read_labelled_lines

TEXT = "双手肿痛"
PART = {"start": 0, "end": 2, "label": "部位", "text": "双手"}


def written(folder: Path, *lines: Any, encoding: str = "utf-8") -> Path:
    path = folder / "lines.jsonl"
    rows = [x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in lines]
    path.write_bytes("\n".join(rows).encode(encoding))
    return path


def test_any_label_set_is_read(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": TEXT, "entities": [PART]}, {"text": "无", "entities": []}]
    first, second = read_labelled_lines(written(tmp_path, *rows, encoding="utf-8-sig"))
    assert first == Document("a", TEXT, entities=(Entity(0, 2, "部位", "双手"),))
    assert second == Document("2", "无")


def test_a_line_ends_at_a_line_feed_only(tmp_path: Path) -> None:
    path = written(tmp_path, {"text": "a\u2028b", "entities": []}, "")
    assert [d.text for d in read_labelled_lines(path)] == ["a\u2028b"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "an object with text"),
        ({"entities": []}, "an object with text"),
        ({"text": TEXT}, "no list of entities"),
        ({"text": TEXT, "entities": [PART | {"end": 9}]}, "start < end"),
        ({"text": TEXT, "entities": [PART | {"end": 0}]}, "start < end"),
        ({"text": TEXT, "entities": [PART | {"start": "0"}]}, "start < end"),
        ({"text": TEXT, "entities": [PART | {"label": None}]}, "a label"),
        ({"text": TEXT, "entities": [PART | {"text": "右手"}]}, "0-2 is not what"),
    ],
)
def test_a_broken_line_is_named_without_its_text(line: Any, reason: str, tmp_path: Path) -> None:
    path = written(tmp_path, {"text": TEXT, "entities": []}, line)
    with pytest.raises(LabelledLinesError, match=reason) as error:
        read_labelled_lines(path)
    assert str(error.value).startswith("lines.jsonl, line 2: ")
    assert "手" not in str(error.value)


def test_a_file_of_no_lines_and_one_of_no_utf8(tmp_path: Path) -> None:
    with pytest.raises(LabelledLinesError, match="no line"):
        read_labelled_lines(written(tmp_path, "", " "))
    gbk = written(tmp_path, {"text": TEXT, "entities": []}, encoding="gbk")
    with pytest.raises(LabelledLinesError, match="line 1: not JSON in UTF-8"):
        read_labelled_lines(gbk)


def test_of_overlapping_entities_the_longest_stays() -> None:
    spans = [(0, 2, "b"), (0, 4, "a"), (2, 4, "c"), (4, 6, "b"), (4, 6, "a"), (6, 7, "z")]
    document = Document("x", "甲乙丙丁戊己庚", entities=tuple(Entity(*s, "") for s in spans))
    (kept,) = flat([document])
    assert [(e.start, e.end, e.label) for e in kept.entities] == [
        (0, 4, "a"),
        (4, 6, "a"),
        (6, 7, "z"),
    ]
