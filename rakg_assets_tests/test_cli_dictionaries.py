"""`rakg dictionaries import`."""

from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.ontology.dictionaries import shipped_dictionaries
from rakg_assets.ontology.importers.registry import FORMATS
from rakg_assets_tests.commands import empty_folder, in_a_process, lines, rakg

__all__ = ["empty_folder"]
ROWS = ("A00.900\t霍乱", "A00.900x001\t重型霍乱", "M06.900\t类风湿性关节炎", "A00\t")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return lines(tmp_path / "icd10.tsv", *ROWS)


def test_an_import_counts_and_tells_where_it_wrote(source: Path) -> None:
    done = rakg("dictionaries", "import", "icd10", source, "--type", "disease", "--out", "new")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        *("read: 4", "merged: 0", "added: 3", "aliases added: 0", "conflicts: 0", "skipped: 1"),
        *("  no name: 1", "written: new/disease.csv"),
        "told one by one: new/disease.icd10.report.csv",
    ]


def test_imported_concepts_are_checked_and_linked(source: Path, tmp_path: Path) -> None:
    into = ("--into", shipped_dictionaries())
    rakg("dictionaries", "import", "icd10", source, "--type", "disease", "--out", "new", *into)
    words = {"RAKG_DICTIONARIES": "new", "RAKG_HOME": "home"}
    done = in_a_process("dictionaries", "check", **words)
    assert done.returncode == 0, done.stdout + done.stderr
    mentions = lines(tmp_path / "in.tsv", "type\tmention", "disease\t重型霍乱", "disease\tRA")
    done = in_a_process("link", mentions, "--out", "out.tsv", **words)
    assert done.returncode == 0, done.stderr
    header, *rows = [r.split("\t") for r in Path("out.tsv").read_text("utf-8").splitlines()]
    linked = [dict(zip(header, row, strict=True)) for row in rows]
    assert [row["name_zh"] for row in linked] == ["重型霍乱", "类风湿关节炎"]
    assert [row["name_en"] for row in linked] == ["", "rheumatoid arthritis"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--type", "treatment"), "icd10 holds no treatment; choose of disease, symptom"),
        (("--type", "disease", "--least", "3"), "icd10 takes no --least; leave it out"),
        (("--type", "disease", "--under", "Z"), "no entry could be used"),
        (("--type", "disease", "--sheet", "表"), "a text file has no sheet 表"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(source: Path, words: tuple[str, ...], said: str) -> None:
    done = rakg("dictionaries", "import", "icd10", source, "--out", "new", *words)
    assert done.exit_code == 1
    assert done.stderr.startswith("rakg: ")
    assert said in done.stderr
    assert not Path("new").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("icd11", "icd10.tsv", "--type", "disease", "--out", "new"),
        ("icd10", "missing.tsv", "--type", "disease", "--out", "new"),
        ("icd10", "icd10.tsv", "--type", "illness", "--out", "new"),
        ("icd10", "icd10.tsv", "--out", "new"),
        ("icd10", "icd10.tsv", "--type", "disease"),
        ("icd10", "icd10.tsv", "--type", "disease", "--out", "new", "--into", "missing"),
    ],
)
def test_a_usage_error_exits_2(source: Path, words: tuple[str, ...]) -> None:
    assert rakg("dictionaries", "import", *words).exit_code == 2


def test_the_help_names_every_format() -> None:
    said = rakg("dictionaries", "import", "--help").stdout
    assert all(key in said for key in FORMATS)
