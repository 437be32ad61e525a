"""Models that are BERT-like in other ways than BERT: each is read, restored and trained further."""

import random
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from rakg_assets.extraction.encoders.encoder import Encoder, load_encoder, restore_encoder
from rakg_assets.extraction.encoders.pretraining import PretrainConfig, pretrain_encoder

USUAL = {
    "hidden_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 64,
}
RELATIVES: dict[str, dict[str, Any]] = {
    "albert": {**USUAL, "embedding_size": 16},
    "deberta-v2": USUAL,
    "distilbert": {"dim": 32, "n_layers": 1, "n_heads": 2, "hidden_dim": 64},
    "electra": {**USUAL, "embedding_size": 16},
    "ernie": USUAL,
    "modernbert": {**USUAL, "pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 3},
    "roberta": USUAL,
    "roformer": {**USUAL, "embedding_size": 16},
    "xlnet": {"d_model": 32, "n_layer": 1, "n_head": 2, "d_inner": 64},
}
TEXTS = ["".join(random.Random(i).choices("双手关节肿痛发热", k=40)) for i in range(40)]


def read(encoder: Encoder) -> torch.Tensor:
    ids = torch.tensor([encoder.ids("双手关节")])
    with torch.no_grad():
        return encoder.eval()(ids, torch.ones_like(ids, dtype=torch.bool)).characters


@pytest.mark.parametrize("kind", RELATIVES)
def test_it_is_read_comes_back_and_learns(kind: str, tiny_bert: Path, tmp_path: Path) -> None:
    from transformers import AutoConfig, AutoModel

    source, further = tmp_path / kind, tmp_path / "further"
    shutil.copytree(tiny_bert, source, ignore=shutil.ignore_patterns("*.json", "*.safetensors"))
    pieces = (source / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]
    config = AutoConfig.for_model(kind, vocab_size=len(pieces), **RELATIVES[kind])
    AutoModel.from_config(config).save_pretrained(source)

    encoder = load_encoder(str(source))
    assert read(encoder).shape == (1, 4, 32)
    assert encoder.limit >= 60
    again = restore_encoder(encoder.to_json())
    again.load_state_dict(encoder.state_dict())
    assert torch.equal(read(again), read(encoder))
    assert again.limit == encoder.limit

    small = PretrainConfig(encoder=str(source), passes=1, row_length=32, threads=1)
    report = pretrain_encoder(TEXTS, replace(small, held_out=0.1, checkpoint_rows=20), further)
    assert report.rows_read > 0
    assert not torch.equal(read(load_encoder(str(further))), read(encoder))
