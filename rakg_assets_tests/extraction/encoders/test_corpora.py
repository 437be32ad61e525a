from dataclasses import replace
from pathlib import Path

import pytest
import torch

from rakg_assets.corpus.documents import Document
from rakg_assets.extraction.encoders.corpora import Corpus, tune_encoder
from rakg_assets.extraction.encoders.encoder import load_encoder
from rakg_assets.extraction.encoders.tokens import EncoderError
from rakg_assets.extraction.ner import NerConfig

CONFIG = NerConfig(epochs=2, threads=1, device="cpu", lexicon=False, average=0.5)


def other_labels(documents: list[Document]) -> list[Document]:
    return [
        replace(d, entities=tuple(replace(e, label=f"x-{e.label}") for e in d.entities))
        for d in documents
    ]


def test_one_encoder_learns_from_corpora_with_labels_of_their_own(
    labelled: list[Document], tiny_bert: Path, tmp_path: Path
) -> None:
    corpora = {
        "ours": Corpus(labelled, labelled),
        "theirs": Corpus(other_labels(labelled), other_labels(labelled)),
    }
    config = replace(CONFIG, encoder=str(tiny_bert))
    report = tune_encoder(corpora, config, tmp_path / "tuned")
    assert len(report.epochs) == 2
    assert set(report.epochs[0].dev) == {"f1", "ours", "theirs"}
    assert report.epochs[1].loss < report.epochs[0].loss
    tuned, before = (load_encoder(str(folder)) for folder in (tmp_path / "tuned", tiny_bert))
    assert tuned.tokens == before.tokens
    vectors = [e.backbone.get_input_embeddings().weight for e in (tuned, before)]
    assert not torch.equal(*vectors)


def test_an_interrupted_tuning_goes_on_to_the_same_encoder(
    labelled: list[Document], tiny_bert: Path, tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if done > 0.6 * total:
            raise KeyboardInterrupt

    # Names that a module or the mean has already are names like others.
    corpora = {name: Corpus(labelled, labelled) for name in ("train", "f1")}
    config = replace(CONFIG, encoder=str(tiny_bert))
    expected = tune_encoder(corpora, config, tmp_path / "a")
    with pytest.raises(KeyboardInterrupt):
        tune_encoder(corpora, config, tmp_path / "b", stop)
    assert (tmp_path / "b/checkpoint").is_dir()
    assert tune_encoder(corpora, config, tmp_path / "b") == expected
    ours, theirs = ((tmp_path / n / "model.safetensors").read_bytes() for n in "ab")
    assert ours == theirs


def test_there_must_be_an_encoder(labelled: list[Document], tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no encoder"):
        tune_encoder({"ours": Corpus(labelled, [])}, CONFIG, tmp_path / "tuned")
