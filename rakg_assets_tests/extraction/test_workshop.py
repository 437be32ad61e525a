import json
import shutil
from dataclasses import asdict
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pandas as pd
import pytest

from rakg_assets.corpus.annotations import annotation_table, read_annotations
from rakg_assets.extraction import workshop as module
from rakg_assets.extraction.artifacts import METRICS
from rakg_assets.extraction.ner import load_ner
from rakg_assets.extraction.relation import load_relation
from rakg_assets.extraction.shelf import Shelf
from rakg_assets.extraction.workshop import ConfigError, Workshop, configured

ROOT = Path(__file__).parents[2]
SAMPLE, WORDS = ROOT / "rakg_assets/sample/records", ROOT / "dictionaries"
QUICK = {"epochs": 1, "threads": 1, "device": "cpu", "character_size": 8, "hidden_size": 8}


@pytest.fixture(scope="module")
def splits() -> pd.DataFrame:
    """Two records of the sample."""
    records, _ = read_annotations(SAMPLE)
    table = annotation_table(records[:2])
    first = min(table["record_id"])
    return table.assign(split=["train" if r == first else "dev" for r in table["record_id"]])


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    return Workshop(Shelf(tmp_path / "models", tmp_path / "released"), WORDS)


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stands in for training; holds the config of each."""
    seen: list[Any] = []

    def fit(config: Any, learn: Any, tune: Any, folder: Path, *_: Any) -> None:
        seen.append(config)
        (folder / "config.json").write_text(json.dumps(asdict(config)), encoding="utf-8")
        (folder / METRICS).write_text('{"dev": {}}', encoding="utf-8")

    monkeypatch.setattr(module, "fit", fit)
    return seen


def test_both_models_train_and_stand_on_the_shelf(shop: Workshop, splits: pd.DataFrame) -> None:
    seen: list[tuple[int, int]] = []
    for kind, load in (("ner", load_ner), ("relation", load_relation)):
        metrics = shop.train(kind, splits, QUICK, progress=lambda *step: seen.append(step))
        assert len(metrics["training"]["epochs"]) == 1
        assert set(metrics["dev"]) == {"overall", "by_type"}
        assert load(shop.shelf.folder(kind)).version == metrics["version"]
    assert seen


def test_a_model_is_kept_while_its_inputs_stand(
    shop: Workshop, splits: pd.DataFrame, fits: list[Any], tmp_path: Path
) -> None:
    first = shop.train("ner", splits)
    assert shop.train("ner", splits) == first
    assert len(fits) == 1
    shop.train("ner", splits, retrain=True)
    shop.train("ner", splits, {"seed": 1})
    shop.train("ner", splits[splits["note"] == "入院记录"])
    assert len(fits) == 4


def test_other_words_are_other_inputs(
    shop: Workshop, splits: pd.DataFrame, fits: list[Any], tmp_path: Path
) -> None:
    words = tmp_path / "words"
    shutil.copytree(WORDS, words)
    shop = Workshop(shop.shelf, words)
    shop.train("ner", splits)
    with (words / "symptom.csv").open("a", encoding="utf-8") as file:
        file.write("SYM999999,手心冒火,hot palms,,\n")
    shop.train("ner", splits)
    assert len(fits) == 2


def test_another_encoder_in_the_same_folder_is_another_input(
    shop: Workshop, splits: pd.DataFrame, fits: list[Any], tmp_path: Path
) -> None:
    for number in (1, 1, 2):
        (tmp_path / "config.json").write_text(f'{{"layers": {number}}}', encoding="utf-8")
        shop.train("ner", splits, {"encoder": str(tmp_path)})
    assert len(fits) == 2


def test_an_unknown_setting_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"relation: no setting is named \['epoch'\].*epochs"):
        configured("relation", {"epoch": 3})
    assert configured("ner", {"epochs": 3}).epochs == 3


def test_the_starter_model_is_trained_once_by_two_runs_at_once(
    shop: Workshop, fits: list[Any]
) -> None:
    start, did = Barrier(2), []

    def run() -> None:
        start.wait()
        did.append(shop.ensure("ner", SAMPLE, 1))

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(did) == [False, True]
    assert len(fits) == 1


def test_a_model_that_is_there_is_no_starter_s_to_replace(
    shop: Workshop, splits: pd.DataFrame, fits: list[Any]
) -> None:
    shop.train("ner", splits)
    version = shop.shelf.version("ner")
    assert not shop.ensure("ner", SAMPLE, 1)
    assert shop.shelf.version("ner") == version
