"""Listing an inbox: links, pipes, odd names, other file systems."""

from __future__ import annotations

import os
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from rakg_assets.admissions.refusals import Refusal
from rakg_assets.admissions.sources import InboxError, fingerprint, open_inbox, read_bytes
from rakg_assets_tests.admissions.inboxes import as_json, plain, read_folder, write


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def kinds(inbox: Path) -> dict[str, str]:
    return {source.name: source.kind for source in open_inbox(str(inbox)).sources()}


def test_lists_sub_folders_and_follows_no_link(tmp_path: Path) -> None:
    inbox = write(tmp_path / "in", {"a.txt": "x", "sub/deep/b.txt": "x", "c.txt/d.txt": "x"})
    (inbox / "empty").mkdir()
    (inbox / "link.txt").symlink_to("a.txt")
    (inbox / "outside.txt").symlink_to("/etc/passwd")
    (inbox / "dangling.txt").symlink_to("nowhere")
    (inbox / "sub/loop").symlink_to(inbox)
    os.mkfifo(inbox / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as channel:
        os.chdir(inbox)
        channel.bind("socket.txt")
    found = kinds(inbox)
    assert {name for name, kind in found.items() if kind == "file"} == {
        "a.txt",
        "sub/deep/b.txt",
        "c.txt/d.txt",
    }
    others = {"link.txt", "outside.txt", "dangling.txt", "sub/loop", "pipe.txt", "socket.txt"}
    assert {name for name, kind in found.items() if kind == "not_a_file"} == others | {"c.txt"}


def test_what_is_no_file_is_ignored_and_everything_is_counted(tmp_path: Path) -> None:
    inbox = write(tmp_path / "in", {"a.txt": plain(), "b.txt": "", "c.txt/d.txt": plain(id="D")})
    (inbox / "link.txt").symlink_to("a.txt")
    os.mkfifo(inbox / "pipe.txt")
    result = read_folder(inbox, tmp_path / "home")
    outcomes = {name: row["outcome"] for name, row in result.report.items()}
    assert outcomes == {
        "a.txt": "accepted",
        "b.txt": "quarantined",
        "c.txt": "ignored",
        "c.txt/d.txt": "accepted",
        "link.txt": "ignored",
        "pipe.txt": "ignored",
    }
    assert result.report["pipe.txt"]["reason"] == "not_a_file"


def test_a_link_that_takes_the_place_of_a_file_is_not_opened(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": "x", "b.txt": "x"})
    inbox = open_inbox(str(folder))
    sources = inbox.sources()
    for name, make in (("a.txt", lambda p: p.symlink_to("/etc/passwd")), ("b.txt", os.mkfifo)):
        (folder / name).unlink()
        make(folder / name)
    for source in sources:
        with pytest.raises(Refusal) as caught:
            read_bytes(inbox, source, 1000)
        assert caught.value.reason == "unreadable"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_unreadable(tmp_path: Path) -> None:
    inbox = write(tmp_path / "in", {"a.txt": plain(), "closed/b.txt": plain()})
    (inbox / "a.txt").chmod(0)
    (inbox / "closed").chmod(0)
    report = read_folder(inbox, tmp_path / "home").report
    (inbox / "closed").chmod(0o700)
    assert {name: row["reason"] for name, row in report.items()} == {
        "a.txt": "unreadable",
        "closed": "unreadable",
    }


def test_a_file_that_vanishes_is_unreadable(tmp_path: Path) -> None:
    inbox = open_inbox(str(write(tmp_path / "in", {"a.txt": "x"})))
    (source,) = inbox.sources()
    (tmp_path / "in/a.txt").unlink()
    with pytest.raises(Refusal, match="unreadable"):
        read_bytes(inbox, source, 1000)


def test_a_file_that_grows_over_the_limit_is_too_large(tmp_path: Path) -> None:
    inbox = open_inbox(str(write(tmp_path / "in", {"a.txt": "x" * 11})))
    (source,) = inbox.sources()
    with pytest.raises(Refusal, match="too_large"):
        read_bytes(inbox, source, 10)
    assert read_bytes(inbox, source, 11) == b"x" * 11


@pytest.mark.parametrize(
    "name",
    [
        "a b#1%20?.txt",
        "::x.txt",
        "*[y].txt",
        "line\nfeed.txt",
        "-rf.txt",
        "😀.txt",
        "back\\slash.txt",
    ],
)
def test_odd_names_are_names(tmp_path: Path, name: str) -> None:
    inbox = write(tmp_path / "in", {name: plain()})
    assert read_folder(inbox, tmp_path / "home").report[name]["outcome"] == "accepted"


def test_a_name_in_another_encoding_can_be_stored(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = os.fsencode(tmp_path / "in") + b"/\xd6\xd0.txt"
    with open(path, "w") as file:
        file.write(plain())
    report = read_folder(tmp_path / "in", tmp_path / "home").report
    assert list(report) == ["\\xd6\\xd0.txt"]
    assert report["\\xd6\\xd0.txt"]["outcome"] == "accepted"


def test_reads_any_file_system(tmp_path: Path, memory: fsspec.AbstractFileSystem) -> None:
    memory.pipe({"/box/a.txt": plain().encode(), "/box/sub/b.json": as_json(id="B").encode()})
    memory.pipe("/elsewhere/c.txt", b"x")
    report = read_folder("memory://box", tmp_path / "home").report
    assert {name: row["outcome"] for name, row in report.items()} == {
        "a.txt": "accepted",
        "sub/b.json": "accepted",
    }
    before = fingerprint("memory://box")
    assert before == fingerprint("memory://box")
    memory.pipe("/box/a.txt", b"changed")
    assert before != fingerprint("memory://box")


def test_names_in_an_archive_lead_nowhere_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("a.txt", plain())
        archive.writestr("../../evil.txt", "")
    result = read_folder(f"zip://::{tmp_path / 'in.zip'}", tmp_path / "x/y/home")
    assert result.report["a.txt"]["outcome"] == "accepted"
    copies = list(tmp_path.rglob("evil.txt"))
    assert len(copies) == 1
    assert result.quarantine in copies[0].parents


@pytest.mark.parametrize(
    "inbox", ["/no/such/folder", "memory://none", "nonsense://x", "zip://::no"]
)
def test_an_inbox_that_is_none_is_said(inbox: str) -> None:
    with pytest.raises(InboxError, match=r"no such folder|cannot be listed"):
        open_inbox(inbox)


def test_the_fingerprint_follows_names_sizes_and_times(tmp_path: Path) -> None:
    inbox = write(tmp_path / "in", {"a.txt": "x"})
    prints = [fingerprint(str(inbox))]
    os.utime(inbox / "a.txt", (1, 1))
    prints.append(fingerprint(str(inbox)))
    (inbox / "b.txt").touch()
    prints.append(fingerprint(str(inbox)))
    assert len(set(prints)) == 3
    write(inbox, {"home/x": "x"})
    assert fingerprint(str(inbox), [inbox / "home"]) == prints[-1]
