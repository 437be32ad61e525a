import json
import shutil
from pathlib import Path

import pytest
import torch

from rakg_assets.extraction import encoders
from rakg_assets.extraction.encoders.encoder import (
    EncoderError,
    embedding_encoder,
    load_encoder,
    mixed_precision,
    restore_encoder,
)
from rakg_assets.extraction.vocabulary import UNKNOWN


def padded(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    tensors = [torch.tensor(row) for row in rows]
    ids = torch.nn.utils.rnn.pad_sequence(tensors, batch_first=True)
    lengths = torch.tensor([len(row) for row in rows])
    return ids, torch.arange(ids.shape[1]) < lengths[:, None]


def test_one_piece_a_character_spaces_and_capitals_included(tiny_bert: Path) -> None:
    encoder = load_encoder(str(tiny_bert))
    ids = encoder.ids("RF 双\n𠀀，")
    assert len(ids) == 7
    assert encoder.tokens[ids[0]] == "r"
    assert [encoder.tokens[i] for i in ids[2:]] == [" ", "双", "[UNK]", "[UNK]", "，"]


def test_it_gives_what_the_backbone_gives(tiny_bert: Path) -> None:
    encoder = load_encoder(str(tiny_bert)).eval()
    ids, mask = padded([encoder.ids("双手肿痛"), encoder.ids("晨僵")])
    with torch.no_grad():
        encoded = encoder(ids, mask)
        framed = torch.tensor([[2, *encoder.ids("晨僵"), 3]])
        alone = encoder.backbone(input_ids=framed).last_hidden_state[0]
    assert torch.allclose(encoded.characters[1, :2], alone[1:3], atol=1e-5)
    assert torch.allclose(encoded.sentence[1], alone[0], atol=1e-5)
    assert encoded.characters[1, 2:].abs().sum() == 0


def test_a_saved_description_restores_the_shape(tiny_bert: Path) -> None:
    encoder = load_encoder(str(tiny_bert)).eval()
    again = restore_encoder(json.loads(json.dumps(encoder.to_json()))).eval()
    again.load_state_dict(encoder.state_dict())
    ids, mask = padded([encoder.ids("双手肿痛")])
    with torch.no_grad():
        assert torch.equal(encoder(ids, mask).sentence, again(ids, mask).sentence)
    assert again.limit == encoder.limit == 60


def test_a_pooling_layer_is_dropped_and_weights_for_one_are_passed_over(tiny_bert: Path) -> None:
    encoder = load_encoder(str(tiny_bert))
    state = encoder.state_dict()
    assert not [name for name in state if "pooler" in name]
    stored = {**state, "backbone.pooler.dense.weight": torch.ones(32, 32)}
    again = restore_encoder(encoder.to_json())
    again.load_state_dict(stored)
    outer = torch.nn.ModuleDict({"encoder": again})
    outer.load_state_dict({f"encoder.{name}": value for name, value in stored.items()})
    assert all(torch.equal(state[name], value) for name, value in again.state_dict().items())
    with pytest.raises(RuntimeError, match="another"):
        again.load_state_dict({**state, "another": torch.ones(1)})


@pytest.mark.parametrize(("units", "training"), [(True, True), (True, False), (False, True)])
def test_only_training_is_in_bfloat16_and_only_where_there_are_products_of_it(
    units: bool, training: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders.encoder, "has_bfloat16_products", lambda: units)
    ones = torch.ones(2, 2)
    with mixed_precision(torch.nn.Identity().train(training), torch.device("cpu")):
        product = ones @ ones
    assert product.dtype == (torch.bfloat16 if units and training else torch.float32)


def test_pickled_weights_are_refused(tiny_bert: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_bert, tmp_path / "bert")
    (tmp_path / "bert/model.safetensors").unlink()
    torch.save({}, tmp_path / "bert/pytorch_model.bin")
    with pytest.raises(EncoderError, match="convert the model to safetensors"):
        load_encoder(str(tmp_path / "bert"))


def test_a_tokenizer_file_will_do_for_a_vocabulary(tiny_bert: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_bert, tmp_path / "bert")
    (tmp_path / "bert/vocab.txt").unlink()
    with pytest.raises(EncoderError, match=r"neither vocab\.txt nor tokenizer\.json"):
        load_encoder(str(tmp_path / "bert"))
    tokens = load_encoder(str(tiny_bert)).tokens
    vocabulary = {token: number for number, token in enumerate(tokens)}
    text = json.dumps({"model": {"vocab": vocabulary}})
    (tmp_path / "bert/tokenizer.json").write_text(text, encoding="utf-8")
    assert load_encoder(str(tmp_path / "bert")).tokens == tokens


def test_a_missing_folder_is_not_looked_for_on_the_hub(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no folder with a config"):
        load_encoder(str(tmp_path / "nowhere"), downloads=tmp_path)
    with pytest.raises(EncoderError, match="no folder with a config"):
        load_encoder("some-owner/some-bert")


def test_embeddings_forget_only_in_training() -> None:
    torch.manual_seed(0)
    encoder = embedding_encoder(["双手肿痛"], 8, forget=1.0)
    ids, mask = padded([encoder.ids("双手"), encoder.ids("痛")])
    unknown = encoder.embedding.weight[UNKNOWN]
    assert torch.equal(encoder(ids, mask).characters[0, 0], unknown)
    encoder.eval()
    assert not torch.equal(encoder(ids, mask).characters[0, 0], unknown)
    assert encoder(ids, mask).characters[1, 1].abs().sum() == 0
    assert torch.allclose(encoder(ids, mask).sentence[1], encoder(ids, mask).characters[1, 0])


def test_pieces_keep_their_numbers_where_a_tokenizer_file_has_gaps(
    tiny_bert: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "bert"
    shutil.copytree(tiny_bert, folder)
    pieces = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]
    (folder / "vocab.txt").unlink()
    special = [{"id": i, "content": pieces[i]} for i in range(5)]
    rest = {pieces[i]: i for i in range(7, len(pieces))}
    file = {"added_tokens": special, "model": {"vocab": rest}}
    (folder / "tokenizer.json").write_text(json.dumps(file), encoding="utf-8")
    assert load_encoder(str(folder)).tokens == (*pieces[:5], "", "", *pieces[7:])
