"""What the extraction tests share: one thread, a few labelled texts, a tiny BERT on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from rakg_assets.corpus.documents import Document, Entity

TEXTS = (
    ("主诉", "[双手]b[肿痛]s3年，伴[晨僵]s。"),
    ("现病史", "3年前[受凉]a后[双腕]b[疼痛]s，服[甲氨蝶呤]t10mg。"),
    ("体格检查", "[双膝]b[压痛]p(+)，[右踝]b无[肿胀]p；"),
    ("辅助检查", "[血沉]l40mm/h，[RF]l(+)。"),
    ("出院医嘱", "[来氟米特]t20mg qd，避免[劳累]a。"),
)
LABELS = {
    "b": "body_part",
    "s": "symptom",
    "a": "aggravating_factor",
    "t": "treatment",
    "p": "physical_examination",
    "l": "lab_test",
}


def marked(text: str, section: str = "", name: str = "X1") -> Document:
    """A document from `[mention]x` marks, x a key of LABELS."""
    bare, entities = "", []
    for number, piece in enumerate(text.split("[")):
        if number:
            mention, _, rest = piece.partition("]")
            start = len(bare)
            entities.append(Entity(start, start + len(mention), LABELS[rest[0]], mention))
            piece = mention + rest[1:]
        bare += piece
    return Document(name, bare, "", section, tuple(entities))


@pytest.fixture
def labelled() -> list[Document]:
    """Five short labelled sections."""
    return [marked(text, section, f"X{i}") for i, (section, text) in enumerate(TEXTS)]


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of 2 layers x 32 with random weights, as a folder."""
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("tiny-bert")
    bare = "".join(marked(text).text for _, text in TEXTS)
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(bare.lower()))]
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokens),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    return folder
