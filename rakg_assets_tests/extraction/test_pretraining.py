import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.encoder import EncoderError, load_encoder
from rakg_assets.extraction.ner import NerConfig, train_ner
from rakg_assets.extraction.pretraining import PretrainConfig, pretrain_encoder
from rakg_assets.extraction.training import TrainingError
from rakg_assets_tests.extraction.conftest import TEXTS, marked

SENTENCES = [marked(text).text for _, text in TEXTS] * 8
SMALL = PretrainConfig(
    layers=1,
    size=32,
    heads=2,
    passes=2,
    row_length=32,
    checkpoint_rows=10,
    held_out=0.1,
    device="cpu",
    threads=1,
)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_encoder(str(folder)).backbone.state_dict()


def same(a: Path, b: Path) -> bool:
    ours, theirs = weights(a), weights(b)
    return ours.keys() == theirs.keys() and all(torch.equal(ours[n], theirs[n]) for n in ours)


def test_a_fresh_encoder_learns_what_is_hidden(tmp_path: Path) -> None:
    config = replace(SMALL, passes=20, learning_rate=3e-3)
    report = pretrain_encoder(SENTENCES, config, tmp_path / "e")
    first, last = report.epochs[0], report.epochs[-1]
    assert last.loss < first.loss
    assert last.dev["loss"] < first.dev["loss"]
    assert last.dev["accuracy"] > first.dev["accuracy"]
    assert json.loads((tmp_path / "e/metrics.json").read_text("utf-8")) == report.to_json()


def test_the_folder_is_an_encoder_to_train_from(labelled: list[Document], tmp_path: Path) -> None:
    pretrain_encoder(SENTENCES, SMALL, tmp_path / "e")
    files = {p.name for p in (tmp_path / "e").iterdir()}
    assert files == {"config.json", "model.safetensors", "vocab.txt", "metrics.json"}
    encoder = load_encoder(str(tmp_path / "e"))
    assert encoder.size == 32
    assert encoder.tokens[:5] == ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    config = NerConfig(encoder=str(tmp_path / "e"), epochs=1, device="cpu", threads=1)
    assert train_ner(labelled, [], config, tmp_path / "m").epochs


def test_a_given_encoder_is_carried_on(tiny_bert: Path, tmp_path: Path) -> None:
    config = replace(SMALL, encoder=str(tiny_bert))
    pretrain_encoder(SENTENCES, config, tmp_path / "e")
    before, after = load_encoder(str(tiny_bert)), load_encoder(str(tmp_path / "e"))
    assert before.tokens == after.tokens
    assert before.to_json()["config"]["hidden_size"] == after.to_json()["config"]["hidden_size"]
    assert not same(tiny_bert, tmp_path / "e")


def test_a_run_cut_short_goes_on_to_the_same_encoder(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done > 0.6 * total:
            raise KeyboardInterrupt

    expected = pretrain_encoder(SENTENCES, SMALL, tmp_path / "a")
    assert len(expected.epochs) > SMALL.passes
    with pytest.raises(KeyboardInterrupt):
        pretrain_encoder(SENTENCES, SMALL, tmp_path / "b", stop)
    assert (tmp_path / "b/checkpoint").is_dir()
    assert pretrain_encoder(SENTENCES, SMALL, tmp_path / "b") == expected
    assert same(tmp_path / "a", tmp_path / "b")
    assert not (tmp_path / "b/checkpoint").exists()


def test_the_encoder_in_use_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    pretrain_encoder(SENTENCES, SMALL, tmp_path / "e")
    before = weights(tmp_path / "e")
    with pytest.raises(KeyboardInterrupt):
        pretrain_encoder(SENTENCES, replace(SMALL, seed=1), tmp_path / "e", stop)
    assert all(torch.equal(before[n], t) for n, t in weights(tmp_path / "e").items())


def test_too_little_text_is_an_error_that_says_so(tmp_path: Path) -> None:
    for texts in ([], [""], ["双手双手"]):
        with pytest.raises(TrainingError, match="too little text"):
            pretrain_encoder(texts, SMALL, tmp_path / "e")


def test_an_encoder_without_a_mask_is_refused(tiny_bert: Path, tmp_path: Path) -> None:
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((tiny_bert / name).read_bytes())
    text = (tiny_bert / "vocab.txt").read_text("utf-8").replace("[MASK]", "[unused]")
    (tmp_path / "vocab.txt").write_text(text, encoding="utf-8")
    with pytest.raises(EncoderError, match=r"lacks \[MASK\]"):
        pretrain_encoder(SENTENCES, replace(SMALL, encoder=str(tmp_path)), tmp_path / "e")
