"""The same weights as a pipeline of transformers, as its users would write one.

Belongs here: model, pipeline and the ways to call it. Does not belong here: our own reader
(`onnx/ner.py`) or the clock (`timing.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor
from transformers import Pipeline, PreTrainedConfig, PreTrainedModel
from transformers.modeling_outputs import TokenClassifierOutput

from rakg_assets.corpus.documents import Document, Entity
from rakg_assets.extraction.encoders.encoder import BertEncoder
from rakg_assets.extraction.ner import NerModel
from rakg_assets.extraction.ner_network import NerBatch, NerNetwork
from rakg_assets.extraction.reading import ScoredSpan, scored_spans
from rakg_assets.extraction.vocabulary import PADDING

BATCH_SIZES = (8, 32, 64)
_ATTENTIONS = ("eager", "sdpa")

Inputs = dict[str, Any]


class ReaderConfig(PreTrainedConfig):
    """What transformers wants to know of a model: its kind."""

    model_type = "rakg-ner"


class ReaderForTokenClassification(PreTrainedModel):
    """The network as a model of transformers: emissions are its logits."""

    config_class = ReaderConfig

    def __init__(self, network: NerNetwork) -> None:
        super().__init__(ReaderConfig(num_labels=len(network.tags)))
        self.network = network.eval()

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, features: Tensor
    ) -> TokenClassifierOutput:
        """Logits (batch, length, tags) of ids, mask (both batch, length) and feature rows."""
        batch = NerBatch(input_ids, attention_mask, features)
        return TokenClassifierOutput(logits=self.network.emissions(batch))


class EntityPipeline(Pipeline):
    """Documents to entities; the CRF decodes each text by itself, after the model."""

    def __init__(self, twin: NerModel) -> None:
        # Tokens are characters; of a tokenizer the pipeline needs only how to pad.
        padding = SimpleNamespace(pad_token_id=PADDING, padding_side="right")
        model = ReaderForTokenClassification(twin.network)
        super().__init__(model, tokenizer=padding, device=-1)  # type: ignore[arg-type]
        self.network, self.featurizer = twin.network, twin.featurizer

    def get_inference_context(self) -> Callable[[], Any]:
        """No gradients, no counting of versions."""
        return torch.inference_mode

    def preprocess(self, document: Document) -> Inputs:  # type: ignore[override]
        """Tensors of one text, each with a batch dimension of 1."""
        ids = torch.tensor([self.network.encoder.ids(document.text)])
        rows = torch.from_numpy(self.featurizer(document.text, document.section))[None]
        mask = torch.ones_like(ids, dtype=torch.bool)
        return {
            "input_ids": ids,
            "attention_mask": mask,
            "features": rows,
            "document": document,
        }

    def _forward(self, inputs: Inputs) -> Inputs:  # type: ignore[override]
        mask, document = inputs["attention_mask"], inputs["document"]
        logits = self.model(inputs["input_ids"], mask, inputs["features"]).logits
        return {"logits": logits, "attention_mask": mask, "document": document}

    def postprocess(self, outputs: Inputs) -> list[Entity]:  # type: ignore[override]
        """The entities of one text."""
        length = len(outputs["document"].text)
        with torch.inference_mode():
            emissions = outputs["logits"][:, :length]
            mask = outputs["attention_mask"][:, :length]
            (spans,) = scored_spans(self.network.tags, self.network.crf, emissions, mask)
        return _entities(outputs["document"], spans)

    def _sanitize_parameters(self, **_: Any) -> tuple[Inputs, Inputs, Inputs]:
        return {}, {}, {}


class BatchDecodingPipeline(EntityPipeline):
    """The same with the CRF inside the model's part, a batch at a time."""

    def _forward(self, inputs: Inputs) -> Inputs:
        outputs = super()._forward(inputs)
        tags, crf = self.network.tags, self.network.crf
        spans = scored_spans(tags, crf, outputs["logits"], outputs["attention_mask"])
        return {"spans": spans, "document": outputs["document"]}

    def postprocess(self, outputs: Inputs) -> list[Entity]:
        """The entities of one text."""
        return _entities(outputs["document"], outputs["spans"])


class Rival:
    """One way to call a pipeline: a text at a time, or in batches in the order of the texts."""

    def __init__(self, pipeline: EntityPipeline, size: int) -> None:
        self.pipeline, self.size = pipeline, size

    def predict(self, documents: Sequence[Document]) -> list[list[Entity]]:
        """The entities of each document in order."""
        if self.size == 1:
            return [self.pipeline(document) for document in documents]
        return self.pipeline(list(documents), batch_size=self.size)


def rivals(twin: NerModel, sample: Sequence[Document]) -> Mapping[str, Rival]:
    """Every way to call the pipelines, by title, in fp32 and the attention that is faster here.

    `sample` is what attentions are tried on. The twin's network is changed accordingly.
    """
    alone, together = EntityPipeline(twin), BatchDecodingPipeline(twin)
    encoder = twin.network.encoder
    if isinstance(encoder, BertEncoder):
        probe = Rival(alone, BATCH_SIZES[0])
        take_faster_attention(encoder.backbone, lambda: probe.predict(sample))
    title = "transformers Pipeline"
    return {
        f"{title}, a text at a time": Rival(alone, 1),
        **{f"{title}, batch {size}": Rival(alone, size) for size in BATCH_SIZES},
        **{f"{title}, batch {size}, CRF too": Rival(together, size) for size in BATCH_SIZES},
    }


def take_faster_attention(backbone: PreTrainedModel, probe: Callable[[], object]) -> str:
    """Leave the backbone with the kind of attention with which `probe` takes less time."""
    seconds = {}
    for name in _ATTENTIONS:
        backbone.set_attn_implementation(name)
        probe()
        start = time.perf_counter()
        probe()
        seconds[name] = time.perf_counter() - start
    fastest = min(seconds, key=seconds.__getitem__)
    backbone.set_attn_implementation(fastest)
    return fastest


def _entities(document: Document, spans: Sequence[ScoredSpan]) -> list[Entity]:
    return [
        Entity(start, end, label, document.text[start:end], score=score)
        for start, end, label, score in spans
    ]
