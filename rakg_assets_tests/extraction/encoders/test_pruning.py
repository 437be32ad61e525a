from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from rakg_assets.extraction.encoders.encoder import EncoderError, load_encoder
from rakg_assets.extraction.encoders.pretraining import PretrainConfig, pretrain_encoder
from rakg_assets.extraction.encoders.pruning import evenly_spaced, prune_encoder


def test_layers_are_spread_from_the_first_to_the_last() -> None:
    assert evenly_spaced(12, 6) == (0, 2, 4, 7, 9, 11)
    assert evenly_spaced(12, 12) == tuple(range(12))
    assert evenly_spaced(12, 2) == (0, 11)
    assert evenly_spaced(12, 1) == (0,)
    for count in range(1, 25):
        for keep in range(1, count + 1):
            assert len(set(evenly_spaced(count, keep))) == keep


@pytest.mark.parametrize(("layers", "kept"), [(1, (0,)), ([1], (1,)), (2, (0, 1))])
def test_the_layers_kept_are_those_of_the_source(
    tiny_bert: Path, tmp_path: Path, layers: int | Sequence[int], kept: tuple[int, ...]
) -> None:
    assert prune_encoder(tiny_bert, tmp_path / "e", layers) == kept
    before, after = load_encoder(str(tiny_bert)), load_encoder(str(tmp_path / "e"))
    assert after.backbone.config.num_hidden_layers == len(kept)
    assert after.tokens == before.tokens
    old, new = before.backbone.state_dict(), after.backbone.state_dict()
    for name, tensor in new.items():
        if name.startswith("encoder.layer."):
            number, _, rest = name.removeprefix("encoder.layer.").partition(".")
            name = f"encoder.layer.{kept[int(number)]}.{rest}"
        assert torch.equal(tensor, old[name])


def test_a_pruned_encoder_is_trained_further(tiny_bert: Path, tmp_path: Path) -> None:
    prune_encoder(tiny_bert, tmp_path / "small", 1, half=True)
    config = PretrainConfig(encoder=str(tmp_path / "small"), passes=1, row_length=16, threads=1)
    report = pretrain_encoder(["双手肿痛3年，伴晨僵。", "双膝压痛。"] * 9, config, tmp_path / "e")
    assert report.start == "small"


@pytest.mark.parametrize("layers", [0, 3, [], [2], [1, 0], [0, 0], [-1]])
def test_layers_that_are_not_there_are_named(
    tiny_bert: Path, tmp_path: Path, layers: int | Sequence[int]
) -> None:
    with pytest.raises(EncoderError, match=r"cannot keep .*; (keep 1 to 2|name .* from 0 to 1)"):
        prune_encoder(tiny_bert, tmp_path / "e", layers)
    assert not (tmp_path / "e").exists()
