"""Characters to vectors: a BERT-like encoder from disk or the hub, or plain embeddings.

Belongs here: tokenisation one character to one piece, loading without pickle or remote code,
saving within a model. Does not belong here: what stands on top (`ner_network.py`, `relation.py`).
"""

from __future__ import annotations

import inspect
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from rakg_assets.extraction.encoders.tokens import CharacterTokens, EncoderError, character_limit
from rakg_assets.extraction.processor import has_bfloat16_products
from rakg_assets.extraction.vocabulary import PADDING, UNKNOWN, Vocabulary, normal_form


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

    def drop_out(self, share: float) -> None:
        """Set the share of values that its dropout layers, if it has some, leave out."""
        for module in self.modules():
            if isinstance(module, nn.Dropout):
                module.p = share

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
    """A transformers backbone over characters between its first and last special token.

    Its pooling layer, which nothing here reads, is dropped, and so are weights for one.
    """

    def __init__(self, backbone: nn.Module, tokens: Sequence[str]) -> None:
        super().__init__()
        self.backbone, self.characters = _without_pooler(backbone), CharacterTokens(tokens)
        self.register_load_state_dict_pre_hook(_forget_pooler)
        self.size = backbone.config.hidden_size
        self.limit = character_limit(vars(backbone.config).get("max_position_embeddings"))
        if len(tokens) > backbone.config.vocab_size:
            raise EncoderError("the encoder's vocabulary is longer than its embeddings")

    @property
    def tokens(self) -> tuple[str, ...]:
        """The pieces of the vocabulary in order of number."""
        return self.characters.tokens

    def ids(self, text: str) -> list[int]:
        """Numbers of the characters as they are, in lower case, or in normal form."""
        return self.characters.ids(text)

    def forward(self, ids: Tensor, mask: Tensor) -> Encoded:
        """The sentence vector is that of the first special token."""
        batch, length = ids.shape
        special = self.characters
        framed = ids.new_full((batch, length + 2), special.padding)
        framed[:, 0] = special.first
        framed[:, 1:-1] = torch.where(mask, ids, special.padding)
        framed.scatter_(1, mask.sum(1, keepdim=True) + 1, special.last)
        attended = torch.arange(length + 2, device=ids.device) < mask.sum(1, keepdim=True) + 2
        with mixed_precision(self, ids.device):
            read = self.backbone(input_ids=framed, attention_mask=attended.long())
        hidden = read.last_hidden_state.float()
        return Encoded(hidden[:, 1:-1] * mask[..., None], hidden[:, 0])

    def to_json(self) -> dict[str, Any]:
        """The backbone's configuration and the tokens in order."""
        config = json.loads(self.backbone.config.to_json_string(use_diff=False))
        # The folder it was read from: a path of this machine.
        config.pop("_name_or_path", None)
        return {"kind": "bert", "config": config, "tokens": list(self.tokens)}


def _without_pooler(backbone: nn.Module) -> nn.Module:
    """The backbone as `add_pooling_layer=False` makes it, if its class knows that."""
    if "add_pooling_layer" in inspect.signature(type(backbone)).parameters:
        backbone.pooler = None
    return backbone


def _forget_pooler(encoder: BertEncoder, state: dict[str, Tensor], prefix: str, *_: Any) -> None:
    """Leave out the weights of a pooling layer that the backbone does not have."""
    if getattr(encoder.backbone, "pooler", None) is None:
        for name in [n for n in state if n.startswith(f"{prefix}backbone.pooler.")]:
            del state[name]


def mixed_precision(module: nn.Module, device: torch.device) -> AbstractContextManager[Any]:
    """bfloat16 products in training where the processor has instructions for them, else float32.

    With them (AMX, AVX-512 BF16, tensor cores) a BERT trains two to three times as fast, to equal
    figures. What a trained model finds must not depend on the processor: out of training all is
    float32.
    """
    fast = device.type == "cuda" or (device.type == "cpu" and has_bfloat16_products())
    mixed = module.training and fast
    return torch.autocast(device.type, torch.bfloat16) if mixed else nullcontext()


def embedding_encoder(texts: Iterable[str], size: int, forget: float) -> EmbeddingEncoder:
    """Embeddings for every character of some texts."""
    vocabulary = Vocabulary.fit(normal_form(c) for text in texts for c in text)
    return EmbeddingEncoder(vocabulary, size, forget)


def load_encoder(name: str, downloads: Path | None = None) -> Encoder:
    """A BERT-like model with its weights: a folder, or a hub id fetched into `downloads`.

    The folder holds config.json, safetensors weights and vocab.txt or tokenizer.json; it may be
    that of character language models too (`character_lm.py`). Raises `EncoderError`; pickled
    weights and code that comes with a model are never run.
    """
    from rakg_assets.extraction.encoders.character_lm import MODEL_TYPE, load_character_lm

    folder = _locate(name, downloads)
    if not any(folder.glob("*.safetensors")):
        raise EncoderError(f"{folder}: no *.safetensors weights; convert the model to safetensors")
    config = _config(folder)
    if config.get("model_type") == MODEL_TYPE:
        return load_character_lm(folder, config, _tokens(folder))
    from transformers import AutoModel

    with _quiet():
        backbone = AutoModel.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=torch.float32,
            attn_implementation=attention(),
        )
    return BertEncoder(backbone, _tokens(folder))


def restore_encoder(value: Mapping[str, Any]) -> Encoder:
    """An encoder as `to_json` described it, weights still to be loaded."""
    if value["kind"] == "embedding":
        return EmbeddingEncoder(Vocabulary(value["symbols"]), value["size"], value["forget"])
    from rakg_assets.extraction.encoders.character_lm import MODEL_TYPE, restore_character_lm

    config = dict(value["config"])
    if value["kind"] == MODEL_TYPE:
        return restore_character_lm(config, value["tokens"])
    from transformers import AutoConfig, AutoModel

    config = AutoConfig.for_model(config.pop("model_type"), **config)
    backbone = AutoModel.from_config(
        config, trust_remote_code=False, attn_implementation=attention()
    )
    return BertEncoder(backbone, value["tokens"])


def attention() -> str:
    """Plain products are twice as fast as the fused kernel on a CPU; on a GPU it wins."""
    return "sdpa" if torch.cuda.is_available() else "eager"


def _locate(name: str, downloads: Path | None) -> Path:
    if (Path(name) / "config.json").is_file():
        return Path(name)
    if downloads is None or Path(name).exists() or name.startswith((".", "/", "~")):
        raise EncoderError(f"{name}: no folder with a config.json; give a folder or a hub id")
    from huggingface_hub import snapshot_download

    patterns = ["*.json", "*.safetensors", "vocab.txt"]
    return Path(snapshot_download(name, cache_dir=downloads, allow_patterns=patterns))


def _config(folder: Path) -> dict[str, Any]:
    """What config.json says. Raises `EncoderError` where it is not a JSON object."""
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EncoderError(f"{path}: not JSON in UTF-8; write the encoder again") from error
    if not isinstance(config, dict):
        raise EncoderError(f"{path}: no JSON object; write the encoder again")
    return config


def _tokens(folder: Path) -> list[str]:
    """The vocabulary in order of number, from vocab.txt or tokenizer.json."""
    if (folder / "vocab.txt").is_file():
        lines = (folder / "vocab.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
        return [line.removesuffix("\r") for line in lines]
    if (folder / "tokenizer.json").is_file():
        text = (folder / "tokenizer.json").read_text(encoding="utf-8")
        return _in_order(json.loads(text))
    raise EncoderError(f"{folder}: neither vocab.txt nor tokenizer.json; add one of them")


def _in_order(tokenizer: Mapping[str, Any]) -> list[str]:
    """The pieces that a tokenizer.json holds by number; a number without piece is empty."""
    vocabulary = tokenizer["model"]["vocab"]
    if not isinstance(vocabulary, dict):
        vocabulary = {piece: number for number, (piece, _) in enumerate(vocabulary)}
    added = {token["content"]: token["id"] for token in tokenizer.get("added_tokens") or ()}
    pieces = {number: piece for piece, number in (vocabulary | added).items()}
    return [pieces.get(number, "") for number in range(max(pieces) + 1)]


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
