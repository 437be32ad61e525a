from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rakg_assets.ontology.files import beside, replace_if_changed, write_folder, write_text

LONG = "病" * 80 + ".txt"  # 244 bytes: nothing can be added to the name


@pytest.mark.parametrize("name", ["page.html", LONG, "[a]*?.json", "带 空格.txt"])
def test_a_file_is_written_with_its_folder_and_nothing_beside_it(tmp_path: Path, name: str) -> None:
    target = tmp_path / "new" / "folder" / name
    write_text(target, "一\r\n")
    write_text(target, "二\r\n")
    assert target.read_bytes() == "二\r\n".encode()
    assert list(target.parent.iterdir()) == [target]


def test_the_same_content_writes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    write_text(target, "one")
    before = target.stat()
    write_text(target, "one")
    after = target.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert list(tmp_path.iterdir()) == [target]


def test_an_error_leaves_the_old_file_alone(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    write_text(target, "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(target, "half \udc00")
    assert target.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_link_names_is_replaced_and_not_the_link(tmp_path: Path) -> None:
    target, link = tmp_path / "data" / "page.html", tmp_path / "link"
    link.symlink_to(target)
    write_text(link, "one")
    assert link.is_symlink()
    assert target.read_text("utf-8") == "one"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        write_text(pipe, "one")
        assert reader.communicate(timeout=10)[0] == b"one"
    assert pipe.is_fifo()


def test_a_folder_in_the_way_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(IsADirectoryError, match="taken"):
        write_text(tmp_path / "taken", "one")


# Writes half of a file or folder, says so, and waits to be killed.
_SLOW_WRITER = """
import sys, time
from pathlib import Path
from rakg_assets.ontology import files
def write(temporary):
    (temporary / "half" if temporary.is_dir() else temporary).write_bytes(b"half")
    print("writing", flush=True)
    time.sleep(60)
getattr(files, sys.argv[1])(Path(sys.argv[2]), write)
"""


def kill_while_it_writes(how: str, target: Path) -> None:
    command = [sys.executable, "-c", _SLOW_WRITER, how, str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        os.kill(writer.pid, signal.SIGKILL)


def test_a_kill_leaves_the_old_file_and_the_next_write_cleans_up(tmp_path: Path) -> None:
    target = tmp_path / "table"
    write_text(target, "old")
    kill_while_it_writes("write_atomically", target)
    assert target.read_text("utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 2

    write_text(target, "new")
    assert target.read_text("utf-8") == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_kill_leaves_the_old_folder_and_the_next_write_cleans_up(tmp_path: Path) -> None:
    target = tmp_path / "model"
    write_folder(target, lambda folder: write_text(folder / "weights", "old"))
    kill_while_it_writes("write_folder", target)
    assert [p.name for p in target.iterdir()] == ["weights"]

    write_folder(target, lambda folder: write_text(folder / "config", "new"))
    assert [p.name for p in target.iterdir()] == ["config"]
    assert list(tmp_path.iterdir()) == [target]


def test_an_error_leaves_the_old_folder_alone(tmp_path: Path) -> None:
    target = tmp_path / "model"
    write_folder(target, lambda folder: write_text(folder / "weights", "old"))

    def fail(folder: Path) -> None:
        write_text(folder / "weights", "half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_folder(target, fail)
    assert (target / "weights").read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_living_process_writes_is_left_to_it(tmp_path: Path) -> None:
    target = tmp_path / "table"
    other = beside(target)
    theirs = other.with_name(other.name.replace(str(os.getpid()), str(os.getppid())))
    theirs.write_text("in work", "utf-8")
    write_text(target, "mine")
    assert theirs.read_text("utf-8") == "in work"


def test_an_open_reader_keeps_the_file_it_opened(tmp_path: Path) -> None:
    target, new = tmp_path / "graph", tmp_path / "graph.new"
    write_text(target, "old")
    write_text(new, "new")
    with target.open("r", encoding="utf-8") as reader:
        replace_if_changed(new, target)
        assert reader.read() == "old"
    assert target.read_text("utf-8") == "new"
