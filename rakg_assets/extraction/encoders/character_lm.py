"""Characters to vectors by two language models, one a direction of reading.

Belongs here: the encoder of such models' states (ELMo, arXiv 1802.05365; over characters: Akbik
et al. 2018, aclanthology C18-1139) and reading it from a folder. Does not belong here: how the
models are trained (`character_lm_training.py`), which encoder a folder holds (`encoder.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from rakg_assets.extraction.encoders.encoder import Encoded, Encoder, mixed_precision
from rakg_assets.extraction.encoders.tokens import CharacterTokens, EncoderError
from rakg_assets.extraction.reader import Reader

MODEL_TYPE = "character-lm"
SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
_WEIGHTS = "model.safetensors"
_SIZES = ("embedding_size", "hidden_size")


class CharacterLmEncoder(Encoder):
    """The state of a forward and of a backward LSTM at each character, side by side.

    `hidden_size` is that of one direction. A text stands between the first and the last special
    token, so that its ends are known as such.
    """

    limit = 1_000_000

    def __init__(self, tokens: Sequence[str], embedding_size: int, hidden_size: int) -> None:
        super().__init__()
        self.characters = CharacterTokens(tokens)
        self.embedding_size, self.hidden_size = embedding_size, hidden_size
        self.size = 2 * hidden_size
        # One module, for `training.parameter_groups` to give all that is pre-trained its own rate.
        self.backbone = nn.ModuleDict(
            {
                "embedding": nn.Embedding(len(tokens), embedding_size),
                "reader": Reader(embedding_size, hidden_size),
            }
        )

    @property
    def tokens(self) -> tuple[str, ...]:
        """The characters in order of number, special tokens first."""
        return self.characters.tokens

    def ids(self, text: str) -> list[int]:
        """Numbers of the characters as they are, in lower case, or in normal form."""
        return self.characters.ids(text)

    def states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """(batch, length + 2, size): both directions' states, special tokens' included."""
        special, lengths = self.characters, mask.sum(1, keepdim=True)
        framed = nn.functional.pad(ids.masked_fill(~mask, special.padding), (1, 1))
        framed[:, 0] = special.first
        framed.scatter_(1, lengths + 1, special.last)
        read = torch.arange(framed.shape[1], device=ids.device) < lengths + 2
        with mixed_precision(self, ids.device):
            states = self.backbone["reader"](self.backbone["embedding"](framed), read)
        return states.float()

    def forward(self, ids: Tensor, mask: Tensor) -> Encoded:
        """The sentence vector holds each direction's state when it has read the whole text."""
        states, size = self.states(ids, mask), self.hidden_size
        last = (mask.sum(1) + 1)[:, None, None].expand(-1, 1, size)
        ahead = states[..., :size].gather(1, last)[:, 0]
        sentence = torch.cat([ahead, states[:, 0, size:]], -1)
        return Encoded(states[:, 1:-1] * mask[..., None], sentence)

    def to_json(self) -> dict[str, Any]:
        """The sizes and the characters in order."""
        sizes = {name: getattr(self, name) for name in _SIZES}
        config = {"model_type": MODEL_TYPE, **sizes}
        return {"kind": MODEL_TYPE, "config": config, "tokens": list(self.tokens)}


def restore_character_lm(config: Mapping[str, Any], tokens: Sequence[str]) -> CharacterLmEncoder:
    """An encoder of the sizes in `config`, weights still to be loaded. Raises `EncoderError`."""
    missing = [name for name in _SIZES if not isinstance(config.get(name), int)]
    if missing:
        raise EncoderError(f"a {MODEL_TYPE} encoder without {missing[0]}; train it again")
    return CharacterLmEncoder(tokens, **{name: config[name] for name in _SIZES})


def load_character_lm(
    folder: Path, config: Mapping[str, Any], tokens: Sequence[str]
) -> CharacterLmEncoder:
    """The encoder of a folder whose config and vocabulary are read. Raises `EncoderError`."""
    encoder = restore_character_lm(config, tokens)
    path = folder / _WEIGHTS
    try:
        encoder.backbone.load_state_dict(load_file(path))
    except (OSError, RuntimeError, SafetensorError) as error:
        reason = f"{type(error).__name__}, not the weights of its config.json and vocab.txt"
        raise EncoderError(f"{path}: {reason}; train the encoder again") from error
    return encoder
