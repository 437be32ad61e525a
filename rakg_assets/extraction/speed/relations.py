"""Ways to classify the pairs of sentences with one encoder's weights, timed in one run.

Belongs here: the sentences, a plain classifier of transformers as its users would call it, the
clock. Does not belong here: our own models (`relation.py`, `onnx/relation.py`) or the table
(`relations_report.py`).
"""

from __future__ import annotations

import copy
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tokenizers import Regex, Tokenizer, normalizers
from tokenizers.models import WordLevel
from tokenizers.normalizers import Replace
from tokenizers.pre_tokenizers import Split
from tokenizers.processors import TemplateProcessing
from transformers import (
    AutoModelForSequenceClassification,
    Pipeline,
    PreTrainedTokenizerFast,
    pipeline,
)

from rakg_assets.corpus.annotations import read_annotations
from rakg_assets.corpus.documents import Document
from rakg_assets.corpus.sentences import split_section, text_hash
from rakg_assets.extraction.encoders.encoder import BertEncoder
from rakg_assets.extraction.marking import Writer
from rakg_assets.extraction.pairs import OTHER, candidate_pairs
from rakg_assets.extraction.speed.rivals import take_faster_attention
from rakg_assets.ontology.schema import LEARNED_RELATIONS

SENTENCES, ROUNDS, WARM_UP = 120, 2, 8
BATCH_SIZES = (8, 32)


class PairClassifier(Protocol):
    """Whatever judges the pairs of documents with entities."""

    def predict(self, documents: Sequence[Document]) -> Sequence[Any]:
        """What it makes of them."""


@dataclass(frozen=True)
class PairSpeed:
    """Seconds from sentences with entities to relations, of the best round."""

    title: str
    seconds: float


class PlainClassifier:
    """A text-classification pipeline over one marked text a pair, `size` texts a batch."""

    def __init__(self, classifier: Pipeline, writer: Writer, size: int) -> None:
        self.classifier, self.writer, self.size = classifier, writer, size

    def predict(self, documents: Sequence[Document]) -> list[dict[str, Any]]:
        """Label and score of each pair, in order."""
        texts = [pair.marked.text for pair in candidate_pairs(documents, self.writer)]
        return self.classifier(texts, batch_size=self.size)


def sentences_with_pairs(records: Path, writer: Writer, count: int = SENTENCES) -> list[Document]:
    """`count` distinct sentences of annotated records that have a pair, in their order.

    Which ones follows from their text alone (the smallest hashes), so they are like all others.
    """
    documents = (d for record in read_annotations(records)[0] for d in record.sections)
    first: dict[str, Document] = {}
    for sentence in (d.part(*span) for d in documents for span in split_section(d.text)):
        if any(candidate_pairs([sentence], writer)):
            first.setdefault(sentence.text, sentence)
    chosen = set(sorted(first, key=text_hash)[:count])
    return [sentence for text, sentence in first.items() if text in chosen]


def plain_classifiers(
    encoder: BertEncoder, writer: Writer, sample: Sequence[Document]
) -> Mapping[str, PlainClassifier]:
    """Every way to call transformers' own classifier on the encoder's weights, by title.

    Its attention is the kind that is faster here, tried on `sample`; its last layer is untrained.
    """
    texts = [pair.marked.text for pair in candidate_pairs(sample, writer)]
    classifier = text_classifier(encoder, texts)
    ways = {size: PlainClassifier(classifier, writer, size) for size in (1, *BATCH_SIZES)}
    probe = ways[BATCH_SIZES[0]]
    take_faster_attention(classifier.model.base_model, lambda: probe.predict(sample[:WARM_UP]))
    title = "transformers text-classification"
    return {
        f"{title}, a pair at a time" if size == 1 else f"{title}, batch {size}": way
        for size, way in ways.items()
    }


def text_classifier(encoder: BertEncoder, texts: Iterable[str]) -> Pipeline:
    """The pipeline on a copy of the encoder's weights, for texts of these characters."""
    config = copy.deepcopy(encoder.backbone.config)
    config.num_labels = len({str(relation) for relation in LEARNED_RELATIONS} | {OTHER})
    model = AutoModelForSequenceClassification.from_config(config).eval()
    model.base_model.load_state_dict(encoder.backbone.state_dict(), strict=False)
    return pipeline(
        "text-classification", model=model, tokenizer=_tokenizer(encoder, texts), device=-1
    )


def measure(
    contenders: Mapping[str, PairClassifier], documents: Sequence[Document], rounds: int = ROUNDS
) -> list[PairSpeed]:
    """Every contender on the same sentences, in turn, so that noise hits all alike."""
    for contender in contenders.values():
        contender.predict(documents[:WARM_UP])
    best: dict[str, float] = {}
    for _ in range(rounds):
        for title, contender in contenders.items():
            start = time.perf_counter()
            contender.predict(documents)
            took = time.perf_counter() - start
            best[title] = min(best.get(title, took), took)
    return [PairSpeed(title, seconds) for title, seconds in best.items()]


def _tokenizer(encoder: BertEncoder, texts: Iterable[str]) -> PreTrainedTokenizerFast:
    """A fast tokenizer that gives a character the number that the encoder gives it."""
    special = encoder.characters
    names = {
        name: special.tokens[getattr(special, number)]
        for name, number in (
            ("pad_token", "padding"),
            ("unk_token", "unknown"),
            ("cls_token", "first"),
            ("sep_token", "last"),
        )
    }
    numbers = {token: special.tokens.index(token) for token in names.values()}
    # A vocabulary has one word a number: characters that read as another become it first.
    letters: dict[int, str] = {number: token for token, number in numbers.items()}
    others: dict[str, str] = {}
    for character in sorted({c for text in texts for c in text}):
        number = encoder.ids(character)[0]
        if letters.setdefault(number, character) != character and number != special.unknown:
            others[character] = letters[number]
    words = {word: number for number, word in letters.items()}
    tokenizer = Tokenizer(WordLevel(words, names["unk_token"]))
    tokenizer.normalizer = normalizers.Sequence([Replace(c, o) for c, o in others.items()])
    tokenizer.pre_tokenizer = Split(Regex(r"[\s\S]"), "isolated")
    first, last = names["cls_token"], names["sep_token"]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(n, numbers[n]) for n in (first, last)]
    )
    inputs = ["input_ids", "attention_mask"]
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_input_names=inputs, **names)
