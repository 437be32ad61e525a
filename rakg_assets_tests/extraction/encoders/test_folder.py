from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from rakg_assets.extraction.encoders.encoder import EncoderError, load_encoder
from rakg_assets.extraction.encoders.folder import check_target, write_encoder


def test_a_folder_gives_the_encoder_back(tiny_bert: Path, tmp_path: Path) -> None:
    encoder = load_encoder(str(tiny_bert))
    write_encoder(tmp_path / "e", encoder, texts={"README.md": "说明"})
    again = load_encoder(str(tmp_path / "e"))
    assert again.tokens == encoder.tokens
    ours, theirs = encoder.backbone.state_dict(), again.backbone.state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    assert (tmp_path / "e/README.md").read_text("utf-8") == "说明"
    assert str(tiny_bert) not in (tmp_path / "e/config.json").read_text("utf-8")


def test_half_is_written_as_float16_and_read_as_float32(tiny_bert: Path, tmp_path: Path) -> None:
    write_encoder(tmp_path / "e", load_encoder(str(tiny_bert)), half=True)
    stored = load_file(tmp_path / "e/model.safetensors")
    assert {t.dtype for t in stored.values() if t.is_floating_point()} == {torch.float16}
    again = load_encoder(str(tmp_path / "e"))
    assert {t.dtype for t in again.backbone.parameters()} == {torch.float32}


def test_only_an_encoders_folder_is_replaced(tiny_bert: Path, tmp_path: Path) -> None:
    check_target(tmp_path / "new")
    write_encoder(tmp_path / "e", load_encoder(str(tiny_bert)), texts={"README.md": "x"})
    (tmp_path / "e/checkpoint").mkdir()
    check_target(tmp_path / "e")
    with pytest.raises(EncoderError, match="holds e, which is no encoder's; name a new folder"):
        check_target(tmp_path)


def test_weights_may_be_read_by_whoever_may_read_the_rest(tiny_bert: Path, tmp_path: Path) -> None:
    write_encoder(tmp_path / "e", load_encoder(str(tiny_bert)))
    assert len({path.stat().st_mode for path in (tmp_path / "e").iterdir()}) == 1
