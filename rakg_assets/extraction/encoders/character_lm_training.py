"""Training of character language models on texts without labels, both directions at once.

Belongs here: rows of characters, the loss on the next and the previous character. Does not belong
here: the encoder (`character_lm.py`), the loop (`training.py`), the folder (`folder.py`).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from rakg_assets.extraction.artifacts import CHECKPOINT, METRICS
from rakg_assets.extraction.encoders.character_lm import SPECIAL_TOKENS, CharacterLmEncoder
from rakg_assets.extraction.encoders.folder import CARD, check_target, write_encoder
from rakg_assets.extraction.encoders.passes import PassConfig, PretrainReport, RowPasses
from rakg_assets.extraction.encoders.start import FRESH
from rakg_assets.extraction.encoders.texts import kept_back
from rakg_assets.extraction.training import Progress, train

# Medical Chinese: the 800 commonest characters are 92 % of a text, the 2,400 commonest 99.8 %.
_CLASSES = (800, 2_400)
_HELD_OUT_BATCH = 32


@dataclass(frozen=True)
class CharacterLmConfig(PassConfig):
    """All choices of the training of a character language model.

    `size` is the LSTM state of one direction; `head_size` what it is brought down to where the
    next character is told. Characters that stand less than `minimum` times in the texts read as
    unknown. The texts are read `passes` times in rows of `row_length` characters, `batch_rows`
    at a time. A checkpoint is written every `checkpoint_rows` rows; `held_out` of the
    characters are kept back for the figures. With `half` the weights are written as float16.
    """

    warmup: ClassVar[float] = 0.02

    size: int = 512
    embedding_size: int = 128
    head_size: int = 256
    passes: int = 4
    row_length: int = 256
    batch_rows: int = 32
    checkpoint_rows: int = 4_000
    learning_rate: float = 2e-3


def train_character_lm(
    texts: Sequence[str],
    config: CharacterLmConfig,
    folder: Path,
    progress: Progress | None = None,
    enough: Callable[[], bool] | None = None,
    card: Callable[[PretrainReport], str] | None = None,
) -> PretrainReport:
    """Train on texts and write config.json, model.safetensors and vocab.txt to `folder`.

    `load_encoder` reads the folder; the encoder that it held stays until the new one is whole. A
    run that was cut short goes on from its last checkpoint. The report's training has one entry a
    checkpoint: the training loss and, on rows kept back, loss, perplexity and accuracy (percent)
    a character, mean over both directions. `enough`, asked at each checkpoint, may end the
    training early; `card` makes the folder's README.md of the report.
    Raises `EncoderError` or `TrainingError`, also if there is too little to read.
    """
    check_target(folder)
    torch.manual_seed(config.seed)
    task = _CharacterLmTask(texts, config)
    settings, key = config.settings(task.passes.parts), _fingerprint(texts, config)
    training = train(task, settings, folder / CHECKPOINT, key, progress, enough)
    report = task.passes.report(training, FRESH)
    parts = {METRICS: report.to_text()} | ({CARD: card(report)} if card else {})
    write_encoder(folder, task.module.encoder, config.half, parts)
    return report


@dataclass(frozen=True)
class RowBatch:
    """Rows as tensors (rows, length); `mask` is true where a character stands."""

    ids: Tensor
    mask: Tensor

    def to(self, device: torch.device) -> RowBatch:
        """The same on a device."""
        return RowBatch(self.ids.to(device), self.mask.to(device))


class CharacterLanguageModels(nn.Module):
    """An encoder and what tells each character by the state before it, and by that after it.

    Both directions share the scores over characters, in classes by how common these are (Grave
    et al., arXiv 1609.04309): half the time of scores over all of them.
    """

    def __init__(self, encoder: CharacterLmEncoder, head_size: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.ahead = nn.Linear(encoder.hidden_size, head_size)
        self.back = nn.Linear(encoder.hidden_size, head_size)
        count = len(encoder.tokens)
        classes = [number for number in _CLASSES if number < count] or [count - 1]
        self.scores = nn.AdaptiveLogSoftmaxWithLoss(head_size, count, classes, div_value=4.0)

    def forward(self, batch: RowBatch) -> tuple[Tensor, Tensor]:
        """What `scores` reads, and the right characters: all forwards, then all backwards."""
        ahead, back = self.encoder.states(batch.ids, batch.mask).chunk(2, -1)
        # With the special tokens around, the state before a character has its own place, and
        # that after it is two further.
        ahead, back = ahead[:, :-2][batch.mask], back[:, 2:][batch.mask]
        return torch.cat([self.ahead(ahead), self.back(back)]), batch.ids[batch.mask].repeat(2)


class _CharacterLmTask:
    """Language modelling as the loop sees it; an epoch is a part of a pass."""

    name = "character language models"

    def __init__(self, texts: Sequence[str], config: CharacterLmConfig) -> None:
        self.config = config
        tokens = (*SPECIAL_TOKENS, *_common(texts, config.minimum))
        encoder = CharacterLmEncoder(tokens, config.embedding_size, config.size)
        parts = kept_back(texts, config.held_out)
        rows, held = (_rows(part, encoder, config.row_length) for part in parts)
        self.passes = RowPasses(rows, held, config)
        self.batch_count = self.passes.batch_count
        self.module = CharacterLanguageModels(encoder, config.head_size)

    def parameter_groups(self) -> list[dict[str, Any]]:
        return [{"params": list(self.module.parameters())}]

    def batches(self, epoch: int) -> list[RowBatch]:
        return _batches(self.passes.of_epoch(epoch), self.config.batch_rows)

    def loss(self, batch: RowBatch) -> Tensor:
        return self.module.scores(*self.module(self._placed(batch))).loss

    def evaluate(self) -> Mapping[str, float]:
        """Loss, perplexity and accuracy on rows kept back."""
        loss, right, count = 0.0, 0, 0
        for batch in _batches(self.passes.held, _HELD_OUT_BATCH):
            vectors, targets = self.module(self._placed(batch))
            loss -= float(self.module.scores(vectors, targets).output.sum())
            right += int((self.module.scores.predict(vectors) == targets).sum())
            count += len(targets)
        figures = {"loss": round(loss / count, 4), "perplexity": round(math.exp(loss / count), 3)}
        return figures | {"accuracy": round(100 * right / count, 2)}

    def _placed(self, batch: RowBatch) -> RowBatch:
        return batch.to(next(self.module.parameters()).device)


def _common(texts: Iterable[str], minimum: int) -> list[str]:
    """The characters that stand so often in the texts, commonest first."""
    counts = Counter(c for text in texts for c in text.lower() if c.isprintable())
    common = [c for c, count in counts.items() if count >= minimum]
    return sorted(common, key=lambda c: (-counts[c], c))


def _rows(texts: Iterable[str], encoder: CharacterLmEncoder, length: int) -> list[list[int]]:
    """The texts one after the other, the last special token after each, cut to equal rows."""
    end = encoder.characters.last
    stream = [number for text in texts if text for number in (*encoder.ids(text), end)]
    return [stream[i : i + length] for i in range(0, len(stream), length)]


def _batches(rows: Sequence[Sequence[int]], size: int) -> list[RowBatch]:
    return [_batch(rows[i : i + size]) for i in range(0, len(rows), size)]


def _batch(rows: Sequence[Sequence[int]]) -> RowBatch:
    ids = nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True)
    lengths = torch.tensor([len(row) for row in rows])
    return RowBatch(ids, torch.arange(ids.shape[1]) < lengths[:, None])


def _fingerprint(texts: Sequence[str], config: CharacterLmConfig) -> str:
    digest = hashlib.sha256(json.dumps(asdict(config), sort_keys=True).encode())
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()
