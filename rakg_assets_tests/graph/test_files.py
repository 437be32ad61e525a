from __future__ import annotations

from pathlib import Path

from rakg_assets.graph.files import write_atomic


def test_a_file_is_written_with_its_folder(tmp_path: Path) -> None:
    target = tmp_path / "reports" / "page.html"
    write_atomic(target, b"one")
    write_atomic(target, b"two")
    assert target.read_bytes() == b"two"
    assert [p.name for p in target.parent.iterdir()] == ["page.html"]


def test_the_same_content_writes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    write_atomic(target, b"one")
    before = target.stat()
    write_atomic(target, b"one")
    assert (target.stat().st_ino, target.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
