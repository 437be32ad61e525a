"""Learned relations: what a pair classifier is made of, trained and loaded as.

Belongs here: texts to tensors and back, training, files. Does not belong here: candidate pairs
(`pairs.py`), layers (`relation_network.py`), the loop (`training.py`).
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from rakg_assets.corpus.documents import Document, RelationMention
from rakg_assets.extraction.artifacts import model_version, read_part, read_weights, save_model
from rakg_assets.extraction.encoder import Encoder, embedding_encoder, load_encoder, restore_encoder
from rakg_assets.extraction.ner import CHECKPOINT
from rakg_assets.extraction.pairs import OTHER, Pair, candidate_pairs
from rakg_assets.extraction.relation_network import (
    RelationBatch,
    RelationNetwork,
    RelationSizes,
)
from rakg_assets.extraction.scoring import score_relations
from rakg_assets.extraction.training import (
    Progress,
    TrainingReport,
    TrainingSettings,
    pick_device,
    train,
)
from rakg_assets.extraction.vocabulary import Vocabulary
from rakg_assets.ontology.schema import LEARNED_RELATIONS

LABELS = (OTHER, *(relation.value for relation in LEARNED_RELATIONS))
_BLANK = "\ufffd"  # stands in for the characters of an entity that is hidden in training


@dataclass(frozen=True)
class RelationConfig(TrainingSettings):
    """All choices of a relation model.

    `encoder` None means a BiLSTM over character embeddings. `blank` is the share of entities
    whose characters are hidden in training, so that the words around them must tell.
    """

    epochs: int = 12
    patience: int = 5
    encoder: str | None = None
    character_size: int = 48
    hidden_size: int = 96
    feature_size: int = 16
    dropout: float = 0.3
    forget: float = 0.05
    blank: float = 0.5
    encoder_learning_rate: float = 5e-5
    batch_pairs: int = 32
    window: int = 160

    def to_json(self) -> dict[str, Any]:
        """All values by name."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> RelationConfig:
        """Known values of a mapping; names of other versions are passed over."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: v for name, v in value.items() if name in known})


@dataclass(frozen=True)
class Symbols:
    """The vocabularies of a pair's columns."""

    kinds: Vocabulary
    roles: Vocabulary
    gaps: tuple[Vocabulary, ...]

    @classmethod
    def fit(cls, pairs: Sequence[Pair]) -> Symbols:
        """Those of some pairs."""
        return cls(
            Vocabulary.fit(kind for pair in pairs for kind in pair.kinds),
            Vocabulary.fit(role for pair in pairs for role in pair.roles),
            tuple(Vocabulary.fit(gaps) for gaps in zip(*(p.gaps for p in pairs), strict=True)),
        )

    def to_json(self) -> dict[str, Any]:
        """Symbols in order."""
        columns = {"kinds": self.kinds.symbols, "roles": self.roles.symbols}
        return {**columns, "gaps": [vocabulary.symbols for vocabulary in self.gaps]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Symbols:
        """The vocabularies that `to_json` described."""
        gaps = tuple(map(Vocabulary, value["gaps"]))
        return cls(Vocabulary(value["kinds"]), Vocabulary(value["roles"]), gaps)


class RelationModel:
    """A network with what turns documents with entities into its tensors."""

    def __init__(
        self, config: RelationConfig, network: RelationNetwork, symbols: Symbols, version: str = ""
    ) -> None:
        self.config, self.network, self.symbols = config, network, symbols
        self.version = version

    def predict(self, documents: Sequence[Document]) -> list[tuple[RelationMention, ...]]:
        """The relations between the present entities of each document, in order, with scores."""
        found: list[list[RelationMention]] = [[] for _ in documents]
        for batch in self.batches(list(candidate_pairs(documents, self.window)), 256):
            for pair, label, score in self._labelled(batch):
                if label != OTHER:
                    mention = RelationMention(label, pair.head, pair.tail, round(score, 4))
                    found[pair.document].append(mention)
        return [tuple(sorted(m, key=lambda r: (r.head, r.tail, r.label))) for m in found]

    def annotate(self, documents: Sequence[Document]) -> list[Document]:
        """The documents with predicted relations in place of theirs."""
        predicted = self.predict(documents)
        return [replace(d, relations=r) for d, r in zip(documents, predicted, strict=True)]

    @property
    def window(self) -> int:
        """The longest text of a pair, in characters."""
        return min(self.config.window, self.network.encoder.limit)

    def batches(self, pairs: Sequence[Pair], size: int) -> Iterator[list[Pair]]:
        """Pairs of like length together."""
        ordered = sorted(pairs, key=lambda p: (len(p.text), p.document, p.head, p.tail))
        for start in range(0, len(ordered), size):
            yield ordered[start : start + size]

    @torch.no_grad()
    def _labelled(self, batch: Sequence[Pair]) -> Iterator[tuple[Pair, str, float]]:
        self.network.eval()
        device = next(self.network.parameters()).device
        scores = self.network(self.tensors(batch).to(device)).float().softmax(-1)
        best = scores.max(-1)
        for pair, score, label in zip(batch, best.values, best.indices, strict=True):
            yield pair, LABELS[int(label)], float(score)

    def tensors(self, pairs: Sequence[Pair]) -> RelationBatch:
        """Pairs as tensors on the CPU, padded to the longest."""
        symbols = self.symbols
        lengths = torch.tensor([len(pair.text) for pair in pairs])
        kinds = _padded([symbols.kinds.ids(list(pair.kinds)) for pair in pairs])
        roles = _padded([symbols.roles.ids(list(pair.roles)) for pair in pairs])
        head, tail = symbols.roles.id("head"), symbols.roles.id("tail")
        return RelationBatch(
            ids=_padded([self.network.encoder.ids(pair.text) for pair in pairs]),
            mask=torch.arange(kinds.shape[1]) < lengths[:, None],
            kinds=kinds,
            roles=roles,
            heads=roles == head,
            tails=roles == tail,
            gaps=torch.tensor([_gap_ids(symbols, pair) for pair in pairs]),
            allowed=torch.tensor([[label in pair.labels for label in LABELS] for pair in pairs]),
            labels=torch.tensor([LABELS.index(pair.label) for pair in pairs]),
        )

    def save(self, folder: Path, report: TrainingReport, dev: Mapping[str, Any]) -> None:
        """Write the folder: weights, config, vocab (encoder, symbols) and metrics."""
        vocab = {"encoder": self.network.encoder.to_json(), "symbols": self.symbols.to_json()}
        metrics = {"training": report.to_json(), "dev": dev}
        parts = {"config": self.config.to_json(), "vocab": vocab, "metrics": metrics}
        save_model(folder, self.network, parts)
        self.version = model_version(folder)


def train_relation(
    train_documents: Sequence[Document],
    dev_documents: Sequence[Document],
    config: RelationConfig,
    folder: Path,
    progress: Progress | None = None,
) -> TrainingReport:
    """Train on some documents, choose the epoch on others, write the model to `folder`.

    Pairs are those of gold entities. A run that was cut short goes on from its checkpoint.
    Raises `TrainingError`, `EncoderError`, or ValueError if no document has a candidate pair.
    """
    task = _RelationTask(train_documents, dev_documents, config)
    content = [config.to_json(), [d.to_json() for d in (*train_documents, *dev_documents)]]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    report = train(task, config, folder / CHECKPOINT, key, progress)
    task.model.save(folder, report, task.dev_scores())
    return report


def load_relation(folder: Path, device: str = "auto") -> RelationModel:
    """The model in a folder. Raises `ModelError` where there is none or it is damaged."""
    config = RelationConfig.from_json(read_part(folder, "config"))
    vocab = read_part(folder, "vocab")
    symbols = Symbols.from_json(vocab["symbols"])
    network = _network(config, restore_encoder(vocab["encoder"]), symbols)
    read_weights(folder, network)
    network.to(pick_device(device)).eval()
    return RelationModel(config, network, symbols, model_version(folder))


class _RelationTask:
    """Relation extraction as the loop sees it."""

    name = "relations"

    def __init__(
        self,
        train_documents: Sequence[Document],
        dev_documents: Sequence[Document],
        config: RelationConfig,
    ) -> None:
        torch.manual_seed(config.seed)
        self.config, self.dev = config, list(dev_documents)
        encoder = load_encoder(config.encoder) if config.encoder else None
        window = min(config.window, encoder.limit) if encoder else config.window
        self.pairs = list(candidate_pairs(train_documents, window))
        if not self.pairs:
            raise ValueError("no labelled document has a candidate pair; annotate relations first")
        encoder = encoder or embedding_encoder(
            [pair.text for pair in self.pairs], config.character_size, config.forget
        )
        symbols = Symbols.fit(self.pairs)
        self.module: nn.Module = _network(config, encoder, symbols)
        self.model = RelationModel(config, self.module, symbols)

    def parameter_groups(self) -> list[dict[str, Any]]:
        inner = [p for n, p in self.module.named_parameters() if n.startswith("encoder.backbone.")]
        known = {id(p) for p in inner}
        groups: list[dict[str, Any]] = [
            {"params": [p for p in self.module.parameters() if id(p) not in known]}
        ]
        if inner:
            groups.append({"params": inner, "lr": self.config.encoder_learning_rate})
        return groups

    def batches(self, epoch: int) -> list[RelationBatch]:
        draw = random.Random(self.config.seed * 10_007 + epoch)
        pairs = [_blanked(pair, self.config.blank, draw) for pair in self.pairs]
        batches = list(self.model.batches(pairs, self.config.batch_pairs))
        draw.shuffle(batches)
        return [self.model.tensors(batch) for batch in batches]

    def loss(self, batch: RelationBatch) -> Tensor:
        return self.module.loss(batch.to(next(self.module.parameters()).device))

    def evaluate(self) -> Mapping[str, float] | None:
        if not self.dev:
            return None
        return score_relations(self.dev, self.model.annotate(self.dev)).metrics()

    def dev_scores(self) -> dict[str, Any]:
        return score_relations(self.dev, self.model.annotate(self.dev)).to_json()


def _network(config: RelationConfig, encoder: Encoder, symbols: Symbols) -> RelationNetwork:
    sizes = RelationSizes(
        config.hidden_size,
        config.feature_size,
        config.dropout,
        len(symbols.kinds),
        len(symbols.roles),
        tuple(map(len, symbols.gaps)),
        len(LABELS),
    )
    return RelationNetwork(encoder, sizes)


def _blanked(pair: Pair, share: float, draw: random.Random) -> Pair:
    """The pair with the characters of some entities hidden; their types stay."""
    characters, hidden, before = list(pair.text), False, ""
    for place, kind in enumerate(pair.kinds):
        if kind != before:
            hidden, before = draw.random() < share, kind
        if kind not in ("", "mark") and hidden:
            characters[place] = _BLANK
    return replace(pair, text="".join(characters))


def _gap_ids(symbols: Symbols, pair: Pair) -> list[int]:
    return [v.id(symbol) for v, symbol in zip(symbols.gaps, pair.gaps, strict=True)]


def _padded(rows: Sequence[Sequence[int]]) -> Tensor:
    tensors = [torch.tensor(row) for row in rows]
    return torch.nn.utils.rnn.pad_sequence(tensors, batch_first=True)
