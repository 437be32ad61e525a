"""Copies of what was refused: where, what, and for how long."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from rakg_assets.admissions import manifest
from rakg_assets.admissions.quarantine import copy_names
from rakg_assets_tests.admissions.inboxes import as_json, plain, read, read_folder, write


def copies(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_file_refused_whole_is_copied_byte_for_byte(tmp_path: Path) -> None:
    content = plain(admission="x").encode("gb18030")
    result = read(tmp_path, {"sub/a.txt": content, "b.txt": "", "c.txt": plain()})
    assert copies(result.quarantine) == {"sub/a.txt": content, "b.txt": b""}
    mode = (result.quarantine / "sub/a.txt").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_of_a_partial_file_only_the_refused_lines_are_copied(tmp_path: Path) -> None:
    bad = as_json(id="B", admission=None)
    result = read(tmp_path, {"a.jsonl": f"{as_json()}\n{bad}\n{{cut"})
    (name, content), *others = copies(result.quarantine).items()
    assert (name, others) == ("a.jsonl.refused.jsonl", [])
    lines = [json.loads(line) for line in content.decode().splitlines()]
    assert lines == [
        {"place": "line 2", "reason": "no_admission_date", "content": bad},
        {"place": "line 3", "reason": "malformed", "content": "{cut"},
    ]


def test_a_copy_goes_when_its_file_is_mended_or_gone(tmp_path: Path) -> None:
    files = {"a.txt": "", "d/b.txt": "", "c.jsonl": f"{as_json()}\n{{"}
    result = read(tmp_path, files)
    assert len(copies(result.quarantine)) == 3
    inbox = write(tmp_path / "inbox", {"a.txt": plain(), "c.jsonl": as_json(id="C")})
    (inbox / "d/b.txt").unlink()
    read_folder(inbox, tmp_path / "home")
    assert list(result.quarantine.iterdir()) == []


def test_a_copy_is_made_anew_when_its_file_changes_or_it_is_lost(tmp_path: Path) -> None:
    result = read(tmp_path, {"a.txt": "痛"})
    read_folder(write(tmp_path / "inbox", {"a.txt": "肿"}), tmp_path / "home")
    assert copies(result.quarantine) == {"a.txt": "肿".encode()}
    (result.quarantine / "a.txt").unlink()
    read_folder(tmp_path / "inbox", tmp_path / "home")
    assert copies(result.quarantine) == {"a.txt": "肿".encode()}


def test_refused_lines_follow_what_another_file_decides(tmp_path: Path) -> None:
    result = read(tmp_path, {"a.jsonl": f"{as_json()}\n{as_json(id='B')}"})
    assert copies(result.quarantine) == {}
    later = write(tmp_path / "inbox", {"z.json": as_json(id="B", discharge="2018-05-26")})
    result = read_folder(later, tmp_path / "home")
    assert result.report["a.jsonl"]["reason"] == "duplicate_id"
    assert json.loads(copies(result.quarantine)["a.jsonl.refused.jsonl"])["place"] == "line 2"


def test_a_folder_may_take_the_name_of_a_copy(tmp_path: Path) -> None:
    read(tmp_path, {"a.txt": ""})
    (tmp_path / "inbox/a.txt").unlink()
    result = read_folder(write(tmp_path / "inbox", {"a.txt/b.txt": ""}), tmp_path / "home")
    assert copies(result.quarantine) == {"a.txt/b.txt": b""}


@pytest.mark.parametrize(
    "name",
    ["../../x.txt", "/etc/x.txt", "a/../../x.txt", "a\\b.txt", "con:x.txt", "x\n.txt", "长" * 300],
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    for whole in (True, False):
        copy = copy_names({name: whole})[name]
        assert tmp_path in Path(os.path.normpath(tmp_path / copy)).parents
        (tmp_path / copy).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / copy).touch()


def test_no_two_names_meet() -> None:
    files = {"a": False, "a.refused.jsonl": True, "b?": True, "b*": True, "b_": True}
    assert len(set(copy_names(files).values())) == len(files)


def test_the_table_names_every_refusal_and_its_copy(tmp_path: Path) -> None:
    result = read(tmp_path, {"a.txt": "", "b.jsonl": f"{as_json()}\n{{"})
    table = manifest.quarantined_files(result.manifest, result.quarantine)
    assert list(table["copy"]) == ["quarantine/a.txt", "quarantine/b.jsonl.refused.jsonl"]
    assert list(table["entry"]) == [-1, 1]
    (result.quarantine / "a.txt").unlink()
    table = manifest.quarantined_files(result.manifest, result.quarantine)
    assert table["copy"].iloc[0] == ""


def test_a_sparse_file_is_copied_without_filling_the_disk(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    with (tmp_path / "inbox/a.txt").open("wb") as file:
        file.truncate(200 * 2**20)
    result = read_folder(tmp_path / "inbox", tmp_path / "home")
    assert result.only == ("quarantined", 0, "too_large")
    status = (result.quarantine / "a.txt").stat()
    assert status.st_size == 200 * 2**20
    assert status.st_blocks * 512 < 2**20
