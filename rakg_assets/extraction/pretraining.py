"""An encoder trained by masked language modelling on texts without labels.

Belongs here: a small BERT from nothing or a given one carried on, and the folder it is written
to. Does not belong here: which characters are hidden (`masking.py`), the loop (`training.py`).
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from rakg_assets.extraction.artifacts import METRICS, plain_tensors, write_json
from rakg_assets.extraction.encoder import BertEncoder, EncoderError, load_encoder
from rakg_assets.extraction.masking import MASK_TOKENS, MaskedBatch, Masker, Row, pack
from rakg_assets.extraction.ner import CHECKPOINT, DOWNLOADS
from rakg_assets.extraction.training import (
    Progress,
    TrainingError,
    TrainingReport,
    TrainingSettings,
    train,
)
from rakg_assets.ontology.files import write_folder, write_text

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


@dataclass(frozen=True)
class PretrainConfig:
    """All choices of a pre-training.

    `encoder` None makes a fresh BERT of `layers` x `size` over the characters that stand
    `minimum` times or more in the texts, else it is a BERT-like folder or hub id to carry on.
    The texts are read `passes` times in rows of `row_length` characters, `mask` of which are
    hidden; a checkpoint is written every `checkpoint_rows` rows; `held_out` of the rows are kept
    back for the figures.
    """

    encoder: str | None = None
    layers: int = 2
    size: int = 128
    heads: int = 4
    minimum: int = 2
    passes: int = 3
    row_length: int = 128
    batch_rows: int = 8
    checkpoint_rows: int = 2_000
    mask: float = 0.15
    held_out: float = 0.02
    learning_rate: float = 3.5e-4
    head_learning_rate: float = 2e-3
    seed: int = 0
    device: str = "auto"
    threads: int = 2

    def settings(self, parts: int) -> TrainingSettings:
        """What the loop needs, an "epoch" of it being one of `parts` a pass."""
        rounds = parts * self.passes
        return TrainingSettings(
            epochs=rounds,
            patience=rounds + 1,
            seed=self.seed,
            device=self.device,
            threads=self.threads,
            learning_rate=self.learning_rate,
            warmup=0.04,
            clip=1.0,
            metric="accuracy",
        )


def pretrain_encoder(
    texts: Sequence[str], config: PretrainConfig, folder: Path, progress: Progress | None = None
) -> TrainingReport:
    """Train on texts and write config.json, model.safetensors and vocab.txt to `folder`.

    `load_encoder` reads the folder; the encoder that it held stays until the new one is whole. A
    run that was cut short goes on from its last checkpoint. The report has one entry a
    checkpoint: the training loss, loss and accuracy (percent) on hidden characters of rows kept
    back. Raises `EncoderError` or `TrainingError`, also if there is too little to read.
    """
    torch.manual_seed(config.seed)
    encoder = _start(texts, config, folder.parent / DOWNLOADS)
    task = _PretrainTask(texts, config, encoder)
    settings = config.settings(task.parts)
    key = _fingerprint(texts, config)
    report = train(task, settings, folder / CHECKPOINT, key, progress)
    _write(folder, encoder, report)
    return report


class MaskedLanguageModel(nn.Module):
    """An encoder and a head that tells hidden characters by the encoder's own embeddings.

    The head starts as identity and the frequencies of tokens: from random weights a small model
    stays for long at the frequencies alone.
    """

    def __init__(self, encoder: BertEncoder, frequencies: Tensor) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(encoder.size, encoder.size)
        nn.init.eye_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.bias = nn.Parameter(frequencies.log())
        for module in encoder.backbone.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0

    def forward(self, batch: MaskedBatch) -> Tensor:
        """Scores over tokens of the hidden characters: (hidden, tokens)."""
        vectors = self.encoder(batch.ids, batch.mask).characters[batch.hidden]
        tokens = self.encoder.backbone.get_input_embeddings().weight
        return nn.functional.linear(self.head(vectors), tokens, self.bias)


class _PretrainTask:
    """Masked language modelling as the loop sees it; an epoch is a part of a pass."""

    name = "pre-training"
    batch_count = 1  # its settings always name their epochs

    def __init__(self, texts: Sequence[str], config: PretrainConfig, encoder: BertEncoder) -> None:
        self.config = config
        mask, unknown = encoder.tokens.index(_mask_token(encoder)), encoder.ids("\x00")[0]
        rows = pack(texts, encoder, min(config.row_length, encoder.limit), unknown)
        if len(rows) < 2:
            raise TrainingError("too little text to train an encoder on; give more records")
        random.Random(config.seed).shuffle(rows)
        kept = max(1, round(config.held_out * len(rows)))
        self.held, self.rows = rows[:kept], rows[kept:]
        counts = Counter(number for row in self.rows for number in row.ids)
        self.masker = Masker(config.mask, mask, sorted(counts))
        size = encoder.backbone.get_input_embeddings().weight.shape[0]
        frequencies = torch.tensor([counts[number] + 0.1 for number in range(size)])
        self.module = MaskedLanguageModel(encoder, frequencies / frequencies.sum())
        self.parts = math.ceil(len(self.rows) / config.checkpoint_rows)

    def parameter_groups(self) -> list[dict[str, Any]]:
        usual = {"betas": (0.9, 0.98), "eps": 1e-6}
        head = [*self.module.head.parameters(), self.module.bias]
        backbone = list(self.module.encoder.parameters())
        rate = self.config.head_learning_rate
        return [{"params": head, "lr": rate, **usual}, {"params": backbone, **usual}]

    def batches(self, epoch: int) -> list[MaskedBatch]:
        number, part = divmod(epoch - 1, self.parts)
        order = random.Random(self.config.seed * 10_007 + number).sample(self.rows, len(self.rows))
        return self._masked(order[part :: self.parts], random.Random(f"{self.config.seed} {epoch}"))

    def _masked(self, rows: Sequence[Row], draw: random.Random) -> list[MaskedBatch]:
        size = self.config.batch_rows
        return [self.masker(rows[i : i + size], draw) for i in range(0, len(rows), size)]

    def loss(self, batch: MaskedBatch) -> Tensor:
        return nn.functional.cross_entropy(*self._scored(batch))

    def evaluate(self) -> Mapping[str, float]:
        """Loss and accuracy on rows kept back, always masked alike."""
        loss, right, count = 0.0, 0, 0
        for batch in self._masked(self.held, random.Random(self.config.seed)):
            scores, targets = self._scored(batch)
            loss += float(nn.functional.cross_entropy(scores, targets, reduction="sum"))
            right += int((scores.argmax(-1) == targets).sum())
            count += len(targets)
        return {"loss": round(loss / count, 4), "accuracy": round(100 * right / count, 2)}

    def _scored(self, batch: MaskedBatch) -> tuple[Tensor, Tensor]:
        batch = batch.to(self.module.bias.device)
        return self.module(batch), batch.targets[batch.hidden]


def _start(texts: Sequence[str], config: PretrainConfig, downloads: Path) -> BertEncoder:
    if config.encoder:
        return load_encoder(config.encoder, downloads)
    from transformers import BertConfig, BertModel

    counts = Counter(c for text in texts for c in text.lower() if c.isprintable() and c != " ")
    known = sorted(c for c, count in counts.items() if count >= config.minimum)
    tokens = (*_SPECIAL, *known)
    shape = BertConfig(
        vocab_size=len(tokens),
        hidden_size=config.size,
        num_hidden_layers=config.layers,
        num_attention_heads=config.heads,
        intermediate_size=4 * config.size,
    )
    return BertEncoder(BertModel(shape), tokens)


def _mask_token(encoder: BertEncoder) -> str:
    for token in MASK_TOKENS:
        if token in encoder.tokens:
            return token
    wanted = " or ".join(MASK_TOKENS)
    raise EncoderError(f"the encoder's vocabulary lacks {wanted}; masked training needs it")


def _fingerprint(texts: Sequence[str], config: PretrainConfig) -> str:
    digest = hashlib.sha256(json.dumps(asdict(config), sort_keys=True).encode())
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()


def _write(folder: Path, encoder: BertEncoder, report: TrainingReport) -> None:
    """Put the encoder in the place of `folder`, whole; the checkpoint goes with the old."""

    def fill(fresh: Path) -> None:
        weights = plain_tensors(encoder.backbone.state_dict())
        save_file(weights, fresh / "model.safetensors", {"format": "pt"})
        # A token that holds a line feed would shift all that follow.
        lines = [f"[line {i}]" if "\n" in t else t for i, t in enumerate(encoder.tokens)]
        write_text(fresh / "vocab.txt", "\n".join(lines) + "\n")
        write_json(fresh / "config.json", encoder.to_json()["config"])
        write_json(fresh / METRICS, report.to_json())

    write_folder(folder, fill)
