from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rakg_assets.extraction.resources import missing_models, shelf_of
from rakg_assets.orchestration.resources import Settings


def test_models_of_the_home_stand_before_those_that_ship(home: Path, tmp_path: Path) -> None:
    own, shipped = (shelf_of(Settings(home=str(place))) for place in (home, tmp_path / "new"))
    for kind in ("ner", "relation"):
        assert own.folder(kind).is_relative_to(home)
        assert shipped.folder(kind) == shipped.released / kind


def test_what_is_missing_is_called_by_the_asset_that_trains_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "released", tmp_path / "none")
    assert missing_models(Settings(home=str(tmp_path / "new"))) == ["ner_model", "relation_model"]
    assert missing_models(Settings(home=str(home))) == []


_WITHOUT_TORCH = """
import sys
from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.resources import extractor_of
from rakg_assets.orchestration.resources import Settings
settings = Settings(home=sys.argv[1])
(found,) = extractor_of(settings).extract([Document("", "双手近端指间关节肿痛3年。")])
assert found.relations
assert not {"torch", "transformers", "onnx"} & sys.modules.keys()
assert not settings.place.models.exists()
"""


def test_with_the_models_that_ship_nothing_is_trained_and_torch_stays_away(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _WITHOUT_TORCH, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (0, "")
