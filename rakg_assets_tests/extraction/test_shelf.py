from collections.abc import Callable
from pathlib import Path

import pytest

from rakg_assets.extraction.artifacts import model_version
from rakg_assets.extraction.shelf import NoModelError, Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models", tmp_path / "released")


def writes(weights: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "weights").write_text(weights, encoding="utf-8") and None


def content(folder: Path) -> str:
    return (folder / "weights").read_text(encoding="utf-8")


def test_an_empty_shelf_says_what_to_do(shelf: Shelf) -> None:
    assert not shelf.has("ner")
    assert shelf.version("ner") == ""
    assert shelf.trained_from("ner") is None
    with pytest.raises(NoModelError, match=r"ner_model.*rakg run"):
        shelf.folder("ner")


def test_a_shipped_model_stands_in_until_one_is_trained(shelf: Shelf) -> None:
    shipped = shelf.released / "ner"
    shipped.mkdir(parents=True)
    assert not shelf.has("ner")
    (shipped / "config.json").write_text("{}", encoding="utf-8")
    assert shelf.folder("ner") == shipped
    assert shelf.version("ner") == model_version(shipped)
    assert not shelf.has("relation")
    assert shelf.trained_from("ner") is None
    shelf.train("ner", "data", writes("a"), content)
    assert shelf.version("ner") == "a"


def test_training_puts_a_model_in_use_and_keeps_the_one_before(shelf: Shelf) -> None:
    for weights in "ab":
        assert shelf.train("ner", f"data {weights}", writes(weights), content).name == weights
        assert content(shelf.folder("ner")) == weights
        assert shelf.trained_from("ner") == f"data {weights}"
    assert content(shelf.root / "ner" / "a") == "a"
    assert not (shelf.root / "ner" / "in_training").exists()


def test_the_same_model_again_is_one_version(shelf: Shelf) -> None:
    for _ in range(2):
        shelf.train("ner", "data", writes("a"), content)
    assert sorted(p.name for p in (shelf.root / "ner").iterdir()) == ["a", "current"]


def test_a_training_cut_short_leaves_the_model_in_use_and_goes_on(shelf: Shelf) -> None:
    def stops(folder: Path) -> None:
        (folder / "checkpoint").touch()
        raise KeyboardInterrupt

    def goes_on(folder: Path) -> None:
        (folder / "checkpoint").unlink()
        writes("b")(folder)

    shelf.train("ner", "old", writes("a"), content)
    with pytest.raises(KeyboardInterrupt):
        shelf.train("ner", "new", stops, content)
    assert (shelf.version("ner"), shelf.trained_from("ner")) == ("a", "old")
    shelf.train("ner", "new", goes_on, content)
    assert (shelf.version("ner"), shelf.trained_from("ner")) == ("b", "new")


def test_a_pointer_to_a_model_that_is_gone_counts_as_none(shelf: Shelf) -> None:
    (shelf.root / "ner").mkdir(parents=True)
    (shelf.root / "ner" / "current").write_text("gone", encoding="utf-8")
    assert not shelf.has("ner")
