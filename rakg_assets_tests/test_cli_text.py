"""`rakg extract-text`, with the models that ship."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rakg_assets.cli import app
from rakg_assets_tests.commands import empty_folder, rakg, usage_error
from rakg_assets_tests.end_to_end.inboxes import PLANTED, Stay
from rakg_assets_tests.fusion.finder import Finder
from rakg_assets_tests.pages import Page

__all__ = ["empty_folder"]
TEXT = "患者5年前出现双手肿痛，口服MTX后好转。无发热。"


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models that find a few words, so that a command takes no time."""
    monkeypatch.setattr("rakg_assets.extraction.resources.extractor_of", lambda settings: Finder())


@pytest.fixture
def record() -> Path:
    path = Path("a.txt")
    path.write_text(TEXT, encoding="gb18030")
    return path


def answer(*words: object) -> str:
    result = rakg("extract-text", *words, "--home", "home")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


@pytest.mark.usefixtures("finder")
def test_a_table_is_what_a_person_gets(record: Path) -> None:
    lines = answer(record).splitlines()
    assert "病历 · 全文" in lines
    assert any("TRT0048 甲氨蝶呤" in line for line in lines)
    assert any("→ 2 肿痛 部位-症状 0.50" in line for line in lines)
    assert max(map(len, lines)) <= 160


@pytest.mark.usefixtures("finder")
@pytest.mark.parametrize("format", ["table", "json", "html"])
def test_a_file_gets_what_the_screen_would(record: Path, format: str) -> None:
    shown = answer(record, "--format", format)
    assert answer(record, "--format", format, "--out", "new/answer") == ""
    assert Path("new/answer").read_text("utf-8") == shown
    assert [p.name for p in Path("new").iterdir()] == ["answer"]


@pytest.mark.usefixtures("finder")
@pytest.mark.parametrize("format", ["table", "json", "html"])
def test_an_answer_does_not_hold_the_name_of_its_file(record: Path, format: str) -> None:
    named = record.rename("闻人素.txt")
    assert "闻人素" not in answer(named, "--format", format)


@pytest.mark.parametrize("command", ["extract-text", "extract", "link"])
def test_what_is_read_is_not_written_over(record: Path, command: str) -> None:
    result = rakg(command, record, "--out", "./a.txt")
    assert "a.txt is the file to read; name another" in usage_error(result)
    assert record.read_text("gb18030") == TEXT


@pytest.mark.usefixtures("finder")
def test_standard_input_is_read(record: Path) -> None:
    result = CliRunner().invoke(
        app, ["extract-text", "-", "--format", "json", "--home", "home"], input=record.read_bytes()
    )
    assert result.exit_code == 0, result.output
    row = json.loads(result.stdout)
    assert (row["note"], row["section"], row["text"]) == ("病历", "全文", TEXT)


@pytest.mark.usefixtures("finder")
@pytest.mark.parametrize("format", ["table", "json", "html"])
def test_names_and_numbers_are_masked_in_every_format(format: str) -> None:
    Path("b.txt").write_text(Stay("A1", "2018-04").text(), encoding="utf-8")
    shown = answer("b.txt", "--format", format)
    assert not [text for text in PLANTED if text in shown]


def test_the_help_says_what_is_masked_and_read() -> None:
    said = " ".join(rakg("extract-text", "--help").stdout.replace("│", " ").split())
    assert "Names, ids, phones and addresses are masked with ＊ first" in said
    assert "in UTF-8, GB18030 or UTF-16" in said


@pytest.mark.usefixtures("finder")
def test_what_is_refused_of_a_file_is_said_and_the_rest_shown() -> None:
    Path("c.jsonl").write_text(f'{{"id": 1, "text": "{TEXT}"}}\n{{"id":', encoding="utf-8")
    result = rakg("extract-text", "c.jsonl", "--format", "json", "--home", "home")
    assert result.exit_code == 0
    assert result.stderr.startswith("rakg: c.jsonl, line 2: ")
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.txt"], "nowhere.txt: No such file or directory; check the path"),
        (["."], "is a folder; name one file"),
        (["/proc/self/mem"], "/proc/self/mem: Input/output error; check the path"),
        (["a.txt", "--format", "word"], "'word' is not one of 'table', 'json', 'html'"),
        ([], "Missing argument 'FILE'"),
    ],
    ids=["missing", "folder", "unreadable", "format", "nothing"],
)
@pytest.mark.usefixtures("finder", "record")
def test_a_file_that_cannot_be_opened_is_a_usage_error(words: list[str], said: str) -> None:
    assert said in usage_error(rakg("extract-text", *words))


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "export the file again"), (b"\x00" * 50, "save it as UTF-8 or GB18030")],
    ids=["empty", "undecodable"],
)
@pytest.mark.usefixtures("finder")
def test_content_that_cannot_be_used_leaves_the_old_answer(data: bytes, said: str) -> None:
    Path("d.txt").write_bytes(data)
    Path("answer").write_text("old", encoding="utf-8")
    result = rakg("extract-text", "d.txt", "--out", "answer", "--home", "home")
    assert result.exit_code == 1
    assert result.stderr.startswith("rakg: d.txt: ")
    assert said in result.stderr
    assert Path("answer").read_text("utf-8") == "old"
    assert not Path("home").exists()


@pytest.mark.usefixtures("finder", "record")
def test_a_target_that_cannot_be_written_is_named() -> None:
    Path("taken").mkdir()
    result = rakg("extract-text", "a.txt", "--out", "taken", "--home", "home")
    assert result.exit_code == 1
    assert "taken: Is a directory; check the path" in result.stderr


def test_the_shipped_models_answer_without_torch(record: Path) -> None:
    program = "import sys; from rakg_assets.cli import app\ntry: app()\nfinally: " + (
        "assert not {'torch', 'transformers'} & sys.modules.keys()"
    )
    words = ["extract-text", str(record), "--format", "html", "--home", "home"]
    command = [sys.executable, "-c", program, *words]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    page = Page(done.stdout.decode("utf-8"))
    assert all(sentence in page.text for sentence in TEXT.split("。"))
    assert [a["class"] for a in page.of_class("absent")][1:] == ["mark symptom absent"]
