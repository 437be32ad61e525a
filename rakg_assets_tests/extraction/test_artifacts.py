import json
from pathlib import Path

import pytest
import torch
from torch import nn

from rakg_assets.extraction.artifacts import (
    METRICS,
    NETWORK,
    ModelError,
    encoder_content,
    model_version,
    read_part,
    read_weights,
    save_model,
)


def tied() -> nn.Module:
    module = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)])
    module[1].weight = module[0].weight
    return module


def test_shared_weights_can_be_saved_and_come_back(tmp_path: Path) -> None:
    module, other = tied(), tied()
    save_model(tmp_path / "m", module, {"config": {"a": "树"}})
    read_weights(tmp_path / "m", other)
    assert torch.equal(module[0].weight, other[1].weight)
    assert read_part(tmp_path / "m", "config") == {"a": "树"}


def test_saving_replaces_the_folder_whole(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    (folder / "checkpoint").mkdir(parents=True)
    (folder / "checkpoint/last.safetensors").write_bytes(b"x")
    save_model(folder, tied(), {"config": {}})
    assert sorted(p.name for p in folder.iterdir()) == ["config.json", "weights.safetensors"]
    assert [p.name for p in tmp_path.iterdir()] == ["m"]


def test_the_version_follows_content_but_not_metrics(tmp_path: Path) -> None:
    torch.manual_seed(0)
    module, folder = tied(), tmp_path / "m"
    save_model(folder, module, {"config": {"a": 1}, "metrics": {"f1": 1}})
    version = model_version(folder)
    (folder / METRICS).write_text(json.dumps({"f1": 2}))
    assert model_version(folder) == version
    (folder / NETWORK).write_bytes(b"a")
    assert model_version(folder) != version
    save_model(folder, module, {"config": {"a": 2}})
    assert model_version(folder) != version


def test_an_encoder_is_the_content_of_its_folder_or_a_name(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    before = encoder_content(str(tmp_path))
    (tmp_path / "config.json").write_text('{"a": 1}')
    assert encoder_content(str(tmp_path)) != before != ""
    assert (encoder_content("someone/bert"), encoder_content(None)) == ("someone/bert", "")


def test_what_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="FileNotFoundError; train the model again"):
        read_part(tmp_path, "config")
    save_model(tmp_path / "m", nn.Linear(3, 1), {})
    with pytest.raises(ModelError, match="not this model's weights"):
        read_weights(tmp_path / "m", tied())


def test_weights_may_be_read_by_whoever_may_read_the_rest(tmp_path: Path) -> None:
    save_model(tmp_path / "m", tied(), {"config": {}})
    (tmp_path / "usual").touch()
    modes = {path.stat().st_mode for path in (tmp_path / "usual", *(tmp_path / "m").iterdir())}
    assert len(modes) == 1
