from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from rakg_assets_tests.commands import empty_folder, in_a_process, lines, rakg, usage_error
from rakg_assets_tests.conftest import SAMPLE
from rakg_assets_tests.end_to_end.inboxes import CANARY, PLANTED, Stay, write_inbox

__all__ = ["empty_folder"]
LAST = ["--out", "o.json", "--model", "nobody"]


def files(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


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
        ["sample", "new", "--count", "0"],
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
        ("RAKG_DICTIONARIES", "nowhere", "nowhere: no such folder; name a folder of dictionaries"),
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


# --- annotations and dictionaries


def test_a_sample_is_written_where_nothing_was(tmp_path: Path) -> None:
    done = rakg("sample", tmp_path / "new", "--count", "5", "--seed", "3")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("5 generated records of ")
    assert "no model is measured on them" in done.stdout
    again = rakg("sample", tmp_path / "new", "--count", "5")
    assert again.exit_code == 2


def test_the_sample_annotations_keep_the_rules() -> None:
    result = rakg("annotations", "check")
    assert result.exit_code == 0, result.output
    assert result.stdout.endswith(" records, 0 problems\n")


def test_annotations_are_counted_and_annotators_compared() -> None:
    done = rakg("annotations", "summary")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("| entity | present | absent | possible | family | all |\n")
    assert "| relation | treatment_improved |" in done.stdout


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


# --- benchmark and bench


def test_a_benchmark_without_an_encoder_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RAKG_ENCODER", raising=False)
    monkeypatch.setattr("rakg_assets.orchestration.resources.Settings.released", tmp_path / "none")
    labelled = lines(tmp_path / "a.jsonl", {"text": "双手", "entities": []})
    files = ("--train", labelled, "--dev", labelled, "--test", labelled)
    result = rakg("benchmark", *files, "--out", "o.json", "--home", "home")
    said = usage_error(result)
    assert "encoder-bilstm-crf-features starts from a pre-trained encoder and none is given" in said
    assert "set RAKG_ENCODER to a BERT-like folder" in said
    assert not Path("o.json").exists()


@pytest.fixture
def few_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """One small model of each kind, and one that starts from an encoder."""
    from rakg_assets.extraction import zoo

    import_module("rakg_assets.definitions")  # its partitions are those of the whole zoo
    for kind, kept in (("ner", {"bilstm-crf", "encoder-crf"}), ("relation", {"bilstm"})):
        models = zoo.MODELS[kind]
        for name in models.keys() - kept:
            monkeypatch.delitem(models, name)


def cell_of(cell: Any, labelled: Any, supplies: Any, folder: Path, *_: Any) -> dict[str, Any]:
    figures = {"f1": 60.0 + cell.seed}
    result = {"kind": cell.kind, "model": cell.model, "seed": cell.seed, "overall": figures}
    result["sizes"] = {"train": 9}
    folder.mkdir(parents=True, exist_ok=True)
    lines(cell.file(folder), result)
    return result


@pytest.mark.usefixtures("few_models")
def test_bench_compares_the_models_that_need_no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rakg_assets.extraction.benchmark.benchmark_cell", cell_of)
    result = rakg("bench", "--seeds", 2, "--home", "home")
    assert result.exit_code == 0, result.output
    assert "BiLSTM-CRF" in result.stdout
    # Rows of the two models, and all relations of the default one.
    assert result.stdout.count("60.50 ± 0.71") == 3
    assert "cannot be compared directly" in result.stdout
    assert "encoder-crf" not in result.stderr


@pytest.mark.usefixtures("few_models")
def test_bench_trains_as_many_epochs_as_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: set[int | None] = set()

    def cell(cell: Any, labelled: Any, supplies: Any, *rest: Any) -> dict[str, Any]:
        told.add(supplies.epochs)
        return cell_of(cell, labelled, supplies, *rest)

    monkeypatch.setattr("rakg_assets.extraction.benchmark.benchmark_cell", cell)
    assert rakg("bench", "--seeds", 1, "--epochs", 3, "--home", "home").exit_code == 0
    assert told == {3}


@pytest.mark.usefixtures("few_models")
def test_bench_goes_on_where_a_training_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def cell(cell: Any, *rest: Any) -> dict[str, Any]:
        if cell.kind == "ner":
            raise KeyError(CANARY)
        return cell_of(cell, *rest)

    monkeypatch.setattr("rakg_assets.extraction.benchmark.benchmark_cell", cell)
    result = rakg("bench", "--seeds", 1, "--home", "home")
    assert result.exit_code == 1
    assert "failed: ner_benchmark" in result.stderr
    assert "60.00" in result.stdout
    assert CANARY not in result.output
