from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from rakg_assets.cli import app
from rakg_assets_tests.conftest import SAMPLE
from rakg_assets_tests.end_to_end.inboxes import CANARY, PLANTED, Stay, write_inbox

TEXT = "患者5年前出现双手关节肿痛，受凉后加重，口服甲氨蝶呤后好转。无发热。"
LABELS = [
    {"start": 7, "end": 13, "label": "symptom", "assertion": "present"},
    {"start": 14, "end": 16, "label": "aggravating_factor", "assertion": "possible"},
]

LAST = ["--out", "o.json", "--model", "nobody"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in an empty folder; what they set for libraries is taken back."""
    monkeypatch.chdir(tmp_path)
    for name in ("TMPDIR", "MPLCONFIGDIR", "HF_HOME", "XDG_CACHE_HOME", "GX_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, str(tmp_path / "unset"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def rakg(*words: object) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


def in_a_process(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    program = Path(sys.executable).with_name("rakg")
    command, variables = [str(program), *map(str, words)], {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, env=variables, check=False)


def files(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def lines(path: Path, *rows: object) -> Path:
    texts = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    return path


# --- usage


@pytest.mark.parametrize(
    "words",
    [
        ["nothing"],
        ["inbox", "check", "."],
        ["inbox", "check", ".", "--report", "r.json", "--max-file-bytes", "0"],
        ["inbox", "check", ".", "--report", "r.json", "--default-month", "2020-13"],
        ["inbox", "check", ".", "--report", "r.json", "--mapping", "missing.toml"],
        ["link", "missing.tsv", "--out", "out.tsv"],
        ["extract", "missing.jsonl", "--out", "out.jsonl"],
        ["benchmark", "--train", __file__, "--dev", __file__, "--test", __file__],
        [
            "benchmark",
            *["--train", __file__, "--dev", __file__, "--test", __file__],
            *["--out", "o.json", "--model", "nobody"],
        ],
        ["annotations", "convert", str(SAMPLE), "out", "--format", "word"],
        ["annotations", "check", "missing"],
        ["bench", "--seeds", "0"],
        ["bench", "--seeds", "6"],
        ["run", "--through", "nothing"],
    ],
    ids=" ".join,
)
def test_a_usage_error_exits_2(words: list[str]) -> None:
    result = rakg(*words)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output


def test_a_usage_error_of_the_real_command_exits_2_and_says_why() -> None:
    done = in_a_process("inbox", "check", ".")
    assert done.returncode == 2
    assert "--report" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("RAKG_MAX_FILE_BYTES", "many", "max_file_bytes (RAKG_MAX_FILE_BYTES)"),
        ("RAKG_SUPPORT_BY", "weight", "counted by records or by mentions"),
        ("RAKG_DEFAULT_MONTH", "May", "write the month as YYYY-MM"),
        ("RAKG_DICTIONARIES", "nowhere", "disease.csv: missing in nowhere; add the file"),
    ],
)
def test_a_wrong_setting_is_named(
    variable: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    result = rakg("dictionaries", "check")
    assert result.exit_code == 1
    assert said in result.stderr


def test_an_error_that_nobody_foresaw_tells_its_place_and_not_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def crash(*_: object) -> None:
        raise KeyError(CANARY)

    monkeypatch.setattr("rakg_assets.ontology.dictionaries._check_header", crash)
    result = rakg("dictionaries", "check")
    assert result.exit_code == 1
    assert "rakg_assets/ontology/dictionaries.py, line " in result.stderr
    assert "unexpected KeyError" in result.stderr
    assert CANARY not in result.output


# --- inbox check and run


def test_inbox_check_writes_the_report_and_nothing_else(tmp_path: Path) -> None:
    inbox = write_inbox(tmp_path / "inbox", [Stay("A1", "2018-04")])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    before = files(tmp_path)
    places = {"HOME": str(elsewhere), "TMPDIR": str(elsewhere), "RAKG_HOME": str(elsewhere / "r")}
    done = in_a_process("inbox", "check", inbox, "--report", tmp_path / "new" / "r.json", **places)

    assert done.returncode == 0, done.stderr
    assert files(tmp_path) - before == {"new/r.json"}
    assert list(elsewhere.iterdir()) == []
    report = json.loads((tmp_path / "new" / "r.json").read_text("utf-8"))
    assert report == [
        {
            "file": "A1.txt",
            "outcome": "accepted",
            "records": 1,
            "months": ["2018-04"],
            "reason": None,
        },
        {
            "file": "no_date.json",
            "outcome": "quarantined",
            "records": 0,
            "months": [],
            "reason": "no_admission_date",
        },
    ]
    assert done.stdout.split("\n")[:2] == ["accepted: 1", "quarantined: 1"]
    assert not [text for text in (*PLANTED, CANARY) if text in done.stdout + done.stderr]


def test_the_options_of_an_inbox_reach_its_reader(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    lines(tmp_path / "inbox" / "a.jsonl", {"nummer": "A1", "text": "【主诉】双手肿痛5年。"})
    (tmp_path / "map.toml").write_text('id = "nummer"\n', encoding="utf-8")

    def reason(*options: object) -> str | None:
        assert rakg("inbox", "check", "inbox", "--report", "r.json", *options).exit_code == 0
        return json.loads(Path("r.json").read_text("utf-8"))[0]["reason"]

    assert reason() == "no_admission_date"
    assert reason("--default-month", "2018-04", "--mapping", "map.toml") is None
    assert reason("--default-month", "2018-04", "--max-file-bytes", 10) == "too_large"


@pytest.mark.parametrize(
    ("content", "said"),
    [("id = ", "no readable TOML"), ('shoe = "size"', "shoe is no field and no section")],
)
def test_a_mapping_that_cannot_be_used_is_named(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "map.toml").write_text(content, encoding="utf-8")
    result = rakg("inbox", "check", tmp_path, "--report", "r.json", "--mapping", "map.toml")
    assert result.exit_code == 1
    assert "map.toml" in result.stderr
    assert said in result.stderr


def test_an_inbox_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = rakg("inbox", "check", tmp_path / "nowhere", "--report", "r.json")
    assert result.exit_code == 1
    assert f"{tmp_path / 'nowhere'}: no such folder; name the folder" in result.stderr
    assert not Path("r.json").exists()


def test_a_report_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "inbox").mkdir()
    result = rakg("inbox", "check", "inbox", "--report", "taken")
    assert result.exit_code == 1
    assert "taken: Is a directory; check the path" in result.stderr


def test_a_run_on_an_inbox_that_is_not_there_says_so(tmp_path: Path) -> None:
    inbox = tmp_path / "nowhere"
    result = rakg("run", "--inbox", inbox, "--home", "home", "--through", "inbox_manifest")
    assert result.exit_code == 1
    assert f"{inbox}: no such folder; name the folder of the records" in result.stderr


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


# --- annotations and dictionaries


def test_the_sample_annotations_keep_the_rules() -> None:
    result = rakg("annotations", "check")
    assert result.exit_code == 0, result.output
    assert result.stdout.endswith(" records, 0 problems\n")


def test_broken_annotations_are_listed(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{", encoding="utf-8")
    result = rakg("annotations", "check", tmp_path / "a.json")
    assert result.exit_code == 1
    assert "a.json" in result.stdout
    assert result.stdout.endswith("0 records, 1 problems\n")


@pytest.mark.parametrize("format", ["markup", "brat", "label_studio", "doccano"])
def test_annotations_are_converted_and_losses_told(tmp_path: Path, format: str) -> None:
    one = min(SAMPLE.glob("*.txt"))
    done = rakg("annotations", "convert", one, tmp_path / format, "--format", format)
    assert done.exit_code == 0, done.output
    assert done.stdout == f"1 records written to {tmp_path / format}\n"
    back = rakg("annotations", "convert", tmp_path / format, tmp_path / "back", "--format", "brat")
    assert back.exit_code == 0
    assert back.stdout.startswith("1 records written")


def test_the_shipped_dictionaries_are_sound() -> None:
    result = rakg("dictionaries", "check")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("disease: ")
    assert len(result.stdout.splitlines()) == 9


def test_a_rule_that_a_dictionary_breaks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    from rakg_assets.ontology.dictionaries import shipped_dictionaries

    words = tmp_path / "words"
    shutil.copytree(shipped_dictionaries(), words)
    text = (words / "disease.csv").read_text("utf-8").replace("DIS0002", "DIS2", 1)
    (words / "disease.csv").write_text(text, encoding="utf-8")
    monkeypatch.setenv("RAKG_DICTIONARIES", str(words))
    result = rakg("dictionaries", "check")
    assert result.exit_code == 1
    assert "disease.csv, line 3: concept_id 'DIS2' is malformed; write DIS" in result.stdout
