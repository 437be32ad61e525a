"""Characters to vectors: a BERT-like encoder from disk or the hub, or plain embeddings.

Belongs here: tokenisation one character to one piece, loading without pickle or remote code,
saving within a model. Does not belong here: what stands on top (`ner_network.py`, `relation.py`).
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from rakg_assets.extraction.vocabulary import PADDING, UNKNOWN, Vocabulary, normal_form

_SPECIAL = {
    "padding": ("[PAD]", "<pad>"),
    "unknown": ("[UNK]", "<unk>"),
    "first": ("[CLS]", "<s>"),
    "last": ("[SEP]", "</s>"),
}


class EncoderError(ValueError):
    """An encoder that cannot be used; the message names folder, reason and remedy."""


@dataclass(frozen=True)
class Encoded:
    """`characters` is (batch, length, size); `sentence` (batch, size) stands for the whole text."""

    characters: Tensor
    sentence: Tensor


class Encoder(nn.Module, ABC):
    """Vectors of `size` for the characters of texts of at most `limit` characters."""

    size: int
    limit: int

    @abstractmethod
    def ids(self, text: str) -> list[int]:
        """One number a character."""

    @abstractmethod
    def forward(self, ids: Tensor, mask: Tensor) -> Encoded:
        """`ids` and `mask` (true where a character stands) are (batch, length)."""

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """All but the weights; `restore_encoder` of it gives an encoder of the same shape."""


class EmbeddingEncoder(Encoder):
    """One trained vector a character; `forget` of them read as unknown in training."""

    limit = 1_000_000

    def __init__(self, vocabulary: Vocabulary, size: int, forget: float = 0.0) -> None:
        super().__init__()
        self.vocabulary, self.size, self.forget = vocabulary, size, forget
        self.embedding = nn.Embedding(len(vocabulary), size, padding_idx=PADDING)

    def ids(self, text: str) -> list[int]:
        """Numbers of the characters in their normal form."""
        return self.vocabulary.ids(text)

    def forward(self, ids: Tensor, mask: Tensor) -> Encoded:
        """The sentence vector is the mean of its characters."""
        if self.training and self.forget:
            forgotten = (torch.rand(ids.shape, device=ids.device) < self.forget) & mask
            ids = ids.masked_fill(forgotten, UNKNOWN)
        vectors = self.embedding(ids) * mask[..., None]
        return Encoded(vectors, vectors.sum(1) / mask.sum(1, keepdim=True).clamp(min=1))

    def to_json(self) -> dict[str, Any]:
        """The symbols and sizes."""
        symbols = list(self.vocabulary.symbols)
        return {"kind": "embedding", "symbols": symbols, "size": self.size, "forget": self.forget}


class BertEncoder(Encoder):
    """A transformers backbone over characters between its first and last special token."""

    def __init__(self, backbone: nn.Module, tokens: Sequence[str]) -> None:
        super().__init__()
        self.backbone, self.tokens = backbone, tuple(tokens)
        self.size = backbone.config.hidden_size
        # Two special tokens, and the two positions that RoBERTa leaves unused.
        self.limit = backbone.config.max_position_embeddings - 4
        if len(tokens) > backbone.config.vocab_size:
            raise EncoderError("the encoder's vocabulary is longer than its embeddings")
        self._numbers = {token: number for number, token in enumerate(tokens)}
        special = {name: self._special(name) for name in _SPECIAL}
        self._padding, self._unknown = special["padding"], special["unknown"]
        self._first, self._last = special["first"], special["last"]

    def _special(self, name: str) -> int:
        for token in _SPECIAL[name]:
            if token in self._numbers:
                return self._numbers[token]
        wanted = " or ".join(_SPECIAL[name])
        raise EncoderError(f"the encoder's vocabulary lacks {wanted}; use a BERT-like model")

    def ids(self, text: str) -> list[int]:
        """Numbers of the characters as they are, in lower case, or in normal form."""
        return [self._id(character) for character in text]

    def _id(self, character: str) -> int:
        for form in (character, character.lower(), normal_form(character)):
            for piece in (form, "▁" + form):
                if piece in self._numbers:
                    return self._numbers[piece]
        return self._unknown

    def forward(self, ids: Tensor, mask: Tensor) -> Encoded:
        """The sentence vector is that of the first special token."""
        batch, length = ids.shape
        framed = ids.new_full((batch, length + 2), self._padding)
        framed[:, 0] = self._first
        framed[:, 1:-1] = torch.where(mask, ids, self._padding)
        framed.scatter_(1, mask.sum(1, keepdim=True) + 1, self._last)
        attended = torch.arange(length + 2, device=ids.device) < mask.sum(1, keepdim=True) + 2
        hidden = self.backbone(input_ids=framed, attention_mask=attended.long()).last_hidden_state
        return Encoded(hidden[:, 1:-1] * mask[..., None], hidden[:, 0])

    def to_json(self) -> dict[str, Any]:
        """The backbone's configuration and the tokens in order."""
        config = json.loads(self.backbone.config.to_json_string(use_diff=False))
        return {"kind": "bert", "config": config, "tokens": list(self.tokens)}


def embedding_encoder(texts: Iterable[str], size: int, forget: float) -> EmbeddingEncoder:
    """Embeddings for every character of some texts."""
    vocabulary = Vocabulary.fit(normal_form(c) for text in texts for c in text)
    return EmbeddingEncoder(vocabulary, size, forget)


def load_encoder(name: str, downloads: Path | None = None) -> BertEncoder:
    """A BERT-like model with its weights: a folder, or a hub id fetched into `downloads`.

    The folder holds config.json, safetensors weights and vocab.txt or tokenizer.json. Raises
    `EncoderError`; pickled weights and code that comes with a model are never run.
    """
    from transformers import AutoModel

    folder = _locate(name, downloads)
    if not any(folder.glob("*.safetensors")):
        raise EncoderError(f"{folder}: no *.safetensors weights; convert the model to safetensors")
    with _quiet():
        backbone = AutoModel.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=torch.float32,
        )
    return BertEncoder(backbone, _tokens(folder))


def restore_encoder(value: Mapping[str, Any]) -> Encoder:
    """An encoder as `to_json` described it, weights still to be loaded."""
    if value["kind"] == "embedding":
        return EmbeddingEncoder(Vocabulary(value["symbols"]), value["size"], value["forget"])
    from transformers import AutoConfig, AutoModel

    config = dict(value["config"])
    config = AutoConfig.for_model(config.pop("model_type"), **config)
    return BertEncoder(AutoModel.from_config(config, trust_remote_code=False), value["tokens"])


def _locate(name: str, downloads: Path | None) -> Path:
    if (Path(name) / "config.json").is_file():
        return Path(name)
    if downloads is None or Path(name).exists() or name.startswith((".", "/", "~")):
        raise EncoderError(f"{name}: no folder with a config.json; give a folder or a hub id")
    from huggingface_hub import snapshot_download

    patterns = ["*.json", "*.safetensors", "vocab.txt"]
    return Path(snapshot_download(name, cache_dir=downloads, allow_patterns=patterns))


def _tokens(folder: Path) -> list[str]:
    """The vocabulary in order of number, from vocab.txt or tokenizer.json."""
    if (folder / "vocab.txt").is_file():
        lines = (folder / "vocab.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
        return [line.removesuffix("\r") for line in lines]
    if (folder / "tokenizer.json").is_file():
        text = (folder / "tokenizer.json").read_text(encoding="utf-8")
        vocabulary = json.loads(text)["model"]["vocab"]
        if isinstance(vocabulary, dict):
            return sorted(vocabulary, key=vocabulary.__getitem__)
        return [piece for piece, _ in vocabulary]
    raise EncoderError(f"{folder}: neither vocab.txt nor tokenizer.json; add one of them")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers' own progress bar and remarks on unused weights off the terminal."""
    from transformers.utils import logging

    level = logging.get_verbosity()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        logging.enable_progress_bar()
