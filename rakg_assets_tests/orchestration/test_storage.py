from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from rakg_assets.ontology.tables import TABLES
from rakg_assets.orchestration.storage import (
    read_fingerprint,
    read_table,
    stored_months,
    table_path,
    write_table,
)

SENTENCES = TABLES["sentences"]


def frame(*texts: str, month: str = "2018-04") -> pd.DataFrame:
    rows = [("R1", month, "入院记录", "主诉", i, text, f"h{i}") for i, text in enumerate(texts)]
    return pd.DataFrame(rows, columns=SENTENCES.column_names)


def test_a_month_comes_back_with_its_fingerprint(tmp_path: Path) -> None:
    path = table_path(tmp_path, SENTENCES, "2018-04")
    write_table(path, SENTENCES, frame("双手肿痛", "𠀀晨僵"), "abc")
    assert read_table(tmp_path, SENTENCES, ["2018-04"])["text"].tolist() == ["双手肿痛", "𠀀晨僵"]
    assert read_fingerprint(path) == "abc"
    assert stored_months(tmp_path, SENTENCES) == ["2018-04"]


def test_months_never_written_are_empty(tmp_path: Path) -> None:
    table = read_table(tmp_path, SENTENCES, ["2018-04"])
    assert table.empty
    assert list(table.columns) == SENTENCES.column_names
    assert read_fingerprint(table_path(tmp_path, SENTENCES, "2018-04")) is None


def test_rows_are_stored_in_order_of_their_key(tmp_path: Path) -> None:
    path = table_path(tmp_path, SENTENCES, "2018-04")
    write_table(path, SENTENCES, frame("a", "b", "c").iloc[::-1], "")
    assert read_table(tmp_path, SENTENCES)["text"].tolist() == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": None}, "column text: 1 nulls"),
        ({"start": "secret words"}, "column start: not int64"),
    ],
)
def test_a_frame_that_does_not_fit_names_the_column_and_no_value(
    tmp_path: Path, change: dict, said: str
) -> None:
    wrong = frame("a").astype(object).assign(**change)
    with pytest.raises(ValueError, match=said) as error:
        write_table(table_path(tmp_path, SENTENCES, "2018-04"), SENTENCES, wrong, "")
    assert "secret" not in str(error.value)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="text_hash"):
        write_table(tmp_path / "x.parquet", SENTENCES, frame("a").drop(columns="text_hash"), "")


# Writes half of a file, says so, and waits to be killed.
_SLOW_WRITER = """
import sys, time
from pathlib import Path
from rakg_assets.ontology.files import write_atomically
def write(temporary):
    temporary.write_bytes(b"half")
    print("writing", flush=True)
    time.sleep(60)
write_atomically(Path(sys.argv[1]), write)
"""


def test_a_kill_in_the_middle_of_a_write_leaves_the_old_month(tmp_path: Path) -> None:
    path = table_path(tmp_path, SENTENCES, "2018-04")
    write_table(path, SENTENCES, frame("old"), "old")
    command = [sys.executable, "-c", _SLOW_WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        os.kill(writer.pid, signal.SIGKILL)
    assert read_table(tmp_path, SENTENCES)["text"].tolist() == ["old"]
    assert len(list(path.parent.iterdir())) == 2

    write_table(path, SENTENCES, frame("new"), "new")
    assert read_table(tmp_path, SENTENCES)["text"].tolist() == ["new"]
    assert [p.name for p in path.parent.iterdir()] == ["part.parquet"]


def test_an_open_reader_keeps_the_month_it_opened(tmp_path: Path) -> None:
    path = table_path(tmp_path, SENTENCES, "2018-04")
    write_table(path, SENTENCES, frame("old"), "")
    with path.open("rb") as reader:
        before = os.fstat(reader.fileno()).st_ino
        write_table(path, SENTENCES, frame("new"), "")
        assert os.fstat(reader.fileno()).st_ino == before
        assert path.stat().st_ino != before
        assert pd.read_parquet(reader)["text"].tolist() == ["old"]


def test_writing_is_quick_enough_for_a_night(tmp_path: Path) -> None:
    begun = time.perf_counter()
    write_table(tmp_path / "x.parquet", SENTENCES, frame(*map(str, range(20_000))), "")
    assert time.perf_counter() - begun < 5


def test_a_ranked_table_keeps_its_order(tmp_path: Path) -> None:
    ranking = TABLES["treatment_ranking"]
    rows = [(1, "TRT9", "甲", "a", 9, 0.9), (2, "TRT1", "乙", "b", 1, 0.1)]
    frame = pd.DataFrame(rows, columns=ranking.column_names)
    write_table(table_path(tmp_path, ranking), ranking, frame, "")
    assert read_table(tmp_path, ranking)["concept_id"].tolist() == ["TRT9", "TRT1"]
