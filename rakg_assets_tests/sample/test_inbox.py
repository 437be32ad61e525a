from __future__ import annotations

from pathlib import Path

import pytest

from rakg_assets.sample import inbox
from rakg_assets.sample.inbox import RECORDS, write_sample_inbox


@pytest.fixture(autouse=True)
def _few_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """The generator itself is tested in `test_generator.py`."""

    def generate(folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "one.txt").write_text("x", encoding="utf-8")

    monkeypatch.setattr("rakg_assets.sample.generator.generate", generate)


def test_it_holds_generated_and_annotated_records(tmp_path: Path) -> None:
    folder = tmp_path / "sample" / "inbox"
    assert write_sample_inbox(folder) == folder
    assert [p.name for p in (folder / "generated").iterdir()] == ["one.txt"]
    annotated = list((folder / "annotated").iterdir())
    assert len(annotated) == len(list(RECORDS.glob("*.txt")))
    assert [p.name for p in folder.parent.iterdir()] == ["inbox"]


def test_it_is_written_once(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    write_sample_inbox(folder)
    (folder / "generated" / "one.txt").write_text("mine", encoding="utf-8")
    write_sample_inbox(folder)
    assert (folder / "generated" / "one.txt").read_text("utf-8") == "mine"


def test_a_writing_that_stops_leaves_nothing_and_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "inbox"

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("rakg_assets.sample.generator.write_annotated", stop)
        with pytest.raises(KeyboardInterrupt):
            write_sample_inbox(folder)
    assert not folder.exists()
    write_sample_inbox(folder)
    assert [p.name for p in tmp_path.iterdir()] == ["inbox"]


def test_the_run_that_was_faster_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "inbox"

    def overtaken(source: Path, target: Path) -> None:
        folder.mkdir()
        (folder / "theirs.txt").write_text("x", encoding="utf-8")

    monkeypatch.setattr("rakg_assets.sample.generator.write_annotated", overtaken)
    assert inbox.write_sample_inbox(folder) == folder
    assert [p.name for p in folder.iterdir()] == ["theirs.txt"]
    assert [p.name for p in tmp_path.iterdir()] == ["inbox"]
